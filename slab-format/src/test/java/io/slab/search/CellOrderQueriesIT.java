package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.slab.ann.Quantizer;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.VectorIndexer;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.TestSlabs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Rows in the order of cells answer as rows in the order of their ids do: ties end by id, wherever
 * the last of the results is in the middle of many equal ones, and deleted rows stay away.
 */
class CellOrderQueriesIT {
  private static final int DIMENSION = 8;
  private static final int ROWS = 1_200;
  private static final List<Filter> FILTERS =
      Arrays.asList(
          null,
          FilterParser.parse("{\"half\": true}"),
          FilterParser.parse("{\"tenth\": 3}"),
          FilterParser.parse("{\"rare\": \"r7\"}"),
          FilterParser.parse("{\"half\": false, \"tenth\": {\"$gt\": 4}}"));

  /** A few points, each of many rows whose ids lie all over. */
  private static List<VectorRecord> records(SplittableRandom random) {
    float[][] points = new float[30][];
    Arrays.setAll(points, i -> Corpus.gaussian(random, DIMENSION, 1));
    return Corpus.records(
        random,
        ROWS,
        i -> i % 5 == 0 ? Corpus.gaussian(random, DIMENSION, 1) : points[i % 30].clone(),
        i -> null);
  }

  private static SlabReader slab(IndexSpec spec, List<VectorRecord> records, int cells) {
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : records) {
      rows.add(ListInput.Row.of(record, 1 + rows.size()));
    }
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns");
    VectorIndexer indexer = new FixedIndexer(cells, Quantizer.SIGN);
    SlabBuilder.build(request, ListInput.of(rows), out, indexer);
    SlabReader slab = TestSlabs.open(out.bytes());
    assertFalse(slab.inIdOrder());
    return slab;
  }

  private static SearchPart part(SlabReader slab, List<VectorRecord> dead) {
    MutableRoaringBitmap rows = new MutableRoaringBitmap();
    dead.forEach(record -> rows.add(slab.find(Utf8.bytes(record.id()))));
    return new SearchPart(slab, rows.isEmpty() ? null : rows);
  }

  private static void sameAnswers(
      IndexSpec spec, Corpus.Source source, List<VectorRecord> live, SplittableRandom random) {
    try (QueryEngine engine = new QueryEngine(spec, 2)) {
      for (int i = 0; i < 12; i++) {
        float[] vector =
            i % 2 == 0
                ? live.get(random.nextInt(live.size())).values()
                : Corpus.gaussian(random, DIMENSION, 1);
        for (Filter filter : FILTERS) {
          for (int k : new int[] {1, 7, 25, 100}) {
            for (double recall : new double[] {1, 0.95}) {
              QueryRequest request = new QueryRequest(vector, null, filter, k, false, true, recall);
              List<Match> expected = Reference.answer(spec, request, live);
              List<Match> found = engine.query(source, request).matches();
              String where = spec.metric() + " query " + i + " k " + k + " recall " + recall;
              assertEquals(ids(expected), ids(found), where + " " + filter);
              for (int m = 0; m < found.size(); m++) {
                assertEquals(expected.get(m).score(), found.get(m).score(), where);
                assertEquals(expected.get(m).record().metadata(), found.get(m).record().metadata());
              }
            }
          }
        }
      }
    }
  }

  private static List<String> ids(List<Match> matches) {
    return matches.stream().map(Match::id).toList();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void oneSlab(Metric metric) {
    SplittableRandom random = new SplittableRandom(41);
    IndexSpec spec = Corpus.spec(metric, VectorType.DENSE, DIMENSION);
    List<VectorRecord> records = records(random);
    try (SlabReader slab = slab(spec, records, 20)) {
      Corpus.Source all = new Corpus.Source(List.of(part(slab, List.of())), List.of());
      sameAnswers(spec, all, records, random);
      List<VectorRecord> dead = records.stream().filter(r -> random.nextInt(4) == 0).toList();
      List<VectorRecord> live = new ArrayList<>(records);
      live.removeAll(dead);
      Corpus.Source some = new Corpus.Source(List.of(part(slab, dead)), List.of());
      sameAnswers(spec, some, live, random);
    }
  }

  /** Equal rows in two slabs with cells, one without and in memory. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void severalSlabsAndMemory(Metric metric) {
    SplittableRandom random = new SplittableRandom(42);
    IndexSpec spec = Corpus.spec(metric, VectorType.DENSE, DIMENSION);
    List<List<VectorRecord>> homes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      homes.add(new ArrayList<>());
    }
    List<VectorRecord> live = new ArrayList<>();
    List<VectorRecord> dead = new ArrayList<>();
    for (VectorRecord record : records(random)) {
      int home = random.nextInt(4);
      homes.get(home).add(record);
      if (home < 2 && random.nextInt(5) == 0) {
        dead.add(record);
      } else {
        live.add(record);
      }
    }
    List<VectorRecord> memory = homes.get(3);
    memory.sort(Comparator.comparing(VectorRecord::id, Utf8.ORDER));
    try (SlabReader one = slab(spec, homes.get(0), 9);
        SlabReader two = slab(spec, homes.get(1), 14);
        SlabReader plain = TestSlabs.open(TestSlabs.build(spec, homes.get(2)))) {
      List<SearchPart> parts =
          List.of(
              part(one, dead.stream().filter(homes.get(0)::contains).toList()),
              part(plain, List.of()),
              part(two, dead.stream().filter(homes.get(1)::contains).toList()));
      sameAnswers(spec, new Corpus.Source(parts, memory), live, random);
    }
  }
}
