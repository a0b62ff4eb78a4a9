package io.slab.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Bitmaps and row tests are two evaluations of one language: they must never differ. */
class FilterPropertyIT {
  private static final String[] FIELDS = {"a", "b", "c", "", "é"};
  private static final String[] TEXTS = {"x", "y", "1", "true", ""};
  private static final double[] NUMBERS = {-1, -0.0, 0, 0.5, 1, 2, 1e300};

  private final SplittableRandom random;

  FilterPropertyIT() {
    long seed = Seeds.of("FilterPropertyIT");
    random = new SplittableRandom(seed);
  }

  private MetaValue value() {
    return switch (random.nextInt(5)) {
      case 0 -> text();
      case 1, 2 -> number();
      case 3 -> new MetaValue.Bool(random.nextBoolean());
      default -> {
        List<String> list = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          list.add(text().value());
        }
        yield new MetaValue.StrList(list);
      }
    };
  }

  private MetaValue.Str text() {
    return new MetaValue.Str(TEXTS[random.nextInt(TEXTS.length)]);
  }

  private MetaValue.Num number() {
    return new MetaValue.Num(NUMBERS[random.nextInt(NUMBERS.length)]);
  }

  private List<Metadata> rows(int count) {
    List<Metadata> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, MetaValue> fields = new TreeMap<>();
      for (String field : FIELDS) {
        if (random.nextInt(3) > 0) {
          fields.put(field, value());
        }
      }
      rows.add(Metadata.of(fields));
    }
    return rows;
  }

  private Filter clause() {
    String field = random.nextInt(20) == 0 ? "none" : FIELDS[random.nextInt(FIELDS.length)];
    return switch (random.nextInt(6)) {
      case 0 -> new Filter.Exists(field);
      case 1 -> {
        MetaValue value = value();
        yield new Filter.Eq(field, value instanceof MetaValue.StrList ? text() : value);
      }
      case 2 -> {
        var values = new LinkedHashSet<MetaValue>();
        boolean texts = random.nextBoolean();
        for (int n = random.nextInt(4); n > 0; n--) {
          values.add(texts ? text() : number());
        }
        yield new Filter.In(field, values);
      }
      default ->
          new Filter.Compare(field, Filter.Order.values()[random.nextInt(4)], number().value());
    };
  }

  private Filter filter(int depth) {
    Filter filter;
    if (depth == 0 || random.nextInt(4) == 0) {
      filter = clause();
    } else {
      List<Filter> parts = new ArrayList<>();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        parts.add(filter(depth - 1));
      }
      filter = random.nextBoolean() ? Filter.and(parts) : Filter.or(parts);
    }
    return random.nextInt(3) == 0 ? Filter.not(filter) : filter;
  }

  @Test
  void bitmapsAgreeWithRowTests() {
    int matches = 0;
    int tests = 0;
    for (int round = 0; round < 40; round++) {
      List<Metadata> rows = rows(round == 0 ? 0 : random.nextInt(60));
      FieldIndex index = FieldIndexes.of(rows);
      for (int i = 0; i < 200; i++) {
        Filter filter = filter(3);
        ImmutableRoaringBitmap found = FilterEvaluator.rows(filter, index);
        int expected = 0;
        for (int row = 0; row < rows.size(); row++) {
          boolean match = FilterEvaluator.matches(filter, rows.get(row));
          int current = row;
          assertEquals(
              match, found.contains(row), () -> filter.toJson() + " on " + rows.get(current));
          expected += match ? 1 : 0;
        }
        assertEquals(expected, found.getCardinality(), "no rows beyond the last");
        assertEquals(expected, FilterEvaluator.explain(filter, index).matching());
        matches += expected;
        tests += rows.size();
      }
    }
    // Both answers must be common, or the test shows little.
    assertTrue(matches > tests / 10 && matches < tests * 9 / 10, matches + " of " + tests);
  }

  @Test
  void noRowsAtAll() {
    FieldIndex index = FieldIndexes.of(List.of());
    for (String json : List.of("{}", "{\"a\":{\"$ne\":1}}", "{\"a\":1}")) {
      Filter filter = FilterParser.parse(json);
      assertTrue(FilterEvaluator.rows(filter, index).isEmpty());
      assertEquals(0, FilterEvaluator.explain(filter, index).selectivity());
    }
  }

  @Test
  void jsonRoundTrips() {
    for (int i = 0; i < 5_000; i++) {
      Filter filter = filter(4);
      Filter back = FilterParser.parse(filter.toJson());
      assertEquals(filter, back, filter.toJson());
      assertEquals(filter.toJson(), back.toJson());
      assertEquals(filter, Filter.not(Filter.not(filter)));
    }
    assertEquals("{}", new Filter.All().toJson());
  }

  @Test
  void complementsNeverOverlap() {
    List<Metadata> rows = rows(200);
    FieldIndex index = FieldIndexes.of(rows);
    for (int i = 0; i < 500; i++) {
      Filter filter = filter(3);
      ImmutableRoaringBitmap yes = FilterEvaluator.rows(filter, index);
      ImmutableRoaringBitmap no = FilterEvaluator.rows(Filter.not(filter), index);
      assertFalse(ImmutableRoaringBitmap.intersects(yes, no), filter.toJson());
      assertEquals(200, yes.getCardinality() + no.getCardinality(), filter.toJson());
    }
  }

  @Test
  void evaluationNeverChangesTheIndex() {
    List<Metadata> rows = rows(100);
    FieldIndex index = FieldIndexes.of(rows);
    List<ImmutableRoaringBitmap> before = bitmaps(index);
    List<ImmutableRoaringBitmap> copies =
        before.stream()
            .map(b -> (ImmutableRoaringBitmap) b.toMutableRoaringBitmap().clone())
            .toList();
    for (int i = 0; i < 500; i++) {
      FilterEvaluator.rows(filter(3), index);
    }
    assertEquals(copies, bitmaps(index));
  }

  private static List<ImmutableRoaringBitmap> bitmaps(FieldIndex index) {
    List<ImmutableRoaringBitmap> all = new ArrayList<>();
    for (String field : FIELDS) {
      all.add(index.exists(field));
      for (String text : TEXTS) {
        all.add(index.equalTo(field, text));
      }
      for (double number : NUMBERS) {
        all.add(index.equalTo(field, number));
      }
    }
    return all;
  }

  @Test
  void explainsEachClause() {
    List<Metadata> rows =
        List.of(
            Metadata.of(Map.of("y", new MetaValue.Num(1), "g", new MetaValue.Str("a"))),
            Metadata.of(Map.of("y", new MetaValue.Num(2), "g", new MetaValue.Str("a"))),
            Metadata.of(Map.of("y", new MetaValue.Num(3))),
            Metadata.EMPTY);
    FilterExplanation plan =
        FilterEvaluator.explain(
            FilterParser.parse("{\"y\":{\"$gte\":2},\"g\":{\"$ne\":\"b\"}}"),
            FieldIndexes.of(rows));
    assertEquals(2, plan.matching());
    assertEquals(4, plan.rows());
    assertEquals(0.5, plan.selectivity());
    assertEquals("{\"y\":{\"$gte\":2}}", plan.parts().get(0).filter());
    assertEquals(2, plan.parts().get(0).matching());
    assertEquals("{\"g\":{\"$ne\":\"b\"}}", plan.parts().get(1).filter());
    assertEquals(4, plan.parts().get(1).matching());
  }

  @Test
  void normalFormIsEnforced() {
    Filter one = new Filter.Exists("a");
    assertThrows(IllegalArgumentException.class, () -> new Filter.And(List.of(one)));
    assertThrows(
        IllegalArgumentException.class, () -> new Filter.Or(List.of(one, new Filter.All())));
    assertThrows(IllegalArgumentException.class, () -> Filter.not(new Filter.All()));
    assertThrows(
        IllegalArgumentException.class, () -> new Filter.Eq("a", new MetaValue.StrList(List.of())));
  }
}
