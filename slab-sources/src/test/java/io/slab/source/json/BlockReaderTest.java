package io.slab.source.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

public class BlockReaderTest {
  private static List<String> read(String text, int block, int maxLine) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> seen = new ArrayList<>();
    BlockReader blocks =
        new BlockReader(JsonlPropertyIT.pieces(bytes, new SplittableRandom(7)), block, maxLine);
    try (IndexLines reader = new IndexLines(blocks, "f", JsonlFixture.DENSE)) {
      while (reader.next()) {
        seen.add(
            reader.line()
                + (reader.problem() == null
                    ? " " + reader.record().id()
                    : " @" + reader.problem().byteOffset() + " " + reader.problem().message()));
      }
    }
    return seen;
  }

  @Test
  void aLineOverTheLimitIsRefusedAndPassedOver() {
    String row = "{\"id\":\"%s\",\"values\":[1,0]}\n";
    int limit = 100;
    String fits = row.formatted("x".repeat(limit - row.length() + 3));
    assertEquals(limit, fits.length() - 1);
    for (int block : new int[] {1, 16, 64, 101, 102, 103, 1000}) {
      for (int over : new int[] {1, 2, 3, 50, 500, 5000}) {
        String tooLong = "y".repeat(limit + over) + "\n";
        String text =
            row.formatted("a") + fits + tooLong + "\n" + fits + row.formatted("z") + tooLong;
        String z = "x".repeat(limit - row.length() + 3);
        int first = row.length() - 1 + fits.length();
        long second = first + tooLong.length() + 1 + fits.length() + row.length() - 1;
        String message = "Record is longer than the limit of 100 bytes";
        assertEquals(
            List.of(
                "1 a",
                "2 " + z,
                "3 @" + first + " " + message,
                "5 " + z,
                "6 z",
                "7 @" + second + " " + message),
            read(text, block, limit),
            "block " + block + ", over " + over);
        assertEquals(
            List.of("1 @0 " + message),
            read("y".repeat(limit + over), block, limit),
            "no newline at the end");
      }
      assertEquals(
          List.of("1 " + "x".repeat(limit - row.length() + 3)),
          read(fits.strip() + "\r\n", block, limit));
    }
  }

  @Test
  void linesThatAPipeGaveAreNotHeldBack() throws IOException {
    byte[] line = "one\ntwo".getBytes(StandardCharsets.UTF_8);
    InputStream pipe =
        new InputStream() {
          private boolean given;

          @Override
          public int read() {
            throw new AssertionError("would block");
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            if (given) {
              throw new AssertionError("would block");
            }
            given = true;
            System.arraycopy(line, 0, target, offset, line.length);
            return line.length;
          }
        };
    try (BlockReader reader = new BlockReader(pipe)) {
      LineBlock block = reader.next(null);
      assertEquals(4, block.size());
    }
  }

  @Test
  void anInputThatFailsIsNamed() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            return read();
          }
        };
    try (IndexLines reader = new IndexLines(broken, "x.jsonl", JsonlFixture.DENSE)) {
      StoreException e = Assertions.assertThrows(StoreException.class, reader::next);
      assertEquals("cannot read x.jsonl: disk on fire", e.getMessage());
    }
  }

  @Test
  void anEmptyInputHasNoBlock() throws IOException {
    try (BlockReader reader = new BlockReader(new ByteArrayInputStream(new byte[0]))) {
      assertNull(reader.next(null));
      assertNull(reader.next(null));
    }
  }

  /** Repeats one line until {@code total} bytes were given. */
  public static InputStream endless(byte[] line, long total) {
    return new InputStream() {
      private long given;

      @Override
      public int read() {
        return given >= total ? -1 : line[(int) (given++ % line.length)];
      }

      @Override
      public int read(byte[] target, int offset, int length) {
        if (given >= total) {
          return -1;
        }
        int n = 0;
        while (n < length && given < total) {
          int from = (int) (given % line.length);
          int step = (int) Math.min(Math.min(line.length - from, length - n), total - given);
          System.arraycopy(line, from, target, offset + n, step);
          n += step;
          given += step;
        }
        return n;
      }

      @Override
      public int available() {
        return given >= total ? 0 : 1;
      }
    };
  }

  /** What is allocated is the records themselves and one buffer, however long the input is. */
  @Test
  void allocatesLittleMoreThanTheRecords() {
    StringBuilder line = new StringBuilder("{\"id\":\"a\",\"values\":[0.5");
    line.append(",0.12345678".repeat(767)).append("]}\n");
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    long total = (300L << 20) / bytes.length * bytes.length;
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long records = 0;
    try (IndexLines reader =
        new IndexLines(
            endless(bytes, total), "f", JsonlFixture.spec(768, Metric.COSINE, VectorType.DENSE))) {
      while (reader.next()) {
        Assertions.assertNotNull(reader.record());
        records++;
      }
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(total / bytes.length, records);
    long perRecord = (allocated - 4 * BlockReader.BLOCK_BYTES) / records;
    assertTrue(perRecord < 4 * 768 + 200, "bytes per record " + perRecord);
  }

  /** A line without end is refused in bounded memory and skipped. */
  @Test
  void aLineWithoutEndDoesNotFillTheMemory() {
    byte[] noise = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (IndexLines reader = new IndexLines(endless(noise, 400L << 20), "f", JsonlFixture.DENSE)) {
      assertTrue(reader.next());
      assertEquals("Record is longer than the limit of 16777216 bytes", reader.problem().message());
      assertTrue(!reader.next());
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 6L * BlockReader.MAX_LINE_BYTES, "allocated " + allocated);
  }
}
