package io.slab.cli;

import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One rule of records: a record that breaks it and nothing else, and what is said of it. */
enum Rule {
  ID_EMPTY("Vector ID must not be empty"),
  ID_NUL("must not contain null character"),
  ID_SURROGATE("Vector ID is not valid Unicode"),
  ID_LONG("exceeds the limit of 512 bytes"),
  VALUES_NAN("got NaN at position 1"),
  VALUES_INFINITE("got Infinity at position 1"),
  VALUES_ZERO("contains only zeros"),
  VALUES_MISSING("Record has no 'values'"),
  VALUES_DIMENSION("Vector dimension 3 does not match the dimension of the index 2"),
  VALUES_IN_SPARSE("This index is sparse and takes no dense 'values'"),
  SPARSE_IN_DENSE("This index is dense and takes no 'sparse_values'"),
  SPARSE_MISSING("Record has no 'sparse_values'"),
  SPARSE_EMPTY("must contain at least one value"),
  SPARSE_MANY("which exceeds the limit of 2048"),
  SPARSE_NAN("Sparse values must be finite numbers, got NaN"),
  FIELD_DOLLAR("Metadata field '$x' must not begin with '$'"),
  FIELD_SURROGATE("holds an unpaired surrogate"),
  TEXT_SURROGATE("Metadata field 'a' holds an unpaired surrogate"),
  LIST_SURROGATE("Metadata field 'a' holds an unpaired surrogate"),
  NUMBER_NAN("number, boolean or list of strings, got 'NaN' for field 'a'"),
  METADATA_SIZE("exceeds the limit of 40960 bytes per vector");

  private static final String LONE = "b\ud800";

  private final String message;

  Rule(String message) {
    this.message = message;
  }

  String message() {
    return message;
  }

  boolean isId() {
    return name().startsWith("ID");
  }

  boolean isMetadata() {
    return !isId() && !name().startsWith("VALUES") && !name().startsWith("SPARSE");
  }

  IndexSpec spec() {
    return switch (this) {
      case VALUES_IN_SPARSE, SPARSE_MISSING ->
          new IndexSpec("rules", 0, Metric.DOTPRODUCT, VectorType.SPARSE, null, 1);
      case SPARSE_EMPTY, SPARSE_MANY, SPARSE_NAN ->
          new IndexSpec("rules", 2, Metric.DOTPRODUCT, VectorType.HYBRID, null, 1);
      default -> new IndexSpec("rules", 2, Metric.COSINE, VectorType.DENSE, null, 1);
    };
  }

  /** A record that keeps every rule. */
  VectorRecord good() {
    float[] values = spec().vectorType().hasDense() ? new float[] {1, 2} : null;
    SparseVector sparse =
        spec().vectorType() == VectorType.SPARSE
            ? new SparseVector(new int[] {3}, new float[] {1})
            : null;
    return new VectorRecord("a", values, sparse, field("a", new MetaValue.Str("t")));
  }

  private static Metadata field(String name, MetaValue value) {
    return Metadata.of(Map.of(name, value));
  }

  /** A record that breaks this rule; it comes after the good one. */
  VectorRecord bad() {
    VectorRecord good = good();
    Metadata fields = metadata();
    return new VectorRecord(
        id(),
        values(good.values()),
        sparse(good.sparse()),
        fields == null ? good.metadata() : fields);
  }

  private String id() {
    return switch (this) {
      case ID_EMPTY -> "";
      case ID_NUL -> "b\0";
      case ID_SURROGATE -> LONE;
      case ID_LONG -> "b".repeat(Limits.MAX_ID_BYTES + 1);
      default -> "b";
    };
  }

  private float[] values(float[] good) {
    return switch (this) {
      case VALUES_NAN -> new float[] {1, Float.NaN};
      case VALUES_INFINITE -> new float[] {1, Float.POSITIVE_INFINITY};
      case VALUES_ZERO -> new float[] {0, 1e-9f};
      case VALUES_MISSING -> null;
      case VALUES_DIMENSION -> new float[] {1, 2, 3};
      case VALUES_IN_SPARSE -> new float[] {1, 2};
      default -> good;
    };
  }

  private SparseVector sparse(SparseVector good) {
    return switch (this) {
      case SPARSE_IN_DENSE -> new SparseVector(new int[] {3}, new float[] {1});
      case SPARSE_MISSING -> null;
      case SPARSE_EMPTY -> new SparseVector(new int[0], new float[0]);
      case SPARSE_MANY -> {
        int[] indices = new int[Limits.MAX_SPARSE_ENTRIES + 1];
        float[] weights = new float[indices.length];
        for (int i = 0; i < indices.length; i++) {
          indices[i] = i;
          weights[i] = 1;
        }
        yield new SparseVector(indices, weights);
      }
      case SPARSE_NAN -> new SparseVector(new int[] {3}, new float[] {Float.NaN});
      default -> good;
    };
  }

  private Metadata metadata() {
    return switch (this) {
      case FIELD_DOLLAR -> field("$x", new MetaValue.Str("t"));
      case FIELD_SURROGATE -> field(LONE, new MetaValue.Str("t"));
      case TEXT_SURROGATE -> field("a", new MetaValue.Str(LONE));
      case LIST_SURROGATE -> field("a", new MetaValue.StrList(List.of("t", LONE)));
      case NUMBER_NAN -> field("a", new MetaValue.Num(Double.NaN));
      case METADATA_SIZE -> field("a", new MetaValue.Str("t".repeat(Limits.MAX_METADATA_BYTES)));
      default -> null;
    };
  }

  /** A record as JSON; what is no number is one beyond every range, since JSON has no other. */
  static String json(VectorRecord record) {
    List<String> parts = new ArrayList<>();
    parts.add("\"id\":" + text(record.id()));
    if (record.values() != null) {
      parts.add("\"values\":" + floats(record.values()));
    }
    if (record.sparse() != null) {
      parts.add(
          "\"sparse_values\":{\"indices\":"
              + java.util.Arrays.toString(record.sparse().indices())
              + ",\"values\":"
              + floats(record.sparse().weights())
              + "}");
    }
    parts.add("\"metadata\":" + json(record.metadata()));
    return "{" + String.join(",", parts) + "}";
  }

  static String json(Metadata metadata) {
    List<String> fields = new ArrayList<>();
    metadata.fields().forEach((name, value) -> fields.add(text(name) + ":" + json(value)));
    return "{" + String.join(",", fields) + "}";
  }

  private static String json(MetaValue value) {
    return switch (value) {
      case MetaValue.Str(String text) -> text(text);
      case MetaValue.Num(double number) -> Double.isFinite(number) ? "" + number : "1e999";
      case MetaValue.Bool(boolean truth) -> "" + truth;
      case MetaValue.StrList(List<String> texts) ->
          "[" + String.join(",", texts.stream().map(Rule::text).toList()) + "]";
    };
  }

  static String floats(float[] values) {
    List<String> numbers = new ArrayList<>();
    for (float value : values) {
      numbers.add(Float.isFinite(value) ? "" + value : "1e39");
    }
    return "[" + String.join(",", numbers) + "]";
  }

  private static String text(String text) {
    return "\"" + text.replace("\0", "\\u0000").replace("\ud800", "\\ud800") + "\"";
  }
}
