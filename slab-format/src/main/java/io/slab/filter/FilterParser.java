package io.slab.filter;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads filter JSON. What it accepts is what the reference service accepts; what it refuses it
 * refuses all at once, in the service's words, each problem with the path of its clause and, for a
 * slip, what was probably meant.
 *
 * <p>{@code null} and {@code {}} are no filter at all ({@link Filter.All}), and so is a clause
 * without operators ({@code {"year": {}}}): a caller that deletes or changes records must look for
 * that case.
 */
public final class FilterParser {
  private final List<FilterProblem> problems = new ArrayList<>();

  private FilterParser() {}

  /**
   * @throws InvalidInputException when the text is no strict JSON, or listing everything that is
   *     wrong with the filter
   */
  public static Filter parse(String json) {
    return parse(Json.parse("filter", json));
  }

  /**
   * @throws InvalidInputException listing everything that is wrong with the filter
   */
  public static Filter parse(JsonNode json) {
    FilterParser parser = new FilterParser();
    Filter filter = parser.root(json);
    if (parser.problems.isEmpty()) {
      return filter;
    }
    throw new InvalidInputException(message(parser.problems));
  }

  /** Everything that is wrong with a filter; empty when it is fine. */
  public static List<FilterProblem> problems(JsonNode json) {
    FilterParser parser = new FilterParser();
    parser.root(json);
    return List.copyOf(parser.problems);
  }

  private static String message(List<FilterProblem> problems) {
    if (problems.size() == 1) {
      return "filter: " + problems.getFirst().text();
    }
    StringBuilder text = new StringBuilder("filter: " + problems.size() + " problems");
    for (FilterProblem problem : problems) {
      text.append("\n  ").append(problem.text());
    }
    return text.toString();
  }

  private Filter root(JsonNode json) {
    return json.isNull() ? new Filter.All() : object("$", json);
  }

  /** A filter object: fields and logical operators, all of which must hold. */
  private Filter object(String path, JsonNode json) {
    if (!json.isObject()) {
      return problem(path, "a filter must be a JSON object, got " + brief(json) + " instead", null);
    }
    List<Filter> parts = new ArrayList<>();
    json.forEachEntry((name, value) -> {
      String at = member(path, name);
      if (Operators.LOGICAL.contains(name)) {
        parts.add(logical(at, name, value));
      } else if (Operators.FIELD.contains(name)) {
        parts.add(
            problem(
                at,
                "the " + name + " operator must be inside a field",
                "write {\"field\": {\"" + name + "\": ...}}"));
      } else if (name.startsWith("$")) {
        parts.add(unknown(at, name, Operators.LOGICAL));
      } else {
        parts.add(field(at, name, value));
      }
    });
    return Filter.and(parts);
  }

