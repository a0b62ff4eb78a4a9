package io.slab.cli.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Packs a folder as POSIX ustar, compressed; the same folder gives the same bytes. */
final class TarGz {
  private static final int BLOCK = 512;
  private static final int NAME = 100;

  private TarGz() {}

  /** Packs a folder under its own name. */
  static void pack(Path folder, Path file) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted().toList();
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (Path path : paths) {
        String name = folder.getParent().relativize(path).toString().replace('\\', '/');
        boolean directory = Files.isDirectory(path);
        byte[] content = directory ? new byte[0] : Files.readAllBytes(path);
        out.write(
            header(
                directory ? name + "/" : name,
                directory,
                Files.isExecutable(path),
                content.length));
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
      }
      out.write(new byte[2 * BLOCK]);
    }
  }

  private static byte[] header(String name, boolean directory, boolean executable, int size) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    if (text.length > NAME) {
      throw new IllegalArgumentException("the name is too long for the archive: " + name);
    }
    byte[] header = new byte[BLOCK];
    System.arraycopy(text, 0, header, 0, text.length);
    octal(header, 100, 8, directory || executable ? 0755 : 0644);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 124, 12, size);
    octal(header, 136, 12, 0);
    header[156] = (byte) (directory ? '5' : '0');
    put(header, 257, "ustar\0" + "00");
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xFF;
    }
    octal(header, 148, 7, sum);
    return header;
  }

  /** A number in octal digits, ended by a NUL. */
  private static void octal(byte[] header, int at, int width, long value) {
    String digits = Long.toOctalString(value);
    put(header, at, "0".repeat(width - 1 - digits.length()) + digits + "\0");
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
