package io.slab.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of the published jars. */
class PreparationTest {
  @TempDir Path folder;

  private static Path jarOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static int version(ZipFile jar, ZipEntry entry) throws IOException {
    try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
      in.readInt();
      in.readUnsignedShort();
      return in.readUnsignedShort();
    }
  }

  @Test
  void aRewrittenJarIsCurrentBytecodeThatVerifies() throws Exception {
    Path modern = folder.resolve("modern.jar");
    Modernize.rewrite(jarOf(picocli.CommandLine.class), modern);
    int classes = 0;
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {modern.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        ZipFile jar = new ZipFile(modern.toFile())) {
      for (ZipEntry entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
        assertEquals(69, version(jar, entry), entry.getName());
        String name = entry.getName().replace('/', '.').replaceFirst("\\.class$", "");
        if (name.contains(".groovy.") || name.contains("CommandLine$AutoHelpMixin")) {
          continue;
        }
        Class.forName(name, true, loader);
        classes++;
      }
    }
    assertTrue(classes > 100, "classes: " + classes);
  }

  @Test
  @SuppressWarnings("restricted")
  void theNativeLibraryIsUnpackedForThisMachine() throws Exception {
    Path file = NativeLibrary.unpack(jarOf(com.github.luben.zstd.Zstd.class), folder);
    assertTrue(Files.size(file) > 100_000, file.toString());
    System.load(file.toString());
  }
}
