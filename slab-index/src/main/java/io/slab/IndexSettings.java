package io.slab;

import io.slab.error.InvalidInputException;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.TextIndex;
import io.slab.model.VectorType;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a new index is to be; none of it but the protection can be changed afterwards. Immutable and
 * thread-safe.
 *
 * @param name 1 to 45 lower-case letters, digits and dashes, a letter or digit at both ends
 * @param dimension numbers in each dense vector, 1 to 20,000; 0 for a sparse index
 * @param metric how vectors are compared; sparse and hybrid indexes take {@link Metric#DOTPRODUCT}
 * @param vectorType which vectors records have
 * @param schema metadata fields that filters may name, or null for all
 * @param textIndex the field whose texts are asked for by their words, or null for none
 * @param deletionProtection true to refuse {@link Index#drop} and {@link Index#deleteNamespace}
 */
public record IndexSettings(
    String name,
    int dimension,
    Metric metric,
    VectorType vectorType,
    List<String> schema,
    TextIndex textIndex,
    boolean deletionProtection) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,43}[a-z0-9])?");

  /**
   * Checks the name.
   *
   * @throws InvalidInputException when it breaks its rule
   */
  public IndexSettings {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          "'" + name + "' cannot be the name of an index",
          "1 to 45 lower-case letters, digits and dashes, a letter or digit at both ends");
    }
    schema = schema == null ? null : List.copyOf(schema);
  }

  /** Dense vectors of {@code dimension} numbers, named {@code index}. */
  public static IndexSettings dense(int dimension, Metric metric) {
    return new IndexSettings("index", dimension, metric, VectorType.DENSE, null, null, false);
  }

  /** Sparse vectors, compared by their inner product, named {@code index}. */
  public static IndexSettings sparse() {
    return new IndexSettings("index", 0, Metric.DOTPRODUCT, VectorType.SPARSE, null, null, false);
  }

  /** Dense vectors and, for records that have them, sparse ones, named {@code index}. */
  public static IndexSettings hybrid(int dimension) {
    return new IndexSettings(
        "index", dimension, Metric.DOTPRODUCT, VectorType.HYBRID, null, null, false);
  }

  /** The same with another name. */
  public IndexSettings named(String other) {
    return new IndexSettings(
        other, dimension, metric, vectorType, schema, textIndex, deletionProtection);
  }

  /** The same with these fields, and no others, for filters. */
  public IndexSettings withSchema(List<String> fields) {
    return new IndexSettings(
        name, dimension, metric, vectorType, fields, textIndex, deletionProtection);
  }

  /** The same, protected against deletion. */
  public IndexSettings withDeletionProtection() {
    return new IndexSettings(name, dimension, metric, vectorType, schema, textIndex, true);
  }

  /** Texts and no vectors, asked for by their words, in an index named {@code index}. */
  public static IndexSettings texts(String field, String language) {
    return sparse().textIndex(field, language);
  }

  /**
   * The same with a text index beside the dense vectors: the words of a field can be asked for
   * ({@link Query#text}). Writers need the artifact {@code slab-text} then, and records take no
   * sparse values.
   *
   * @param field of the metadata, with strings or lists of strings
   * @param language such as {@code english}
   * @throws InvalidInputException for a language that no analyzer is there for
   * @throws io.slab.error.UnsupportedException when there is no analyzer at all
   */
  public IndexSettings textIndex(String field, String language) {
    TextIndex text;
    try {
      text = new TextIndex(field, language);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(e.getMessage(), null, e);
    }
    VectorType type = vectorType == VectorType.DENSE ? VectorType.HYBRID : vectorType;
    return new IndexSettings(name, dimension, metric, type, schema, text, deletionProtection);
  }

  IndexSpec spec(long createdMillis) {
    try {
      return new IndexSpec(name, dimension, metric, vectorType, schema, textIndex, createdMillis);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(e.getMessage(), null, e);
    }
  }
}
