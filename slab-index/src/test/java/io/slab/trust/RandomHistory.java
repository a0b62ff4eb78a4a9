package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.Index;
import io.slab.IndexOptions;
import io.slab.IndexSettings;
import io.slab.Match;
import io.slab.Namespace;
import io.slab.Query;
import io.slab.Snapshot;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A random history of an index through the public library, beside a plain map: all vector types and
 * metrics, several slabs, deletes of all kinds, compactions. Exact answers are those of the map;
 * the others keep what recall promises.
 */
final class RandomHistory {
  /** What one history tried. */
  record Outcome(int operations, int queries, double recall) {}

  private final Random random;
  private final VectorType type;
  private final Metric metric;
  private final int dimension;
  private final Map<String, VectorRecord> records = new TreeMap<>();
  private final float[][] centers;
  private int operations;
  private int queries;
  private double found;
  private int wanted;

  RandomHistory(long seed) {
    this.random = new Random(seed);
    this.type = VectorType.values()[random.nextInt(VectorType.values().length)];
    this.metric =
        type == VectorType.DENSE
            ? Metric.values()[random.nextInt(Metric.values().length)]
            : Metric.DOTPRODUCT;
    this.dimension = type == VectorType.SPARSE ? 0 : 1 + random.nextInt(40);
    this.centers = new float[6][];
    for (int i = 0; i < centers.length; i++) {
      centers[i] = gaussian(null);
    }
  }

  @Override
  public String toString() {
    return type + " " + metric + " " + dimension;
  }

  /**
   * Runs it.
   *
   * @param folder where the index goes
   * @param rows about how many records are written
   * @param elsewhere where the same index is, to be asked the same: it is copied there; null: not
   */
  Outcome run(Path folder, int rows, String elsewhere, IndexOptions options) {
    IndexOptions one = IndexOptions.defaults().withThreads(1);
    String place = folder.toString();
    try (Index index = Index.create(place, settings(), one)) {
      Namespace namespace = index.namespace("ns");
      int batch = Math.max(3, rows / 12);
      for (int i = 0; i < 24; i++) {
        change(namespace, batch);
      }
      ask(namespace, 12);
      namespace.compactAll();
      ask(namespace, 12);
      change(namespace, batch / 2 + 1);
    }
    same(place, elsewhere, options);
    return new Outcome(operations, queries, wanted == 0 ? 1 : found / wanted);
  }

  private IndexSettings settings() {
    return switch (type) {
      case DENSE -> IndexSettings.dense(dimension, metric);
      case SPARSE -> IndexSettings.sparse();
      case HYBRID -> IndexSettings.hybrid(dimension);
    };
  }

