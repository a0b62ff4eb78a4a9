package io.slab.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterPruner;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** No slab is skipped by its statistics that holds a record which matches. */
class ManifestBoundsTest {
  private static final String[] FIELDS = {"a", "b", ""};
  private static final double[] NUMBERS = {
    -1e300, -2, -0.0, 0.0, Double.MIN_VALUE, 1, 1.5, 2, 3, 7, 1e16, Double.MAX_VALUE
  };

  /** Short ones, and long ones that are equal up to where bounds are cut. */
  private static final String[] TEXTS = {
    "",
    "a",
    "b",
    "\u00fc",
    "\uffff",
    "\ud83d\ude00",
    "x".repeat(64),
    "x".repeat(65),
    "x".repeat(64) + "y",
    "x".repeat(70) + "z",
    "\u00fc".repeat(33),
    "\ud7ff".repeat(30),
    "\ud83d\ude00".repeat(17),
    "\udbff\udfff".repeat(20),
    "\udbff\udfff".repeat(16)
  };

  private final long seed = Seeds.of("ManifestBoundsTest");
  private final Random random = new Random(seed);

  private MetaValue.Str text() {
    return new MetaValue.Str(TEXTS[random.nextInt(TEXTS.length)]);
  }

  private MetaValue.Num number() {
    return new MetaValue.Num(NUMBERS[random.nextInt(NUMBERS.length)]);
  }

  private MetaValue value(int types) {
    return switch (random.nextInt(types)) {
      case 0 -> number();
      case 1 -> text();
      case 2 -> new MetaValue.Bool(random.nextBoolean());
      default -> {
        List<String> list = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
          list.add(text().value());
        }
        yield new MetaValue.StrList(list);
      }
    };
  }

  private List<Metadata> rows() {
    List<Metadata> rows = new ArrayList<>();
    int missing = 1 + random.nextInt(4);
    int types = 1 + random.nextInt(4);
    for (int i = random.nextInt(4); i >= 0; i--) {
      Map<String, MetaValue> fields = new TreeMap<>();
      for (String field : FIELDS) {
        if (random.nextInt(4) >= missing) {
          fields.put(field, value(types));
        }
      }
      rows.add(Metadata.of(fields));
    }
    return rows;
  }

  private Filter filter(int depth) {
    String field = FIELDS[random.nextInt(FIELDS.length)];
    Filter filter =
        switch (random.nextInt(depth == 0 ? 4 : 6)) {
          case 0 -> new Filter.Exists(field);
          case 1 -> {
            MetaValue value = value(3);
            yield new Filter.Eq(field, value);
          }
          case 2 -> {
            var values = new LinkedHashSet<MetaValue>();
            for (int n = random.nextInt(4); n > 0; n--) {
              values.add(random.nextBoolean() ? text() : number());
            }
            yield new Filter.In(field, values);
          }
          case 3 ->
              new Filter.Compare(field, Filter.Order.values()[random.nextInt(4)], number().value());
          case 4 -> Filter.and(List.of(filter(depth - 1), filter(depth - 1)));
          default -> Filter.or(List.of(filter(depth - 1), filter(depth - 1)));
        };
    return random.nextInt(3) == 0 ? Filter.not(filter) : filter;
  }

  @Test
  void neverSkipASlabThatHasAMatch() {
    int skipped = 0;
    int useless = 0;
    for (int round = 0; round < 3_000; round++) {
      List<Metadata> rows = rows();
      StatisticsCollector collector = new StatisticsCollector();
      rows.forEach(collector::add);
      ManifestBounds bounds = new ManifestBounds(rows.size(), collector.result());
      for (int i = 0; i < 50; i++) {
        Filter filter = filter(2);
        boolean matches = rows.stream().anyMatch(row -> FilterEvaluator.matches(filter, row));
        boolean may = FilterPruner.mayMatch(filter, bounds);
        assertTrue(may || !matches, () -> "seed " + seed + ": " + filter.toJson() + " on " + rows);
        skipped += may ? 0 : 1;
        useless += may && !matches ? 1 : 0;
      }
    }
    // It must also be of use: of the slabs without a match most are skipped.
    assertTrue(skipped > useless, skipped + " skipped, " + useless + " without a match not");
  }

  @Test
  void whatIsNotKnownIsNotSkipped() {
    ManifestBounds unknown = new ManifestBounds(10, List.of());
    ManifestBounds open =
        new ManifestBounds(
            10,
            List.of(
                new ColumnStatistics("n", "number", 4, null, null),
                new ColumnStatistics("t", "string", 10, "m", null),
                new ColumnStatistics("l", "list", 3, null, "m")));
    for (String json :
        List.of(
            "{\"n\":3}",
            "{\"n\":{\"$lt\":0}}",
            "{\"t\":\"z\"}",
            "{\"l\":\"a\"}",
            "{\"t\":{\"$ne\":\"z\"}}",
            "{\"n\":{\"$exists\":false}}",
            "{}",
            "{\"l\":{\"$nin\":[\"a\"]}}")) {
      Filter filter = FilterParser.parse(json);
      assertTrue(FilterPruner.mayMatch(filter, unknown), json);
      assertTrue(FilterPruner.mayMatch(filter, open), json);
    }
    for (String json :
        List.of(
            "{\"t\":\"a\"}",
            "{\"l\":\"z\"}",
            "{\"t\":3}",
            "{\"n\":\"x\"}",
            "{\"n\":true}",
            "{\"t\":{\"$exists\":false}}",
            "{\"gone\":{\"$exists\":true}}")) {
      assertFalse(FilterPruner.mayMatch(FilterParser.parse(json), open), json);
    }
  }

  @Test
  void manyColumnsAreLeftOutAltogether() {
    StatisticsCollector collector = new StatisticsCollector();
    for (int i = 0; i < StatisticsCollector.MAX_COLUMNS; i++) {
      collector.add(Metadata.of(Map.of("field" + i, new MetaValue.Num(i))));
    }
    assertEquals(StatisticsCollector.MAX_COLUMNS, collector.result().size());
    collector.add(Metadata.of(Map.of("field0", new MetaValue.Bool(true))));
    assertEquals(List.of(), collector.result());
  }
}
