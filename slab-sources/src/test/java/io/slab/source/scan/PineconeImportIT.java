package io.slab.source.scan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.RecordRules;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.json.IndexLines;
import io.slab.source.matrix.NpyFile;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files in the layout of Pinecone's bulk import, written by pyarrow, polars, DuckDB and pandas. */
class PineconeImportIT {
  private static final IndexSpec SPEC =
      new IndexSpec("notes", 384, Metric.DOTPRODUCT, VectorType.HYBRID, null, 0);

  private static Path data() {
    Path data =
        Path.of(System.getProperty("slab.root", "."))
            .resolve("../shared/data/pinecone-import")
            .normalize();
    boolean there = Files.isDirectory(data);
    if (!there) {
      System.out.println("skipped: there is no " + data);
    }
    assumeTrue(there);
    return data;
  }

  private static List<JsonNode> lines(Path file) throws Exception {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      nodes.add(Json.parse("line", line));
    }
    return nodes;
  }

  /** The record that a row of the expected file describes, without values. */
  private static VectorRecord expected(JsonNode line) {
    String json =
        "{\"id\":"
            + Json.text(line.get("id"))
            + ",\"values\":null,\"metadata\":"
            + Json.text(line.get("metadata"))
            + ",\"sparse_values\":"
            + Json.text(line.get("sparse_values"))
            + "}";
    IndexSpec sparse = new IndexSpec("s", 0, Metric.DOTPRODUCT, VectorType.SPARSE, null, 0);
    try (IndexLines reader =
        new IndexLines(
            new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "e", sparse)) {
      assertTrue(reader.next());
      assertEquals(null, reader.problem());
      return reader.record();
    }
  }

  @Test
  void everyGoodFileIsReadBitForBit() throws Exception {
    Path data = data();
    List<VectorRecord> expected = new ArrayList<>();
    for (JsonNode line : lines(data.resolve("expected.jsonl"))) {
      expected.add(expected(line));
    }
    int files = 0;
    try (NpyFile values = NpyFile.vectors(data.resolve("expected_values.npy"))) {
      for (JsonNode entry : lines(data.resolve("manifest.jsonl"))) {
        if (entry.has("bad")) {
          continue;
        }
        String file = entry.get("file").stringValue();
        check(data.resolve(file), entry, expected, values, 1 + files % 2);
        files++;
      }
    }
    assertTrue(files >= 10, "files " + files);
  }

  private static void check(
      Path file, JsonNode entry, List<VectorRecord> expected, NpyFile values, int threads) {
    Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults());
    SourcePart part = source.parts().getFirst();
    assertEquals(entry.get("rows").intValue(), part.expectedRecords());
    int row = entry.get("first_row").intValue();
    int read = 0;
    float[] floats = new float[384];
    try (RecordReader reader = part.open(ReadOptions.defaults().withThreads(threads))) {
      while (reader.next()) {
        assertEquals(null, reader.problem());
        VectorRecord record = reader.record();
        VectorRecord wanted = expected.get(row);
        assertEquals(read, reader.ordinal());
        assertEquals(wanted.id(), record.id());
        values.copy(row, floats);
        assertArrayEquals(floats, record.values(), reader.position());
        assertEquals(wanted.metadata(), record.metadata(), reader.position());
        if (entry.get("sparse").booleanValue()) {
          assertArrayEquals(wanted.sparse().indices(), record.sparse().indices());
          assertArrayEquals(wanted.sparse().weights(), record.sparse().weights());
        } else {
          assertEquals(null, record.sparse());
        }
        row++;
        read++;
      }
      assertEquals(part.expectedRecords(), read, file.toString());
    }
  }

  @Test
  void foldersAreNamespaces() throws Exception {
    Path data = data();
    Source source =
        SourceScanner.scan(data.resolve("namespaces").toString(), ScanOptions.defaults());
    assertEquals(Shape.PINECONE_IMPORT, source.shape());
    assertEquals(6, source.parts().size());
    assertEquals(
        List.of("__default__", "__default__", "ns-a", "ns-a", "ns-b", "ns-b"),
        source.parts().stream().map(SourcePart::namespace).toList());
  }

  @Test
  void readingGoesOnAtAnyRow() throws Exception {
    Path file = data().resolve("polars-snappy-array/notes/0.parquet");
    List<String> all = ids(file, 0, 1);
    assertEquals(1000, all.size());
    for (int from : new int[] {1, 249, 250, 251, 500, 999, 1000}) {
      assertEquals(all.subList(from, 1000), ids(file, from, 1));
      assertEquals(all.subList(from, 1000), ids(file, from, 2));
    }
  }

  private static List<String> ids(Path file, long from, int threads) {
    Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults());
    List<String> ids = new ArrayList<>();
    try (RecordReader reader =
        source.parts().getFirst().open(ReadOptions.defaults().withThreads(threads))) {
      reader.skipTo(from);
      while (reader.next()) {
        ids.add(reader.ordinal() + " " + reader.record().id());
      }
    }
    return ids;
  }

  private static List<String> problems(Path file) {
    Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults());
    List<String> problems = new ArrayList<>();
    try (RecordReader reader = source.parts().getFirst().open(ReadOptions.defaults())) {
      while (reader.next()) {
        String message =
            reader.problem() != null
                ? reader.problem().field() + ": " + reader.problem().message()
                : RecordRules.problem(reader.record(), SPEC);
        if (message != null) {
          problems.add(reader.ordinal() + " " + message);
          assertTrue(
              Json.parse("raw", new String(reader.raw(), StandardCharsets.UTF_8)).isObject());
        }
      }
    }
    return problems;
  }

  @Test
  void badFilesEndAsProblemsOrErrorsWithTheirPlace() throws Exception {
    Path data = data();
    assertThrows(
        InvalidInputException.class, () -> problems(data.resolve("bad-no-id/notes/0.parquet")));
    assertEquals(
        List.of("7 Vector dimension 383 does not match the dimension of the index 384"),
        problems(data.resolve("bad-ragged/notes/0.parquet")));
    List<String> nan = problems(data.resolve("bad-nan-inf/notes/0.parquet"));
    assertEquals(2, nan.size(), nan.toString());
    assertTrue(nan.get(0).startsWith("5 Vector values must be finite numbers, got NaN"));
    assertTrue(nan.get(1).startsWith("6 Vector values must be finite numbers, got Infinity"));
    List<String> metadata = problems(data.resolve("bad-metadata/notes/0.parquet"));
    assertEquals(3, metadata.size(), metadata.toString());
    assertTrue(metadata.get(0).startsWith("2 metadata"), metadata.get(0));
    assertTrue(metadata.get(1).startsWith("4 metadata"), metadata.get(1));
    assertTrue(metadata.get(2).startsWith("6 metadata."), metadata.get(2));
    assertEquals(List.of(), problems(data.resolve("bad-duplicate-id/notes/0.parquet")));
    assertThrows(
        CorruptException.class, () -> problems(data.resolve("bad-truncated/notes/0.parquet")));
  }
}
