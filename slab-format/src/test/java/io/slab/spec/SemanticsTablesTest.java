package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterProblem;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.testkit.spec.Constants;
import io.slab.testkit.spec.JsonRecords;
import io.slab.testkit.spec.SpecTables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** spec/semantics.md against the code. */
class SemanticsTablesTest {
  private static final String DOCUMENT = "semantics.md";

  @Test
  void limits() {
    Map<String, String> expected = new TreeMap<>();
    Constants.all(Limits.class)
        .forEach((name, value) ->
            expected.put(name, value instanceof String s ? "\"" + s + "\"" : "" + value));
    Map<String, String> found = new TreeMap<>();
    SpecTables.rows(DOCUMENT, "L-").forEach((name, cells) -> found.put(name, cells.get(0)));
    assertEquals(expected, found);
  }

  @Test
  void vectorTypes() {
    Map<String, List<String>> expected = new LinkedHashMap<>();
    for (VectorType type : VectorType.values()) {
      expected.put(type.label(), List.of(type.label(), "" + type.code()));
    }
    Map<String, List<String>> found = new LinkedHashMap<>();
    SpecTables.rows(DOCUMENT, "VT-")
        .forEach((name, cells) -> found.put(name, List.of(cells.getFirst(), cells.getLast())));
    assertEquals(expected, found);
  }

  @Test
  void metrics() {
    Map<String, List<String>> expected = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      String nearest = metric.largerIsNearer() ? "largest" : "smallest";
      expected.put(metric.label(), List.of(metric.label(), nearest, "" + metric.code()));
    }
    Map<String, List<String>> found = new LinkedHashMap<>();
    SpecTables.rows(DOCUMENT, "X-")
        .forEach(
            (name, cells) -> found.put(name, List.of(cells.get(0), cells.get(2), cells.get(3))));
    assertEquals(expected, found);
  }

  /**
   * Every operator of the table is understood, and one that is missing from it would be a surprise
   * below.
   */
  @Test
  void operators() {
    for (String operator : SpecTables.rows(DOCUMENT, "O-").keySet()) {
      String inside = "{\"f\":{\"" + operator + "\":" + operand(operator) + "}}";
      String outside = "{\"" + operator + "\":[{\"f\":1}]}";
      boolean logical = operator.equals("$and") || operator.equals("$or");
      assertEquals(List.of(), problems(logical ? outside : inside), operator);
    }
    List<String> all = new ArrayList<>(SpecTables.rows(DOCUMENT, "O-").keySet());
    String candidates = problems("{\"f\":{\"$zzzzzzzzzz\":1}}").getFirst().suggestion();
    all.removeAll(List.of("$and", "$or"));
    assertEquals("one of " + String.join(" ", all), candidates);
  }

  /** The depth that a filter may have is the one that JSON may have, and the message names it. */
  @Test
  void depthOfFilters() {
    assertEquals(Limits.MAX_FILTER_DEPTH, Json.MAX_DEPTH);
    FilterParser.parse(nested(Limits.MAX_FILTER_DEPTH));
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> FilterParser.parse(nested(Limits.MAX_FILTER_DEPTH + 1)));
    assertTrue(e.getMessage().contains("more than 100 levels"), e.getMessage());
  }

  /** An {@code $and} in an {@code $and}, so many objects and arrays deep; two each. */
  private static String nested(int depth) {
    int pairs = (depth - 1) / 2;
    String inner = depth % 2 == 0 ? "{\"f\":{}}" : "{}";
    return "{\"$and\":[".repeat(pairs) + inner + "]}".repeat(pairs);
  }

  @Test
  void filtersAreStrictJson() {
    for (String text :
        List.of(
            "{\"f\":1,\"f\":2}",
            "{\"f\":1e400}",
            "{\"f\":\"\\ud800\"}",
            "{\"f\":NaN}",
            "{\"f\":1}}",
            "\uFEFF{\"f\":1}")) {
      assertThrows(InvalidInputException.class, () -> FilterParser.parse(text), text);
    }
  }

  private static String operand(String operator) {
    return switch (operator) {
      case "$in", "$nin" -> "[1]";
      case "$exists" -> "true";
      case "$not" -> "{\"$eq\":1}";
      default -> "1";
    };
  }

  private static List<FilterProblem> problems(String filter) {
    return FilterParser.problems(Json.parse("filter", filter));
  }

  @Test
  void truthTable() {
    Map<String, List<String>> rows = SpecTables.rows(DOCUMENT, "B-");
    assertEquals(33, rows.size());
    rows.forEach((id, cells) -> {
      Filter filter = FilterParser.parse("{\"f\":" + SpecTables.code(cells.get(1)) + "}");
      boolean found = FilterEvaluator.matches(filter, metadata(cells.get(0)));
      assertEquals(cells.get(2), "" + found, "B-" + id);
    });
  }

  private static Metadata metadata(String cell) {
    if (cell.equals("absent")) {
      return Metadata.EMPTY;
    }
    JsonNode value = Json.parse("value", SpecTables.code(cell));
    return Metadata.of(Map.of("f", JsonRecords.value(value)));
  }

  @Test
  void filterErrors() {
    Map<String, List<String>> rows = SpecTables.rows(DOCUMENT, "FE-");
    rows.forEach((id, cells) -> {
      List<FilterProblem> problems = problems(SpecTables.code(cells.get(0)));
      assertEquals(
          List.of(cells.get(1)), problems.stream().map(FilterProblem::message).toList(), id);
      assertEquals(
          List.of(SpecTables.code(cells.get(2))),
          problems.stream().map(FilterProblem::path).toList(),
          id);
    });
  }
}
