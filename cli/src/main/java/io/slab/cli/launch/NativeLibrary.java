package io.slab.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The native library of zstd-jni in a file of its own. The jar would unpack it into a temporary
 * file at every start.
 */
final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Unpacks the library for this machine.
   *
   * @param jar the jar of zstd-jni
   * @return the file, or null where the jar has none for this machine
   */
  static Path unpack(Path jar, Path folder) throws IOException {
    String place = place(System.getProperty("os.name"), System.getProperty("os.arch"));
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        String name = entry.getName();
        if (name.startsWith(place + "/libzstd-jni-")) {
          Path file = folder.resolve(name.substring(name.lastIndexOf('/') + 1));
          Files.copy(zip.getInputStream(entry), file);
          return file;
        }
      }
    }
    return null;
  }

  /** The folder inside the jar. */
  private static String place(String system, String machine) {
    boolean mac = system.toLowerCase(Locale.ROOT).startsWith("mac");
    String arch =
        switch (machine) {
          case "amd64", "x86_64" -> mac ? "x86_64" : "amd64";
          default -> machine;
        };
    return (mac ? "darwin" : system.toLowerCase(Locale.ROOT)) + "/" + arch;
  }
}
