package io.slab.model;

import io.slab.error.InvalidInputException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;

/**
 * The rules a record must keep before it may enter an index (spec/semantics.md, "Records"). What
 * every write passes asks them: the check of a batch before it is logged, and that of the rows of a
 * bulk load. Readers of files ask the same rules first, to name file and line. Messages are those
 * of the reference service where it has one. Thread-safe.
 */
public final class RecordRules {
  /** A dense component smaller than this counts as zero under the metric cosine. */
  private static final float ZERO = 1e-8f;

  private RecordRules() {}

  /**
   * What is wrong with a part of a record.
   *
   * @param field path of the member ("metadata.genre"), never null
   * @param message what is wrong with it
   */
  public record Finding(String field, String message) {}

  /** The first rule that {@code record} breaks as a sentence, or null when it is fine. */
  public static String problem(VectorRecord record, IndexSpec spec) {
    Finding finding = find(record, spec);
    return finding == null ? null : finding.message();
  }

  /** The first rule that {@code record} breaks, or null when it is fine. */
  public static Finding find(VectorRecord record, IndexSpec spec) {
    Finding finding = id(record.id());
    if (finding == null) {
      finding = dense(record.id(), record.values(), spec);
    }
    if (finding == null) {
      finding = sparse(record.sparse(), spec);
    }
    return finding == null ? metadata(record.metadata()) : finding;
  }

  /**
   * The first rule that the parts of a partial update break, or null when they are fine. What the
   * record becomes by them is no larger a question: only the size of its metadata depends on what
   * was there.
   *
   * @param values null when they stay, as do sparse and changes
   */
  public static Finding update(
      String id, float[] values, SparseVector sparse, Metadata changes, IndexSpec spec) {
    Finding finding = id(id);
    if (finding == null && values != null) {
      finding = dense(id, values, spec);
    }
    if (finding == null && sparse != null) {
      finding = sparse(sparse, spec);
    }
    return finding == null && changes != null ? metadata(changes) : finding;
  }

  /**
   * Refuses what was found.
   *
   * @param what names the record, such as {@code "record 'a'"}
   * @param finding null for nothing
   * @throws InvalidInputException with the finding
   */
  public static void require(String what, Finding finding) {
    if (finding != null) {
      String message = finding.message();
      // An id that is none would not be shown well.
      throw new InvalidInputException(
          finding.field().equals("id") ? message : what + ": " + message);
    }
  }

  /** Checks what ids shall begin with: any text, the empty one too. */
  public static Finding prefix(String prefix) {
    return MetadataSize.textBytes(prefix) >= 0
        ? null
        : new Finding("prefix", "The prefix is not valid Unicode: it holds an unpaired surrogate");
  }

  /** Checks a record id. */
  public static Finding id(String id) {
    String message = null;
    if (id.isEmpty()) {
      message = "Vector ID must not be empty";
    } else if (id.indexOf('\0') >= 0) {
      message = "Vector ID must not contain null character";
    } else if (MetadataSize.textBytes(id) < 0) {
      message = "Vector ID is not valid Unicode: it holds an unpaired surrogate";
    } else if (id.length() > Limits.MAX_ID_BYTES / 4) {
      int bytes = Utf8.bytes(id).length;
      if (bytes > Limits.MAX_ID_BYTES) {
        message = tooLong(bytes);
      }
    }
    return message == null ? null : new Finding("id", message);
  }

  /** As {@link #id(String)} for an id as its bytes. */
  public static Finding id(byte[] id) {
    boolean plain = id.length > 0 && id.length <= Limits.MAX_ID_BYTES;
    for (int i = 0; i < id.length && plain; i++) {
      plain = id[i] > 0;
    }
    if (plain) {
      return null;
    }
    try {
      return id(Utf8.decode(id, 0, id.length));
    } catch (CharacterCodingException e) {
      return new Finding("id", "Vector ID is not valid Unicode: its bytes are no UTF-8");
    }
  }

  private static String tooLong(int bytes) {
    return "Vector ID is "
        + bytes
        + " bytes, which exceeds the limit of "
        + Limits.MAX_ID_BYTES
        + " bytes";
  }

  /**
   * Checks the dense values of a record.
   *
   * @param values null when the record has none
   */
  public static Finding dense(String id, float[] values, IndexSpec spec) {
    String message = shape(values, spec);
    if (message == null && values != null) {
      message = components(id, values, spec.metric());
    }
    return message == null ? null : new Finding("values", message);
  }

  /** What is wrong with the presence or length of dense values, or null. */
  static String shape(float[] values, IndexSpec spec) {
    if (!spec.vectorType().hasDense()) {
      return values == null
          ? null
          : spec.textIndex() == null
              ? denseInSparse()
              : "This index has texts alone and takes no dense 'values'";
    }
    if (values == null) {
      return "Record has no 'values'; a " + spec.givenType().label() + " index needs them";
    }
    return values.length == spec.dimension()
        ? null
        : dimensionMismatch(values.length, spec.dimension());
  }

