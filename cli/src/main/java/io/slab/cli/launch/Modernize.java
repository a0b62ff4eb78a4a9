package io.slab.cli.launch;

import java.io.IOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites the classes of a jar as current bytecode, with stack maps. The library for options is
 * published as Java 5 bytecode, which the JVM's caches skip and its old verifier checks at every
 * start: rewritten it takes about half the time. Variants for newer Java versions are left out: the
 * compression library would bind its functions through the foreign-function linker there, which
 * costs every start 100 ms, while its older binding costs nothing.
 */
final class Modernize {
  private Modernize() {}

  /** Writes the rewritten copy of a jar to a new file. */
  static void rewrite(Path in, Path out) throws IOException {
    try (URLClassLoader jar = new URLClassLoader(new URL[] {in.toUri().toURL()});
        ZipInputStream source = new ZipInputStream(Files.newInputStream(in));
        ZipOutputStream target = new ZipOutputStream(Files.newOutputStream(out))) {
      ClassHierarchyResolver types =
          ClassHierarchyResolver.ofResourceParsing(jar)
              .orElse(ClassHierarchyResolver.defaultResolver());
      ClassFile classes =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(types));
      for (ZipEntry entry; (entry = source.getNextEntry()) != null; ) {
        String name = entry.getName();
        if (name.startsWith("META-INF/versions/") || name.endsWith("module-info.class")) {
          continue;
        }
        byte[] content = source.readAllBytes();
        target.putNextEntry(new ZipEntry(name));
        target.write(name.endsWith(".class") ? modern(classes, content) : content);
        target.closeEntry();
      }
    }
  }

  private static byte[] modern(ClassFile classes, byte[] content) {
    ClassModel model = classes.parse(content);
    return classes.build(
        model.thisClass().asSymbol(),
        builder -> {
          builder.withVersion(ClassFile.JAVA_25_VERSION, 0);
          for (ClassElement element : model) {
            switch (element) {
              case ClassFileVersion old -> {}
              case MethodModel method ->
                  // Passing every instruction through makes the builder compute new stack maps.
                  builder.transformMethod(
                      method, MethodTransform.transformingCode((code, e) -> code.with(e)));
              default -> builder.with(element);
            }
          }
        });
  }
}
