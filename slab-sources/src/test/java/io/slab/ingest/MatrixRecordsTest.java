package io.slab.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.format.SlabInput;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.ReadOptions;
import io.slab.source.RowNumbers;
import io.slab.source.matrix.NpyFile;
import io.slab.source.matrix.NpyReaderTest;
import io.slab.writer.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MatrixRecordsTest {
  private static final IndexSpec SPEC =
      new IndexSpec("m", 2, Metric.COSINE, VectorType.DENSE, null, 0);

  @TempDir Path folder;

  /** Row i is (i + 1, 2). */
  private Path matrix(int rows) throws IOException {
    float[] values = new float[2 * rows];
    for (int i = 0; i < rows; i++) {
      values[2 * i] = i + 1;
      values[2 * i + 1] = 2;
    }
    return Files.write(folder.resolve("m.npy"), NpyReaderTest.matrix(rows, 2, values));
  }

  private Path lines(String... lines) throws IOException {
    return Files.writeString(folder.resolve("m.jsonl"), String.join("\n", lines) + "\n");
  }

  private static List<String> ids(MatrixRecords records, int from, int to) {
    List<String> ids = new ArrayList<>();
    try (SlabInput.Cursor cursor = records.sorted().part(from, to, 7).open()) {
      while (cursor.next()) {
        assertEquals(7, cursor.lsn());
        ids.add(Utf8.string(cursor.id()));
      }
    }
    return ids;
  }

  @Test
  void numberedIdsKeepTheOrderOfTheRows() throws IOException {
    try (MatrixRecords records =
        MatrixRecords.open(
            matrix(11), null, RowNumbers.of("p-", null), SPEC, ReadOptions.defaults())) {
      records.check(CancellationToken.NONE);
      assertEquals(11, records.sorted().rows());
      assertEquals(List.of("p-09", "p-10"), ids(records, 9, 11));
      VectorRecord tenth = records.reader().apply(10);
      assertEquals("p-10", tenth.id());
      assertArrayEquals(new float[] {11, 2}, tenth.values());
    }
    try (MatrixRecords records =
        MatrixRecords.open(
            matrix(10), null, RowNumbers.of("", null), SPEC, ReadOptions.defaults())) {
      assertEquals(List.of("0", "1"), ids(records, 0, 2));
    }
  }

  @Test
  void givenIdsAreSortedByTheirBytesAndTheLastOfEqualOnesWins() throws IOException {
    Random random = new Random(4);
    String[] alphabet = {"a", "b", "ab", "ü", "z", "aa"};
    TreeMap<String, Integer> expected = new TreeMap<>(Utf8.ORDER);
    String[] lines = new String[300];
    for (int row = 0; row < lines.length; row++) {
      StringBuilder id = new StringBuilder();
      for (int i = random.nextInt(3); i >= 0; i--) {
        id.append(alphabet[random.nextInt(alphabet.length)]);
      }
      expected.put(id.toString(), row);
      lines[row] = "{\"id\":\"" + id + "\",\"metadata\":{\"row\":" + row + "}}";
    }
    try (MatrixRecords records =
        MatrixRecords.open(
            matrix(300), lines(lines), RowNumbers.of("", null), SPEC, ReadOptions.defaults())) {
      assertEquals(expected.size(), records.sorted().rows());
      List<String> found = new ArrayList<>();
      try (SlabInput.Cursor cursor = records.sorted().part(0, expected.size(), 0).open()) {
        while (cursor.next()) {
          String id = Utf8.string(cursor.id());
          found.add(id);
          int row = expected.get(id);
          assertEquals(row + 1, cursor.values()[0]);
          assertEquals(new MetaValue.Num(row), cursor.metadata().fields().get("row"));
        }
      }
      assertEquals(List.copyOf(expected.keySet()), found);
    }
  }

  @Test
  void metadataWithoutIdsGoesWithTheRowNumbers() throws IOException {
    Path lines = lines("{}", "", "{\"metadata\":{\"a\":[\"x\"]}}", "{\"metadata\":null}");
    try (MatrixRecords records =
        MatrixRecords.open(
            matrix(3), lines, RowNumbers.of("", null), SPEC, ReadOptions.defaults())) {
      assertEquals(List.of("0", "1", "2"), ids(records, 0, 3));
      assertTrue(records.reader().apply(1).metadata().fields().containsKey("a"));
      assertTrue(records.reader().apply(2).metadata().fields().isEmpty());
    }
  }

  private void refused(String message, String... lines) throws IOException {
    Path file = lines(lines);
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () ->
                MatrixRecords.open(
                        matrix(2), file, RowNumbers.of("", null), SPEC, ReadOptions.defaults())
                    .close());
    assertEquals(folder + "/" + message, e.getMessage());
  }

  @Test
  void linesThatDoNotFitAreRefusedByNumber() throws IOException {
    refused("m.jsonl has 1 lines for the 2 rows of the matrix", "{}");
    refused("m.jsonl:3: one line more than the matrix has rows", "{}", "{}", "{}");
    refused("m.jsonl:2: either all lines have an 'id' or none has", "{\"id\":\"a\"}", "{}");
    refused("m.jsonl:2: either all lines have an 'id' or none has", "{}", "{\"id\":\"a\"}");
    refused("m.jsonl:1: Vector ID must not be empty", "{\"id\":\"\"}", "{}");
    refused(
        "m.jsonl:2: The line has values of its own beside those of the matrix",
        "{}",
        "{\"values\":[1]}");
    assertThrows(
        NotFoundException.class,
        () ->
            MatrixRecords.open(
                matrix(2),
                folder.resolve("none"),
                RowNumbers.of("", null),
                SPEC,
                ReadOptions.defaults()));
  }

  @Test
  void aVectorThatTheIndexCannotHoldIsNamed() throws IOException {
    Path file = folder.resolve("bad.npy");
    Files.write(file, NpyReaderTest.matrix(3, 2, 1, 2, 0, 0, 1, 1));
    try (MatrixRecords records =
        MatrixRecords.open(file, null, RowNumbers.of("", null), SPEC, ReadOptions.defaults())) {
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> records.check(CancellationToken.NONE));
      assertEquals(
          file
              + ": row 1: Dense vectors must contain at least one non-zero value. Vector ID '1' contains only zeros",
          e.getMessage());
    }
    Files.write(file, NpyReaderTest.matrix(1, 3, 1, 2, 3));
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () ->
                MatrixRecords.open(
                    file, null, RowNumbers.of("", null), SPEC, ReadOptions.defaults()));
    assertEquals(
        file + ": Vector dimension 3 does not match the dimension of the index 2", e.getMessage());
    byte[] whole = NpyReaderTest.matrix(3, 2, 1, 2, 0, 0, 1, 1);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThrows(
        InvalidInputException.class,
        () ->
            MatrixRecords.open(file, null, RowNumbers.of("", null), SPEC, ReadOptions.defaults()));
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertThrows(
        InvalidInputException.class,
        () ->
            MatrixRecords.open(file, null, RowNumbers.of("", null), SPEC, ReadOptions.defaults()));
  }

  @Test
  void theJobWritesBatchesInOrder() throws IOException {
    try (MatrixRecords records =
        MatrixRecords.open(
            matrix(25), null, RowNumbers.of("", null), SPEC, ReadOptions.defaults())) {
      List<Integer> sizes = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      MatrixJob job =
          new MatrixJob(
              records,
              batch -> {
                sizes.add(batch.size());
                batch.forEach(record -> ids.add(record.id()));
                return new Commit(sizes.size(), sizes.size() * 100L, sizes.size() * 100L + 9, 1);
              },
              10,
              rows -> {});
      job.run();
      assertEquals(List.of(10, 10, 5), sizes);
      assertEquals(ids(records, 0, 25), ids);
      assertEquals(25, job.written());
      assertEquals(100, job.firstLsn());
      assertEquals(309, job.lastLsn());
    }
  }

  @Test
  void rowsAreSortedStably() {
    Random random = new Random(2);
    for (int size = 0; size < 200; size++) {
      int[] keys = random.ints(size, 0, 20).toArray();
      int[] rows = new int[size];
      Arrays.setAll(rows, i -> i);
      RowOrder.sort(rows, (a, b) -> Integer.compare(keys[a], keys[b]));
      for (int i = 1; i < size; i++) {
        boolean ordered =
            keys[rows[i - 1]] < keys[rows[i]]
                || (keys[rows[i - 1]] == keys[rows[i]] && rows[i - 1] < rows[i]);
        assertTrue(ordered);
      }
    }
  }

  @Test
  void aMatrixIsToldByItsFirstBytes() throws IOException {
    assertTrue(NpyFile.is(matrix(1)));
    assertFalse(NpyFile.is(lines("{}")));
  }
}
