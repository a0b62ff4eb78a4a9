package io.slab.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The layers inside one module, lowest first: a package may use those of its own line only if it is
 * the same package, and all of lines above it. What modules may use of each other is the build's
 * business.
 */
public final class Layers {
  private Layers() {}

  /**
   * Checks the main classes of the module that runs the test.
   *
   * @param lines packages without their {@code io.slab.}, separated by blanks; packages of one line
   *     do not know each other
   */
  public static void check(String... lines) {
    List<Set<String>> layers = List.of(lines).stream().map(line -> Set.of(line.split(" "))).toList();
    JavaClasses classes =
        importer()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPath(Path.of("target", "classes"));
    assertTrue(classes.size() > 10, "classes found: " + classes.size());
    Set<String> named = new TreeSet<>();
    layers.forEach(named::addAll);
    Set<String> found = new TreeSet<>();
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : classes) {
      String own = name(from);
      found.add(own);
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        String other = name(dependency.getTargetClass());
        if (named.contains(other) && !own.equals(other) && layer(layers, other) >= layer(layers, own)) {
          wrong.add(from.getName() + " uses " + dependency.getTargetClass().getName());
        }
      }
    }
    assertEquals(named, found, "packages that are in a layer, and packages that are there");
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }

  /**
   * An importer that takes classes as their own files have them. Without this it would read the
   * libraries on the class path too, for seconds, and nothing here asks about these.
   */
  public static ClassFileImporter importer() {
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    return new ClassFileImporter();
  }

  private static String name(JavaClass type) {
    String name = type.getPackageName();
    return name.equals("io.slab") ? "slab" : name.replaceFirst("^io\\.slab\\.", "");
  }

  private static int layer(List<Set<String>> layers, String name) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).contains(name)) {
        return i;
      }
    }
    return -1;
  }
}
