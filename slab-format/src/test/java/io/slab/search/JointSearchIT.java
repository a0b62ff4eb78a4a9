package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.Quantizer;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Several slabs with approximate indexes are searched as one: threads and batches change no bit of
 * the answers, what one slab knows spares the others rows, and the recall is kept.
 */
class JointSearchIT {
  private static final int DIMENSION = 24;
  private static final int[] SIZES = {200, 900, 50, 400, 200, 700, 200, 5};
  private static final List<Filter> FILTERS =
      Arrays.asList(
          null,
          FilterParser.parse("{\"half\": true}"),
          FilterParser.parse("{\"tenth\": 3}"),
          FilterParser.parse("{\"rare\": \"r7\"}"));

  private final SplittableRandom random = new SplittableRandom(43);
  private final List<VectorRecord> live = new ArrayList<>();
  private final List<SearchPart> parts = new ArrayList<>();

  private List<VectorRecord> records(int count) {
    return Corpus.records(
        random, count, i -> Corpus.gaussian(random, DIMENSION, 1 + i % 3), i -> null);
  }

  /** Every second slab has one cell, as level 0 has; the others visit a few of theirs. */
  private Corpus.Source source(IndexSpec spec, boolean dead) {
    for (int size : SIZES) {
      List<VectorRecord> records = records(size);
      int cells = parts.size() % 2 == 0 || size < 100 ? 1 : size / 40;
      SlabReader slab = slab(spec, records, cells);
      MutableRoaringBitmap gone = new MutableRoaringBitmap();
      for (VectorRecord record : records) {
        if (dead && random.nextInt(5) == 0) {
          gone.add(slab.find(Utf8.bytes(record.id())));
        } else {
          live.add(record);
        }
      }
      parts.add(new SearchPart(slab, gone.isEmpty() ? null : gone));
    }
    List<VectorRecord> memtable = new ArrayList<>(records(40));
    memtable.sort((a, b) -> Arrays.compareUnsigned(Utf8.bytes(a.id()), Utf8.bytes(b.id())));
    live.addAll(memtable);
    return new Corpus.Source(parts, memtable);
  }

  private static SlabReader slab(IndexSpec spec, List<VectorRecord> records, int cells) {
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : records) {
      rows.add(ListInput.Row.of(record, 1 + rows.size()));
    }
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns");
    int probes = cells == 1 ? 0 : Math.max(1, cells / 2);
    SlabBuilder.build(
        request, ListInput.of(rows), out, new FixedIndexer(cells, Quantizer.SIGN, probes));
    return TestSlabs.open(out.bytes());
  }

  private List<QueryRequest> requests(int count) {
    List<QueryRequest> requests = new ArrayList<>();
    for (Filter filter : FILTERS) {
      for (int i = 0; i < count; i++) {
        float[] vector =
            i % 2 == 0
                ? live.get(random.nextInt(live.size())).values()
                : Corpus.gaussian(random, DIMENSION, 1);
        int k = new int[] {1, 10, 100}[i % 3];
        requests.add(new QueryRequest(vector, null, filter, k, false, false, 0.95));
      }
    }
    return requests;
  }

  private static List<String> answer(QueryResult result) {
    return result.matches().stream()
        .map(match -> match.id() + " " + Float.floatToIntBits(match.score()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void threadsAndBatchesChangeNothing(Metric metric) {
    IndexSpec spec = Corpus.spec(metric, VectorType.DENSE, DIMENSION);
    Corpus.Source source = source(spec, true);
    List<QueryRequest> requests = requests(6);
    List<List<String>> one = new ArrayList<>();
    try (QueryEngine engine = new QueryEngine(spec, 1)) {
      requests.forEach(request -> one.add(answer(engine.query(source, request))));
    }
    for (int threads : new int[] {1, 3}) {
      try (QueryEngine engine = new QueryEngine(spec, threads)) {
        for (int i = 0; i < requests.size(); i++) {
          assertEquals(
              one.get(i), answer(engine.query(source, requests.get(i))), threads + " " + i);
        }
        List<QueryResult> together = engine.batch(source, requests);
        List<QueryResult> two = engine.batch(source, requests.subList(0, 2));
        for (int i = 0; i < requests.size(); i++) {
          assertEquals(one.get(i), answer(together.get(i)), threads + " threads, batch, " + i);
        }
        assertEquals(one.get(1), answer(two.get(1)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void theRecallIsKept(Metric metric) {
    IndexSpec spec = Corpus.spec(metric, VectorType.DENSE, DIMENSION);
    Corpus.Source source = source(spec, true);
    double found = 0;
    double wanted = 0;
    try (QueryEngine engine = new QueryEngine(spec, 1)) {
      for (QueryRequest request : requests(12)) {
        Set<String> ids = new HashSet<>();
        Reference.answer(spec, request, live).forEach(match -> ids.add(match.id()));
        List<Match> matches = engine.query(source, request).matches();
        assertEquals(ids.size(), matches.size());
        wanted += ids.size();
        found += matches.stream().filter(match -> ids.contains(match.id())).count();
      }
    }
    assertTrue(found >= 0.95 * wanted, found + " of " + wanted);
  }

  @Test
  void whatOneSlabKnowsSparesTheOthers() {
    IndexSpec spec = Corpus.spec(Metric.EUCLIDEAN, VectorType.DENSE, DIMENSION);
    Corpus.Source source = source(spec, false);
    long together = 0;
    long apart = 0;
    try (QueryEngine engine = new QueryEngine(spec, 1)) {
      for (int i = 0; i < 20; i++) {
        float[] vector = Corpus.gaussian(random, DIMENSION, 1);
        QueryRequest request = new QueryRequest(vector, null, null, 10, false, false, 0.95);
        together += rescored(engine.query(source, request));
        for (SearchPart part : parts) {
          Corpus.Source alone = new Corpus.Source(List.of(part), List.of());
          apart += rescored(engine.query(alone, request));
        }
      }
    }
    assertTrue(2 * together < apart, together + " of " + apart);
  }

  @Test
  void fewQueriesOfOneSlabKeepAsManyThreadsBusy() {
    IndexSpec spec = Corpus.spec(Metric.EUCLIDEAN, VectorType.DENSE, DIMENSION);
    SlabReader slab = slab(spec, records(800), 20);
    Corpus.Source one = new Corpus.Source(List.of(new SearchPart(slab, null)), List.of());
    live.addAll(records(2));
    try (QueryEngine engine = new QueryEngine(spec, 3)) {
      List<QueryRequest> two = requests(2).subList(0, 2);
      assertEquals(2, engine.batch(one, two).getFirst().profile().threads());
    }
  }

  private static long rescored(QueryResult result) {
    return result.profile().slabs().stream().mapToLong(SlabProfile::rowsRescored).sum();
  }
}