  private static String components(String id, float[] values, Metric metric) {
    float largest = largest(values);
    if (!(largest <= Float.MAX_VALUE)) {
      return notFinite(values);
    }
    if (metric == Metric.COSINE && largest < ZERO) {
      return "Dense vectors must contain at least one non-zero value. Vector ID '"
          + id
          + "' contains only zeros";
    }
    return null;
  }

  /** What is said of values with one that is no finite number; null when there is none. */
  static String notFinite(float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return "Vector values must be finite numbers, got " + values[i] + " at position " + i;
      }
    }
    return null;
  }

  /** True when there is neither NaN nor an infinity among them. */
  public static boolean isFinite(float[] values) {
    return largest(values) <= Float.MAX_VALUE;
  }

  /** The largest magnitude; NaN when there is one, for the maximum keeps it. */
  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /**
   * Checks the sparse values of a record.
   *
   * @param sparse null when the record has none
   */
  public static Finding sparse(SparseVector sparse, IndexSpec spec) {
    if (spec.textIndex() != null) {
      return sparse == null
          ? null
          : new Finding("sparse_values", derivedSparse(spec.textIndex().field()));
    }
    return storedSparse(sparse, spec);
  }

  /**
   * Checks the sparse values of a record as it is stored, the terms of a text too.
   *
   * @param sparse null when the record has none
   */
  public static Finding storedSparse(SparseVector sparse, IndexSpec spec) {
    String message = null;
    if (sparse == null) {
      message = spec.vectorType().hasDense() ? null : missingSparse();
    } else if (!spec.vectorType().hasSparse()) {
      message = sparseInDense();
    } else if (sparse.size() == 0) {
      message = "Sparse vector must contain at least one value";
    } else if (sparse.size() > Limits.MAX_SPARSE_ENTRIES) {
      message = tooManySparse(sparse.size());
    } else {
      for (float weight : sparse.weights()) {
        if (!Float.isFinite(weight)) {
          message = "Sparse values must be finite numbers, got " + weight;
          break;
        }
      }
    }
    return message == null ? null : new Finding("sparse_values", message);
  }

  /** Checks metadata: names, values and size. */
  public static Finding metadata(Metadata metadata) {
    for (Map.Entry<String, MetaValue> field : metadata.fields().entrySet()) {
      String message = field(field.getKey(), field.getValue());
      if (message != null) {
        return new Finding("metadata." + field.getKey(), message);
      }
    }
    long size = MetadataSize.bytes(metadata);
    if (size > Limits.MAX_METADATA_BYTES) {
      return new Finding("metadata", metadataTooLarge(size));
    }
    return null;
  }

  private static String metadataTooLarge(long size) {
    return "Metadata size is "
        + size
        + " bytes, which exceeds the limit of "
        + Limits.MAX_METADATA_BYTES
        + " bytes per vector";
  }

  /** Checks the name of a metadata field. */
  public static Finding fieldName(String name) {
    String message = null;
    if (name.startsWith("$")) {
      message = "Metadata field '" + name + "' must not begin with '$'";
    } else if (MetadataSize.textBytes(name) < 0) {
      message = "The name of metadata field '" + name + "' holds an unpaired surrogate";
    }
    return message == null ? null : new Finding("metadata." + name, message);
  }

  private static String field(String name, MetaValue value) {
    Finding finding = fieldName(name);
    if (finding != null) {
      return finding.message();
    }
    if (!isUnicode(value)) {
      return "Metadata field '" + name + "' holds an unpaired surrogate";
    }
    if (value instanceof MetaValue.Num(double number) && !Double.isFinite(number)) {
      return metadataType(Double.toString(number), name);
    }
    return null;
  }

  private static boolean isUnicode(MetaValue value) {
    if (value instanceof MetaValue.Str(String text)) {
      return MetadataSize.textBytes(text) >= 0;
    }
    if (value instanceof MetaValue.StrList(List<String> texts)) {
      for (String text : texts) {
        if (MetadataSize.textBytes(text) < 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** What is said of a metadata value of a type that no index takes. */
  public static String metadataType(String got, String field) {
    return "Metadata value must be a string, number, boolean or list of strings, got '"
        + got
        + "' for field '"
        + field
        + "'";
  }

  public static String dimensionMismatch(int found, int dimension) {
    return "Vector dimension " + found + " does not match the dimension of the index " + dimension;
  }

  public static String denseInSparse() {
    return "This index is sparse and takes no dense 'values'";
  }

  public static String sparseInDense() {
    return "This index is dense and takes no 'sparse_values'";
  }

  public static String missingSparse() {
    return "Record has no 'sparse_values'; a sparse index needs them";
  }

  private static String derivedSparse(String field) {
    return "This index makes its sparse values of the text in '"
        + field
        + "' and takes no 'sparse_values'";
  }

  /** What is said of too long a sparse vector. */
  public static String tooManySparse(int count) {
    return "Sparse vector has "
        + count
        + " values, which exceeds the limit of "
        + Limits.MAX_SPARSE_ENTRIES;
  }
}
