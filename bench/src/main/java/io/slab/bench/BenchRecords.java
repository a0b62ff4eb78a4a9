package io.slab.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * JSON lines to measure with: normally distributed values and four metadata fields, the same for
 * the same seed. Arguments: file, dimension, megabytes.
 */
public final class BenchRecords {
  private BenchRecords() {}

  public static void main(String[] args) throws IOException {
    long bytes = Long.parseLong(args[2]) * 1_000_000;
    write(Path.of(args[0]), Integer.parseInt(args[1]), bytes, 42, false);
  }

  /**
   * Writes at least {@code bytes}.
   *
   * @param doubles numbers as a double prints (about 17 digits) instead of as a float (about 9)
   */
  static void write(Path file, int dimension, long bytes, long seed, boolean doubles)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    long written = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (int row = 0; written < bytes; row++) {
        byte[] text = line(row, dimension, random, doubles).getBytes(StandardCharsets.UTF_8);
        out.write(text);
        written += text.length;
      }
    }
  }

  private static String line(int row, int dimension, SplittableRandom random, boolean doubles) {
    StringBuilder line = new StringBuilder("{\"id\": \"row-" + row + "\", \"values\": [");
    for (int i = 0; i < dimension; i++) {
      double value = random.nextGaussian() / 20;
      line.append(i == 0 ? "" : ", ").append(doubles ? "" + value : "" + (float) value);
    }
    line.append("], \"metadata\": {\"genre\": \"g").append(random.nextInt(20));
    line.append("\", \"year\": ").append(random.nextInt(1950, 2027));
    line.append(", \"tags\": [\"a").append(random.nextInt(50));
    line.append("\", \"b\"], \"seen\": ").append(random.nextBoolean()).append("}}\n");
    return line.toString();
  }
}
