package io.slab.queries;

import io.slab.error.InvalidInputException;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterRules;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.QueryRules;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.JsonCursor;
import io.slab.source.json.NumberLists;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** Reads one query from one line of JSON. One thread only. */
final class QueryParser {
  private final IndexSpec spec;
  private final JsonCursor cursor = new JsonCursor();
  private final NumberLists numbers = new NumberLists(cursor);
  private final Set<String> seen = new HashSet<>();

  private String id;
  private String text;
  private float[] vector;
  private SparseVector sparse;
  private int topK;
  private Filter filter;
  private String namespace;

  QueryParser(IndexSpec spec) {
    this.spec = spec;
  }

  /** Reads the query in {@code bytes[from, to)}. */
  FileQuery parse(long line, byte[] bytes, int from, int to) {
    cursor.reset(bytes, from, to);
    seen.clear();
    id = null;
    text = null;
    vector = null;
    sparse = null;
    topK = 0;
    filter = null;
    namespace = null;
    cursor.expect('{', null, "one JSON object per line");
    if (!cursor.take('}')) {
      do {
        member();
      } while (cursor.more('}', null));
    }
    if (cursor.peek() >= 0) {
      throw cursor.unexpected(null, "the end of the line after the query");
    }
    String problem = problem();
    if (problem != null) {
      throw new BadRecordException(from, null, problem);
    }
    return new FileQuery(line, id, text, vector, sparse, topK, filter, namespace);
  }

  private void member() {
    cursor.peek();
    int at = cursor.position();
    String name = cursor.name(null);
    String member = canonical(name);
    if (member == null) {
      throw new BadRecordException(
          at,
          name,
          "Unknown member '"
              + name
              + "' (expected id, text, vector, sparse_values, top_k, filter or namespace)");
    }
    if (!seen.add(member)) {
      throw new BadRecordException(at, name, "Member '" + name + "' is given twice");
    }
    if (cursor.peek() == 'n' && cursor.literal("null")) {
      return;
    }
    switch (member) {
      case "id" -> id = text(name);
      case "namespace" -> namespace = text(name);
      case "text" -> text = text(name);
      case "vector" -> vector = dense(name);
      case "sparse_values" -> sparse = numbers.sparse(name);
      case "top_k" -> topK = topK(name);
      default -> filter = filter(name);
    }
  }

  private float[] dense(String name) {
    int at = cursor.position();
    float[] values = numbers.floats(name);
    if (values.length == spec.dimension()) {
      return values.length == 0 ? null : values;
    }
    String message =
        spec.dimension() == 0
            ? RecordRules.denseInSparse()
            : RecordRules.dimensionMismatch(values.length, spec.dimension());
    throw new BadRecordException(at, name, message);
  }

  /** The one name for all spellings of a member; null for an unknown one. */
  private static String canonical(String name) {
    return switch (name) {
      case "id", "text", "namespace", "filter" -> name;
      case "vector", "values" -> "vector";
      case "sparse_values", "sparseValues", "sparse_vector", "sparseVector" -> "sparse_values";
      case "top_k", "topK" -> "top_k";
      default -> null;
    };
  }

  private String text(String name) {
    if (cursor.peek() != '"') {
      int at = cursor.position();
      String got = cursor.quoteValue(at);
      throw new BadRecordException(at, name, "'" + name + "' must be a string, got '" + got + "'");
    }
    return cursor.string(name);
  }

  private int topK(String name) {
    int at = cursor.position();
    int next = cursor.number().parse(cursor.buffer(), at, cursor.end());
    double value = next < 0 ? 0 : cursor.number().doubleValue();
    if (value != Math.rint(value) || value < 1 || value > Limits.MAX_TOP_K) {
      String got = cursor.quoteValue(at);
      throw new BadRecordException(
          at,
          name,
          "'" + name + "' must be an integer from 1 to " + Limits.MAX_TOP_K + ", got " + got);
    }
    cursor.moveTo(next);
    return (int) value;
  }

  private Filter filter(String name) {
    int at = cursor.position();
    cursor.skipValue(name);
    String json = new String(cursor.buffer(), at, cursor.position() - at, StandardCharsets.UTF_8);
    try {
      Filter parsed = FilterParser.parse(json);
      FilterRules.require(parsed);
      return parsed;
    } catch (InvalidInputException e) {
      throw new BadRecordException(at, name, e.getMessage());
    }
  }

  private String problem() {
    if (text == null) {
      return QueryRules.problem(vector, sparse, spec);
    }
    if (text.isBlank()) {
      return "The text is empty";
    }
    if (vector == null) {
      // Whether it suits the index is known when there is one.
      return null;
    }
    return spec.textIndex() == null
        ? "A query has a text or a vector, not both, where the index has no text index"
        : QueryRules.problem(vector, sparse, spec);
  }
}