  /** The same questions to one thread and to sixteen, here and elsewhere: the same bits. */
  private void same(String place, String elsewhere, IndexOptions there) {
    List<Query> asked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      asked.add(query(random.nextInt(2) == 0));
    }
    String first = answers(place, IndexOptions.defaults().withThreads(1), asked);
    assertEquals(first, answers(place, IndexOptions.defaults().withThreads(16), asked));
    if (elsewhere != null) {
      var unused = Index.copy(place, IndexOptions.defaults(), elsewhere, there);
      assertEquals(first, answers(elsewhere, there.withThreads(1), asked));
      assertEquals(first, answers(elsewhere, there.withThreads(16), asked));
    }
  }

  private static String answers(String place, IndexOptions options, List<Query> asked) {
    StringBuilder text = new StringBuilder();
    try (Index index = Index.open(place, options);
        Snapshot snapshot = index.namespace("ns").snapshot()) {
      for (Query query : asked) {
        for (Match match : snapshot.query(query)) {
          int bits = Float.floatToRawIntBits(match.score());
          text.append(match.id()).append(' ').append(bits).append(' ').append(match.metadata());
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  private void change(Namespace namespace, int batch) {
    operations++;
    switch (random.nextInt(16)) {
      case 0 -> delete(namespace);
      case 1 -> deleteByPrefix(namespace);
      case 2 -> deleteByFilter(namespace);
      case 3 -> updateByFilter(namespace);
      case 4 -> update(namespace);
      case 5, 6, 7 -> namespace.flush();
      case 8 -> namespace.compact();
      case 9 -> namespace.collectGarbage(Duration.ZERO);
      default -> upsert(namespace, batch);
    }
  }

  private static String id(int number) {
    return "" + (char) ('a' + number % 20) + number;
  }

  private int number() {
    return random.nextInt(Math.max(20, 3 * records.size()));
  }

  private void upsert(Namespace namespace, int batch) {
    List<VectorRecord> some = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < batch; i++) {
      String id = id(number());
      if (ids.add(id)) {
        some.add(new VectorRecord(id, dense(), sparse(), metadata()));
      }
    }
    var unused = namespace.upsert(some);
    some.forEach(record -> records.put(record.id(), record));
  }

  private void delete(Namespace namespace) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(8); i++) {
      ids.add(id(number()));
    }
    var unused = namespace.delete(ids);
    ids.forEach(records::remove);
  }

  private void deleteByPrefix(Namespace namespace) {
    String prefix = id(number()).substring(0, 1) + random.nextInt(5);
    var unused = namespace.deleteByPrefix(prefix);
    records.keySet().removeIf(id -> id.startsWith(prefix));
  }

  private void deleteByFilter(Namespace namespace) {
    String json = "{\"n\":{\"$eq\":" + random.nextInt(10) + "},\"t\":{\"$eq\":\"x1\"}}";
    double n = json.charAt(12) - '0';
    var unused = namespace.deleteByFilter(json);
    records
        .values()
        .removeIf(r ->
            new MetaValue.Num(n).equals(r.metadata().fields().get("n"))
                && hasX1(r.metadata().fields().get("t")));
  }

  private static boolean hasX1(MetaValue value) {
    return value instanceof MetaValue.Str s && s.value().equals("x1")
        || value instanceof MetaValue.StrList l && l.values().contains("x1");
  }

  private void updateByFilter(Namespace namespace) {
    double n = random.nextInt(10);
    Metadata changes = Metadata.of(Map.of("n", new MetaValue.Num(random.nextInt(10))));
    var unused = namespace.updateByFilter("{\"n\":{\"$eq\":" + (int) n + "}}", changes);
    records.replaceAll((id, r) ->
        new MetaValue.Num(n).equals(r.metadata().fields().get("n"))
            ? new VectorRecord(id, r.values(), r.sparse(), r.metadata().merge(changes))
            : r);
  }

  private void update(Namespace namespace) {
    String id = id(number());
    Metadata changes = metadata();
    var unused = namespace.update(id, null, null, changes);
    records.computeIfPresent(
        id, (same, r) -> new VectorRecord(id, r.values(), r.sparse(), r.metadata().merge(changes)));
  }

  private Query query(boolean exact) {
    Query query =
        switch (type) {
          case DENSE -> Query.of(dense());
          case SPARSE -> Query.of(sparse());
          case HYBRID -> Query.of(dense()).withSparse(sparse());
        };
    query = query.topK(1 + random.nextInt(20)).withMetadata();
    return exact ? query.exact() : query;
  }

  private void ask(Namespace namespace, int count) {
    try (Snapshot snapshot = namespace.snapshot()) {
      assertEquals(records.size(), snapshot.stats().records());
      for (int i = 0; i < count; i++) {
        queries++;
        boolean exact = random.nextInt(3) > 0;
        Query query = query(exact);
        RandomFilter filter = random.nextInt(3) == 0 ? null : RandomFilter.of(random, 2);
        if (filter != null) {
          query = query.filter(filter.json());
        }
        compare(snapshot.query(query), query, filter, exact);
      }
      fetch(snapshot);
    }
  }

  private void fetch(Snapshot snapshot) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String id = id(number());
      if (!ids.contains(id)) {
        ids.add(id);
      }
    }
    Map<String, VectorRecord> fetched = snapshot.fetch(ids);
    for (String id : ids) {
      VectorRecord expected = records.get(id);
      VectorRecord there = fetched.get(id);
      if (expected == null) {
        assertNull(there, id);
      } else {
        assertArrayEquals(expected.values(), there.values());
        if (expected.sparse() != null) {
          assertArrayEquals(expected.sparse().indices(), there.sparse().indices());
          assertArrayEquals(expected.sparse().weights(), there.sparse().weights());
        }
        assertEquals(expected.metadata(), there.metadata());
      }
    }
  }

  private record Scored(String id, double score) {}

  private void compare(List<Match> matches, Query query, RandomFilter filter, boolean exact) {
    List<Scored> best = new ArrayList<>();
    for (VectorRecord r : records.values()) {
      double score = score(query, r);
      if ((filter == null || filter.matches().test(r.metadata()))
          && (type != VectorType.SPARSE || score != 0)) {
        best.add(new Scored(r.id(), score));
      }
    }
    Comparator<Scored> order = Comparator.comparingDouble(Scored::score);
    best.sort(metric == Metric.EUCLIDEAN ? order : order.reversed());
    int count = Math.min(query.topK(), best.size());
    String where = query + ", exact " + exact + ", " + best.size() + " match";
    if (exact) {
      assertEquals(count, matches.size(), where);
    }
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < matches.size(); i++) {
      Match match = matches.get(i);
      assertTrue(ids.add(match.id()), where);
      VectorRecord record = records.get(match.id());
      assertTrue(record != null, () -> match.id() + " is not there; " + where);
      assertTrue(filter == null || filter.matches().test(record.metadata()), where);
      assertEquals(record.metadata(), match.metadata());
      near(score(query, record), match.score(), where);
      if (exact) {
        near(best.get(i).score, match.score(), where);
      }
    }
    if (!exact && count > 0) {
      wanted += count;
      double last = best.get(count - 1).score;
      found +=
          matches.stream()
              .filter(m ->
                  metric == Metric.EUCLIDEAN
                      ? m.score() <= last * (1 + 1e-5) + 1e-6
                      : m.score() >= last - Math.abs(last) * 1e-5 - 1e-6)
              .count();
    }
  }

  private static void near(double expected, float actual, String where) {
    assertEquals(expected, actual, 1e-6 + Math.abs(expected) * 1e-5, where);
  }

  private double score(Query query, VectorRecord r) {
    double sparse = type == VectorType.DENSE ? 0 : dot(query.sparse(), r.sparse());
    if (type == VectorType.SPARSE) {
      return sparse;
    }
    double dot = 0;
    double distance = 0;
    double own = 0;
    double other = 0;
    for (int i = 0; i < dimension; i++) {
      double a = query.vector()[i];
      double b = r.values()[i];
      dot += a * b;
      distance += (a - b) * (a - b);
      own += a * a;
      other += b * b;
    }
    return switch (metric) {
      case EUCLIDEAN -> distance;
      case DOTPRODUCT -> dot + sparse;
      case COSINE -> dot / Math.sqrt(own * other);
    };
  }

  private static double dot(SparseVector a, SparseVector b) {
    double sum = 0;
    if (a != null && b != null) {
      for (int i = 0; i < a.indices().length; i++) {
        for (int k = 0; k < b.indices().length; k++) {
          sum += a.indices()[i] == b.indices()[k] ? (double) a.weights()[i] * b.weights()[k] : 0;
        }
      }
    }
    return sum;
  }

  private float[] gaussian(float[] around) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian() + (around == null ? 0 : 3 * around[i]);
    }
    return values;
  }

  private float[] dense() {
    return type == VectorType.SPARSE ? null : gaussian(centers[random.nextInt(centers.length)]);
  }

  private SparseVector sparse() {
    if (type == VectorType.DENSE) {
      return null;
    }
    Map<Integer, Float> pairs = new TreeMap<>();
    for (int i = 0; i < 1 + random.nextInt(8); i++) {
      pairs.put(random.nextInt(30), 0.1f + random.nextFloat());
    }
    int[] indices = pairs.keySet().stream().mapToInt(i -> i).toArray();
    float[] values = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      values[i] = pairs.get(indices[i]);
    }
    return new SparseVector(indices, values);
  }

  private Metadata metadata() {
    Map<String, MetaValue> fields = new TreeMap<>();
    if (random.nextInt(4) > 0) {
      fields.put("n", new MetaValue.Num(random.nextInt(10)));
    }
    if (random.nextInt(4) > 0) {
      fields.put(
          "t",
          random.nextBoolean()
              ? new MetaValue.Str("x" + random.nextInt(4))
              : new MetaValue.StrList(List.of("x" + random.nextInt(4), "y")));
    }
    return Metadata.of(fields);
  }
}