  private Filter logical(String path, String operator, JsonNode value) {
    if (!value.isArray() || value.isEmpty()) {
      return problem(
          path,
          "the " + operator + " operator must be followed by a non-empty list of filters",
          null);
    }
    List<Filter> parts = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      parts.add(object(path + "[" + i + "]", value.get(i)));
    }
    return operator.equals("$and") ? Filter.and(parts) : Filter.or(parts);
  }

  private Filter field(String path, String field, JsonNode value) {
    if (value.isObject()) {
      return operators(path, field, value);
    }
    if (value.isArray()) {
      String meant = Operators.guess(field, Operators.LOGICAL);
      return problem(
          path,
          "invalid filter (compilation error): a field cannot be followed by a list",
          meant != null && (value.isEmpty() || value.get(0).isObject())
              ? "did you mean " + meant + "?"
              : "write {\"$in\": " + brief(value) + "}");
    }
    return equal(path, field, "$eq", value);
  }

  /** The object after a field name or after {@code $not}: operators, all of which must hold. */
  private Filter operators(String path, String field, JsonNode json) {
    List<Filter> parts = new ArrayList<>();
    json.forEachEntry((name, value) -> parts.add(operator(member(path, name), field, name, value)));
    return Filter.and(parts);
  }

  private Filter operator(String path, String field, String name, JsonNode value) {
    return switch (name) {
      case "$eq" -> equal(path, field, name, value);
      case "$ne" -> Filter.not(equal(path, field, name, value));
      case "$gt" -> compare(path, field, Filter.Order.GT, value);
      case "$gte" -> compare(path, field, Filter.Order.GTE, value);
      case "$lt" -> compare(path, field, Filter.Order.LT, value);
      case "$lte" -> compare(path, field, Filter.Order.LTE, value);
      case "$in" -> in(path, field, name, value);
      case "$nin" -> Filter.not(in(path, field, name, value));
      case "$exists" -> exists(path, field, value);
      case "$not" -> not(path, field, value);
      default -> unknown(path, name, Operators.FIELD);
    };
  }

  private Filter.Clause equal(String path, String field, String operator, JsonNode value) {
    MetaValue scalar = scalar(value);
    if (scalar == null) {
      problem(
          path,
          "the "
              + operator
              + " operator must be followed by a string, boolean or a number, got "
              + brief(value)
              + " instead",
          equalHint(operator, value));
      return new Filter.Exists(field);
    }
    return new Filter.Eq(field, scalar);
  }

  private static String equalHint(String operator, JsonNode value) {
    boolean negated = operator.equals("$ne");
    if (value.isNull()) {
      return "for records without the field write {\"$exists\": " + negated + "}";
    }
    return value.isArray() ? "did you mean " + (negated ? "$nin" : "$in") + "?" : null;
  }

  private Filter compare(String path, String field, Filter.Order order, JsonNode value) {
    if (!value.isNumber()) {
      return problem(
          path,
          "the " + order.operator() + " operator must be followed by a number",
          numberHint(value));
    }
    return new Filter.Compare(field, order, number(value));
  }

  private static String numberHint(JsonNode value) {
    if (value.isString()) {
      try {
        double number = Double.parseDouble(value.stringValue());
        return Double.isFinite(number)
            ? "write " + value.stringValue().strip() + " without quotes"
            : null;
      } catch (NumberFormatException e) {
        return "only numbers are ordered";
      }
    }
    return null;
  }

  private Filter.Clause in(String path, String field, String operator, JsonNode value) {
    Set<MetaValue> values = new LinkedHashSet<>();
    boolean fits = value.isArray();
    for (JsonNode element : fits ? value : List.<JsonNode>of()) {
      // The first element decides the type of all.
      boolean sameType = value.get(0).isString() ? element.isString() : element.isNumber();
      if (!sameType) {
        fits = false;
        break;
      }
      values.add(scalar(element));
    }
    if (!fits) {
      problem(
          path,
          "the "
              + operator
              + " operator must be followed by a list of strings or a list of numbers",
          value.isString() || value.isNumber()
              ? "write \"" + operator + "\": [" + brief(value) + "]"
              : null);
    } else if (value.size() > Limits.MAX_IN_VALUES) {
      problem(
          path,
          "the "
              + operator
              + " operator must be followed by at most "
              + Limits.MAX_IN_VALUES
              + " values, got "
              + value.size(),
          null);
    }
    return new Filter.In(field, values);
  }

  private Filter exists(String path, String field, JsonNode value) {
    if (!value.isBoolean()) {
      return problem(path, "the $exists operator must be followed by a boolean", null);
    }
    Filter exists = new Filter.Exists(field);
    return value.booleanValue() ? exists : Filter.not(exists);
  }

  private Filter not(String path, String field, JsonNode value) {
    if (!value.isObject() || value.isEmpty()) {
      return problem(
          path,
          "the $not operator must be followed by an object of operators",
          scalar(value) == null ? null : "did you mean $ne?");
    }
    int before = problems.size();
    Filter inner = operators(path, field, value);
    return problems.size() > before ? inner : Filter.not(inner);
  }

  private Filter unknown(String path, String name, List<String> candidates) {
    return problem(path, name + " is not a valid operator", suggestion(name, candidates));
  }

  private static String suggestion(String name, List<String> candidates) {
    String foreign = Operators.insteadOf(name);
    if (foreign != null) {
      return foreign;
    }
    if (Operators.LOGICAL.contains(name)) {
      return name + " stands outside of fields: {\"" + name + "\": [{\"field\": ...}, ...]}";
    }
    String meant = Operators.guess(name, candidates);
    if (meant != null) {
      return "did you mean " + meant + "?";
    }
    return name.startsWith("$")
        ? "one of " + String.join(" ", candidates)
        : "metadata is flat: a field holds no fields of its own";
  }

  private static MetaValue scalar(JsonNode value) {
    if (value.isString()) {
      return new MetaValue.Str(value.stringValue());
    }
    if (value.isNumber()) {
      return new MetaValue.Num(number(value));
    }
    return value.isBoolean() ? new MetaValue.Bool(value.booleanValue()) : null;
  }

  private static double number(JsonNode value) {
    return value.numberValue().doubleValue();
  }

  /** Notes a problem; what is returned only keeps the parse going and is never seen. */
  private Filter problem(String path, String message, String suggestion) {
    problems.add(new FilterProblem(path, message, suggestion));
    return new Filter.All();
  }

  private static String brief(JsonNode value) {
    String text = Json.text(value);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private static String member(String path, String name) {
    boolean plain = !name.isEmpty() && name.chars().allMatch(FilterParser::isPlain);
    return plain ? path + "." + name : path + "[" + Json.text(out -> out.writeString(name)) + "]";
  }

  private static boolean isPlain(int c) {
    return c == '$' || c == '_' || c == '-' || Character.isLetterOrDigit(c);
  }
}
