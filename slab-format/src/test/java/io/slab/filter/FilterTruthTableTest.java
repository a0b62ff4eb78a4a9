package io.slab.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of the semantics table, over one fixed set of records, by both ways of evaluation. */
class FilterTruthTableTest {
  private static final List<Metadata> ROWS =
      List.of(
          row("tags", List.of("a", "b"), "year", 2020.0, "genre", "drama", "ok", true), // 0
          row("tags", List.of("c"), "year", 1999.5, "genre", "comedy", "ok", false), // 1
          row("tags", List.of(), "year", "2020", "genre", "2020"), // 2
          row("tags", "a", "year", true), // 3
          Metadata.EMPTY, // 4
          row("tags", List.of("a", "a"), "year", -0.0, "genre", "drama", "ok", "true")); // 5

  private static Metadata row(Object... pairs) {
    Map<String, MetaValue> fields = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put((String) pairs[i], value(pairs[i + 1]));
    }
    return Metadata.of(fields);
  }

  private static MetaValue value(Object value) {
    return switch (value) {
      case String text -> new MetaValue.Str(text);
      case Double number -> new MetaValue.Num(number);
      case Boolean truth -> new MetaValue.Bool(truth);
      case List<?> list -> new MetaValue.StrList(list.stream().map(String.class::cast).toList());
      default -> throw new IllegalArgumentException();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // A list field matches when any element does; a plain string is compared whole.
        "{\"tags\": \"a\"}                                       | 0 3 5",
        "{\"tags\": {\"$eq\": \"a\"}}                            | 0 3 5",
        "{\"tags\": {\"$in\": [\"b\", \"c\"]}}                   | 0 1",
        "{\"$and\": [{\"tags\": \"a\"}, {\"tags\": \"b\"}]}      | 0",
        "{\"tags\": {\"$ne\": \"a\"}}                            | 1 2 4",
        "{\"tags\": {\"$nin\": [\"a\", \"c\"]}}                  | 2 4",
        // A missing field: false for what is positive, true for $ne and $nin.
        "{\"none\": \"x\"}                                       | ``",
        "{\"none\": {\"$gt\": 0}}                                | ``",
        "{\"none\": {\"$gte\": 0}}                               | ``",
        "{\"none\": {\"$lt\": 0}}                                | ``",
        "{\"none\": {\"$lte\": 0}}                               | ``",
        "{\"none\": {\"$in\": [\"x\"]}}                          | ``",
        "{\"none\": {\"$ne\": \"x\"}}                            | 0 1 2 3 4 5",
        "{\"none\": {\"$nin\": [\"x\"]}}                         | 0 1 2 3 4 5",
        "{\"genre\": {\"$ne\": \"drama\"}}                       | 1 2 3 4",
        "{\"genre\": {\"$nin\": [\"drama\", \"2020\"]}}          | 1 3 4",
        "{\"genre\": {\"$exists\": true}}                        | 0 1 2 5",
        "{\"genre\": {\"$exists\": false}}                       | 3 4",
        "{\"tags\": {\"$exists\": true}}                         | 0 1 2 3 5",
        // Order is for numbers only, and nothing is converted.
        "{\"year\": {\"$gt\": -1}}                               | 0 1 5",
        "{\"year\": {\"$gte\": 2020}}                            | 0",
        "{\"year\": {\"$gt\": 2020}}                             | ``",
        "{\"year\": {\"$lte\": 1999.5}}                          | 1 5",
        "{\"year\": {\"$lt\": 1999.5}}                           | 5",
        "{\"genre\": {\"$gt\": 0}}                               | ``",
        "{\"year\": 2020}                                        | 0",
        "{\"year\": 2020.0}                                      | 0",
        "{\"year\": 2.02e3}                                      | 0",
        "{\"year\": \"2020\"}                                    | 2",
        "{\"year\": true}                                        | 3",
        "{\"year\": 1}                                           | ``",
        "{\"year\": 0}                                           | 5",
        "{\"year\": {\"$in\": [-0.0, 1999.5]}}                   | 1 5",
        "{\"ok\": true}                                          | 0",
        "{\"ok\": {\"$ne\": true}}                               | 1 2 3 4 5",
        "{\"ok\": \"true\"}                                      | 5",
        // Nothing, everything, and how clauses join.
        "{\"tags\": {\"$in\": []}}                               | ``",
        "{\"tags\": {\"$nin\": []}}                              | 0 1 2 3 4 5",
        "{\"tags\": {}}                                          | 0 1 2 3 4 5",
        "{\"tags\": {}, \"year\": 2020}                          | 0",
        "{\"$or\": [{\"year\": 2020}, {\"tags\": {}}]}           | 0 1 2 3 4 5",
        "null                                                    | 0 1 2 3 4 5",
        "{}                                                      | 0 1 2 3 4 5",
        "{\"year\": {\"$gte\": 0, \"$lte\": 1999.5}}             | 1 5",
        "{\"year\": {\"$gte\": 5, \"$lte\": 1}}                  | ``",
        "{\"year\": {\"$gt\": 2020, \"$lte\": 2020}}             | ``",
        "{\"year\": {\"$gte\": 2020, \"$lte\": 2020}}            | 0",
        "{\"genre\": \"drama\", \"ok\": true}                    | 0",
        "{\"genre\": \"drama\", \"$or\": [{\"ok\": true}, {\"ok\": \"true\"}]} | 0 5",
        "{\"$or\": [{\"year\": 2020}, {\"genre\": {\"$exists\": false}}]}      | 0 3 4",
        "{\"$or\": [{\"genre\": {\"$ne\": \"drama\"}}, {\"ok\": {\"$ne\": true}}]} | 1 2 3 4 5",
        "{\"$and\": [{\"genre\": {\"$ne\": \"drama\"}}, {\"tags\": {\"$ne\": \"a\"}}]} | 1 2 4",
        // $not is the complement, records without the field included.
        "{\"genre\": {\"$not\": {\"$eq\": \"drama\"}}}           | 1 2 3 4",
        "{\"year\": {\"$not\": {\"$gt\": 2000}}}                 | 1 2 3 4 5",
        "{\"year\": {\"$not\": {\"$gte\": 0, \"$lte\": 1999.5}}} | 0 2 3 4",
        "{\"tags\": {\"$not\": {\"$in\": [\"a\"]}}}              | 1 2 4",
        "{\"tags\": {\"$not\": {\"$not\": {\"$eq\": \"a\"}}}}    | 0 3 5",
        "{\"tags\": {\"$not\": {\"$exists\": true}}}             | 4",
      })
  void rowsThatMatch(String json, String expected) {
    int[] rows =
        expected == null || expected.isEmpty()
            ? new int[0]
            : List.of(expected.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    Filter filter = FilterParser.parse(json);
    assertArrayEquals(rows, FilterEvaluator.rows(filter, FieldIndexes.of(ROWS)).toArray(), json);
    for (int row = 0; row < ROWS.size(); row++) {
      int current = row;
      boolean wanted = Arrays.stream(rows).anyMatch(r -> r == current);
      assertEquals(wanted, FilterEvaluator.matches(filter, ROWS.get(row)), json + " row " + row);
    }
    assertEquals(filter, FilterParser.parse(filter.toJson()), filter.toJson());
  }

  @Test
  void wideAndDeepFiltersWork() {
    String clause = "{\"year\": 2020}";
    String wide = "{\"$or\": [" + (clause + ",").repeat(9) + clause + "]}";
    String deep = "{\"$and\": [{\"$or\": [{\"$and\": [" + wide + "," + clause + "]}]}]}";
    Filter filter = FilterParser.parse(deep);
    assertArrayEquals(new int[] {0}, FilterEvaluator.rows(filter, FieldIndexes.of(ROWS)).toArray());
    assertEquals(Set.of("year"), filter.fields());
  }
}
