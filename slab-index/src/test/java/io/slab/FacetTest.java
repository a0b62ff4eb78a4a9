package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.testkit.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts by value, against a count of a plain map of the records. */
class FacetTest {
  private static final List<String> FIELDS =
      List.of("text", "number", "truth", "list", "mixed", "unique", "plain", "rare", "nowhere");
  private static final List<String> FILTERS =
      List.of(
          "{}",
          "{\"text\":\"t3\"}",
          "{\"number\":{\"$gte\":2}}",
          "{\"$or\":[{\"truth\":true},{\"list\":\"b\"}]}",
          "{\"rare\":{\"$exists\":true}}",
          "{\"text\":{\"$ne\":\"t1\"},\"mixed\":{\"$exists\":false}}",
          "{\"text\":\"none\"}");

  @TempDir Path folder;

  private final Random random = new Random(Seeds.of(FacetTest.class));
  private final Map<String, Metadata> model = new TreeMap<>();

  private VectorRecord record(int i) {
    Map<String, MetaValue> fields = new HashMap<>();
    put(fields, 5, "text", new MetaValue.Str("t" + random.nextInt(6)));
    put(fields, 5, "number", new MetaValue.Num(random.nextInt(4) == 0 ? -0.0 : random.nextInt(4)));
    put(fields, 4, "truth", new MetaValue.Bool(random.nextBoolean()));
    put(fields, 4, "list", new MetaValue.StrList(list()));
    put(fields, 3, "mixed", mixed());
    put(fields, 50, "unique", new MetaValue.Str("u" + i + "ü"));
    put(fields, 5, "plain", mixed());
    if (random.nextInt(40) == 0) {
      fields.put("rare", new MetaValue.Num(random.nextInt(3)));
    }
    return new VectorRecord("r" + i, new float[] {i, 1}, null, Metadata.of(fields));
  }

  /** Leaves the field out now and then. */
  private void put(Map<String, MetaValue> fields, int of, String name, MetaValue value) {
    if (random.nextInt(of) > 0) {
      fields.put(name, value);
    }
  }

  private List<String> list() {
    List<String> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(List.of("a", "b", "c", "b").get(random.nextInt(4)));
    }
    return list;
  }

  private MetaValue mixed() {
    return switch (random.nextInt(4)) {
      case 0 -> new MetaValue.Str("1");
      case 1 -> new MetaValue.Num(random.nextInt(2));
      case 2 -> new MetaValue.Bool(random.nextBoolean());
      default -> new MetaValue.StrList(list());
    };
  }

  private void write(Namespace namespace, int records) {
    List<VectorRecord> batch = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      batch.add(record(random.nextInt(900)));
    }
    namespace.upsert(batch);
    batch.forEach(r -> model.put(r.id(), r.metadata()));
  }

  private void delete(Namespace namespace, int records) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      ids.add("r" + random.nextInt(900));
    }
    namespace.delete(ids);
    model.keySet().removeAll(ids);
  }

  /** What each value is called here, so that the expectation shares no code with the count. */
  private static Map<String, Long> counted(Facet facet) {
    Map<String, Long> counts = new TreeMap<>();
    for (Facet.Count count : facet.values()) {
      counts.put(count.value().toString(), count.count());
    }
    counts.put("missing", facet.missing());
    counts.put("empty", facet.empty());
    return counts;
  }

  private Map<String, Long> expected(String field, String filter) {
    Map<String, Long> counts = new TreeMap<>(Map.of("missing", 0L, "empty", 0L));
    for (Metadata metadata : model.values()) {
      if (FilterEvaluator.matches(FilterParser.parse(filter), metadata)) {
        names(metadata.get(field)).forEach(name -> counts.merge(name, 1L, Long::sum));
      }
    }
    return counts;
  }

  private static Set<String> names(MetaValue value) {
    return switch (value) {
      case null -> Set.of("missing");
      case MetaValue.StrList(var all) when all.isEmpty() -> Set.of("empty");
      case MetaValue.StrList(var all) ->
          all.stream().map(e -> new MetaValue.Str(e).toString()).collect(Collectors.toSet());
      case MetaValue.Num(double n) when n == 0 -> Set.of(new MetaValue.Num(0).toString());
      default -> Set.of(value.toString());
    };
  }

  private void assertCounts(Namespace namespace) {
    try (Snapshot snapshot = namespace.snapshot()) {
      for (String field : FIELDS) {
        for (String filter : FILTERS) {
          Facet facet = snapshot.facet(field, filter, Integer.MAX_VALUE);
          assertEquals(expected(field, filter), counted(facet), field + " " + filter);
          assertEquals(snapshot.count(filter), facet.records(), filter);
        }
      }
    }
  }

  @Test
  void theCountsAreThoseOfThePlainRecords() {
    // All fields but "plain" have columns.
    List<String> schema = new ArrayList<>(FIELDS);
    schema.remove("plain");
    IndexSettings settings = IndexSettings.dense(2, Metric.EUCLIDEAN).withSchema(schema);
    try (Index index = Index.create(folder.resolve("index"), settings)) {
      Namespace namespace = index.namespace(Namespace.DEFAULT);
      assertCounts(namespace);
      write(namespace, 300);
      assertCounts(namespace);
      namespace.flush();
      assertCounts(namespace);
      write(namespace, 200);
      delete(namespace, 60);
      namespace.flush();
      write(namespace, 100);
      delete(namespace, 30);
      assertCounts(namespace);
      namespace.compactAll();
      assertCounts(namespace);
    }
  }

  @Test
  void theMostFrequentComeFirstAndTheRestIsCounted() {
    try (Index index =
        Index.create(folder.resolve("index"), IndexSettings.dense(2, Metric.EUCLIDEAN))) {
      Namespace namespace = index.namespace(Namespace.DEFAULT);
      write(namespace, 400);
      try (Snapshot snapshot = namespace.snapshot()) {
        Facet all = snapshot.facet("mixed", null, Integer.MAX_VALUE);
        assertEquals(0, all.otherValues() + all.otherCount());
        assertTrue(all.values().size() > 4);
        Set<MetaValue> seen = new HashSet<>();
        for (int top = 1; top <= all.values().size(); top++) {
          Facet some = snapshot.facet("mixed", null, top);
          assertEquals(all.values().subList(0, top), some.values());
          assertEquals(all.values().size() - top, some.otherValues());
          long left = all.values().stream().skip(top).mapToLong(Facet.Count::count).sum();
          assertEquals(left, some.otherCount());
          assertTrue(seen.add(some.values().getLast().value()));
        }
        assertThrows(InvalidInputException.class, () -> snapshot.facet("mixed", null, 0));
      }
    }
  }
}
