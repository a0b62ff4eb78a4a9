package io.slab.queries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.measure.BenchReport;
import io.slab.model.Metric;
import io.slab.search.Match;
import io.slab.source.matrix.NpyFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroundTruthTest {
  @TempDir Path folder;

  /** A matrix of two columns. */
  private Path npy(String type, double... values) throws IOException {
    String header =
        "{'descr': '"
            + type
            + "', 'fortran_order': False, 'shape': ("
            + values.length / 2
            + ", 2), }\n";
    ByteBuffer out = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.putShort((short) header.length()).put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (double value : values) {
      switch (type) {
        case "<i4" -> out.putInt((int) value);
        case "<i8" -> out.putLong((long) value);
        default -> out.putFloat((float) value);
      }
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return Files.write(folder.resolve("truth.npy"), bytes);
  }

  private static Match match(String id, double score) {
    return new Match(id, (float) score, null);
  }

  @Test
  void byIdsOfBothWidths() throws IOException {
    for (String type : List.of("<i4", "<i8")) {
      try (NpyFile file = NpyFile.rowNumbers(npy(type, 7, 12, 3, -1, -1, -1))) {
        GroundTruth truth = GroundTruth.rows(file, IdRows.numbered("r"), 2);
        assertEquals(1, truth.recall(0, List.of(match("r012", 1), match("r7", 1)), 2));
        assertEquals(0.5, truth.recall(0, List.of(match("r13", 1), match("r7", 1)), 2));
        assertEquals(0, truth.recall(0, List.of(match("7", 1), match("rx", 1), match("r7", 1)), 2));
        // One right answer, and none.
        assertEquals(1, truth.recall(1, List.of(match("r3", 1), match("r9", 1)), 2));
        assertEquals(1, truth.recall(2, List.of(), 2));
        assertEquals(0, truth.recall(2, List.of(match("r3", 1)), 2));
        assertEquals(Double.NaN, truth.recall(3, List.of(), 2));
        assertThrows(
            InvalidInputException.class, () -> GroundTruth.rows(file, IdRows.numbered(""), 3));
      }
    }
    assertThrows(InvalidInputException.class, () -> NpyFile.rowNumbers(npy("<f4", 1, 2)));
  }

  @Test
  void byScoresEqualVectorsCountAlike() throws IOException {
    try (NpyFile file = NpyFile.scores(npy("<f4", 1, 4))) {
      GroundTruth near = GroundTruth.scores(file, Metric.EUCLIDEAN, 2);
      assertEquals(1, near.recall(0, List.of(match("x", 4), match("y", 4.00001)), 2));
      assertEquals(0.5, near.recall(0, List.of(match("x", 1), match("y", 4.01)), 2));
      assertEquals(0.5, near.recall(0, List.of(match("x", 1)), 2));
    }
    try (NpyFile file = NpyFile.scores(npy("<f4", 0.9, 0.5))) {
      GroundTruth near = GroundTruth.scores(file, Metric.COSINE, 2);
      assertEquals(0.5, near.recall(0, List.of(match("x", 0.5), match("y", 0.49)), 2));
    }
  }

  @Test
  void bySample() {
    GroundTruth truth =
        GroundTruth.sample(
            Map.of(1, List.of(match("a", 3), match("b", 2)), 2, List.of()), Metric.DOTPRODUCT);
    assertEquals(Double.NaN, truth.recall(0, List.of(), 2));
    assertEquals(0.5, truth.recall(1, List.of(match("a", 3), match("c", 1)), 2));
    assertEquals(1, truth.recall(2, List.of(), 2));
  }

  @Test
  void idsFromAFile() throws IOException {
    Path file = folder.resolve("ids");
    Files.writeString(file, "first\n\n{\"id\":\"sec\\u006fnd\",\"values\":[1]}\nthird one\n");
    IdRows rows = IdRows.file(file);
    assertEquals(0, rows.row("first"));
    assertEquals(1, rows.row("second"));
    assertEquals(2, rows.row("third one"));
    assertEquals(IdRows.NONE, rows.row("fourth"));
    Files.writeString(file, "a\n{\"x\":1}\n");
    InvalidInputException e = assertThrows(InvalidInputException.class, () -> IdRows.file(file));
    assertEquals(file + ":2: a record without an 'id'", e.getMessage());
    assertThrows(NotFoundException.class, () -> IdRows.file(folder.resolve("none")));
  }

  @Test
  void percentilesAreNearestRank() {
    long[] calls = new long[200];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = i + 1;
    }
    BenchReport report =
        new BenchReport(
            200, 0, 2_000_000_000L, 0, 0, calls, 0, 0, 0, 0, 0, "x", Map.of(), List.of());
    assertEquals(100, report.percentile(50));
    assertEquals(190, report.percentile(95));
    assertEquals(198, report.percentile(99));
    assertEquals(200, report.percentile(100));
    assertEquals(100.5, report.mean());
    assertEquals(100, report.qps());
  }
}
