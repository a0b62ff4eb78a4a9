package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.Quantizer;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.VectorIndexer;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.json.RecordJson;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.search.Match;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.SearchPart;
import io.slab.search.SearchSource;
import io.slab.testkit.Breadth;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.spec.JsonRecords;
import io.slab.testkit.spec.PythonReader;
import io.slab.testkit.spec.RandomRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * The independent reader and this library see the same records and give the same answers, bit for
 * bit.
 */
class ReaderAgreementIT {
  private static final String[] FILTERS = {
    null,
    "{\"genre\":\"drama\"}",
    "{\"genre\":{\"$ne\":\"drama\"},\"year\":{\"$gte\":1}}",
    "{\"$or\":[{\"tags\":{\"$in\":[\"comedy\",\"日本\"]}},{\"flag\":true}]}",
    "{\"mixed\":{\"$nin\":[0,2020]},\"é\":{\"$exists\":true}}",
    "{\"year\":{\"$not\":{\"$gt\":-2,\"$lt\":100}}}",
    "{\"year\":{\"$eq\":0}}",
  };

  @TempDir Path folder;

  @BeforeEach
  void readerCanRun() {
    PythonReader.require();
  }

  @Test
  void itsOwnTestsPass() throws IOException {
    PythonReader.Run run =
        PythonReader.execute(List.of("python3", "-m", "unittest", "discover", "."));
    assertEquals(0, run.status(), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "COSINE, DENSE, 7, 1, 1, 0",
    "COSINE, DENSE, 128, 700, 2, 0",
    "EUCLIDEAN, DENSE, 33, 500, 3, 0",
    "DOTPRODUCT, DENSE, 1, 300, 4, 0",
    "DOTPRODUCT, SPARSE, 0, 600, 5, 0",
    "DOTPRODUCT, HYBRID, 18, 600, 6, 0",
    "COSINE, DENSE, 24, 600, 7, 11",
    "EUCLIDEAN, DENSE, 9, 300, 8, 1",
    "DOTPRODUCT, HYBRID, 18, 600, 9, 40",
  })
  void freshSlab(Metric metric, VectorType type, int dimension, int rows, long seed, int cells)
      throws IOException {
    IndexSpec spec = new IndexSpec("t", dimension, metric, type, null, 1);
    RandomRecords random = new RandomRecords(seed, spec);
    List<VectorRecord> records = random.records(rows);
    List<ListInput.Row> input = new ArrayList<>();
    for (VectorRecord record : records) {
      input.add(ListInput.Row.of(record, (3L << 20) + (input.size() * 7919L) % rows));
    }
    HeapObject object = new HeapObject();
    SlabRequest request = SlabRequest.flush(new Ulid(seed, 77), 1, spec, "__default__");
    VectorIndexer indexer = cells == 0 ? null : new FixedIndexer(cells, Quantizer.SIGN);
    SlabBuilder.build(request, ListInput.of(input), object, indexer);
    Path file = Files.write(folder.resolve("fresh.slab"), object.bytes());
    try (SlabReader slab = SlabReader.open(HeapObject.source("fresh.slab", object.bytes(), true))) {
      compareSlab(slab, file);
      // Each call of the reader is a process that reads the slab anew.
      int filters = seed == 2 || seed == 9 ? FILTERS.length : Breadth.of(2, FILTERS.length);
      for (String filter : Arrays.asList(FILTERS).subList(0, filters)) {
        compareQuery(spec, slab, file, random, filter, "seed " + seed + " filter " + filter);
      }
    }
  }

  private static void compareSlab(SlabReader slab, Path file) throws IOException {
    assertTrue(PythonReader.lines("verify", file.toString()).getFirst().contains("\"ok\":true"));
    List<String> dump = PythonReader.lines("dump", file.toString());
    assertEquals(slab.rows(), dump.size());
    for (int rank = 0; rank < slab.rows(); rank++) {
      int row = slab.rowAt(rank);
      JsonNode line = Json.parse("line", dump.get(rank));
      assertEquals(Long.toUnsignedString(slab.lsn(row)), line.get("lsn").stringValue());
      JsonRecords.assertSame(slab.record(row), line);
    }
  }

  private static void compareQuery(
      IndexSpec spec, SlabReader slab, Path file, RandomRecords random, String filter, String what)
      throws IOException {
    float[] vector = spec.vectorType().hasDense() ? random.dense() : null;
    SparseVector sparse = spec.vectorType().hasSparse() ? random.sparse() : null;
    int topK = Math.max(1, slab.rows() / 2);
    List<String> arguments =
        new ArrayList<>(List.of("query", file.toString(), "-k", Integer.toString(topK)));
    if (vector != null) {
      arguments.addAll(List.of("--vector", Json.text(out -> Json.writeFloats(out, vector))));
    }
    if (sparse != null) {
      arguments.addAll(List.of("--sparse", Json.text(out -> RecordJson.write(out, sparse))));
    }
    if (filter != null) {
      arguments.addAll(List.of("--filter", filter));
    }
    List<String> theirs = new ArrayList<>();
    for (String line : PythonReader.lines(arguments.toArray(String[]::new))) {
      JsonNode match = Json.parse("match", line);
      theirs.add(match.get("bits").stringValue() + " " + match.get("id").stringValue());
    }
    assertEquals(ours(spec, slab, vector, sparse, filter, topK), theirs, what);
  }

  private static List<String> ours(
      IndexSpec spec,
      SlabReader slab,
      float[] vector,
      SparseVector sparse,
      String filter,
      int topK) {
    SearchSource source =
        new SearchSource() {
          @Override
          public List<SearchPart> parts() {
            return List.of(new SearchPart(slab, new MutableRoaringBitmap()));
          }

          @Override
          public List<VectorRecord> memtable() {
            return List.of();
          }
        };
    QueryRequest request =
        new QueryRequest(
            vector, sparse, filter == null ? null : FilterParser.parse(filter), topK, false, false);
    List<String> lines = new ArrayList<>();
    try (QueryEngine engine = new QueryEngine(spec, 2)) {
      for (Match match : engine.query(source, request).matches()) {
        int bits = Float.floatToIntBits(match.score());
        lines.add(HexFormat.of().toHexDigits(bits) + " " + match.id());
      }
    }
    return lines;
  }
}
