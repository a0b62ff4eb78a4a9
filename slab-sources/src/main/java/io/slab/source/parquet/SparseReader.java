package io.slab.source.parquet;

import io.slab.error.InvalidInputException;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.source.Rounding;
import io.slab.source.SparsePairs;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.VectorText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/**
 * Reads sparse values: a struct of two lists, a map from indices to weights, two columns of lists,
 * or JSON text. One thread only.
 */
final class SparseReader {
  /**
   * A row's sparse values.
   *
   * @param indices or null
   * @param weights or null
   */
  record Pair(List<Object> indices, float[] weights) {}

  /** The struct around both lists, or null where each is a column. */
  private final SchemaNode node;

  private final NodeReader indices;
  private final FloatsReader weights;
  private final NodeReader text;

  /** True for indices in plain 32-bit integers, in which some writers put unsigned ones. */
  private final boolean signed;

  private boolean wrapped;
  private boolean rounded;

  private SparseReader(SchemaNode node, NodeReader indices, FloatsReader weights, NodeReader text) {
    this.node = node;
    this.indices = indices;
    this.weights = weights;
    this.text = text;
    SchemaElement leaf = indices == null ? null : indices.first().leaf().element();
    signed =
        leaf != null
            && leaf.type == Type.INT32
            && !leaf.isSetConverted_type()
            && !leaf.isSetLogicalType();
  }

  /**
   * A reader for a column.
   *
   * @param apart the column of the indices, where {@code node} has only weights, or null
   */
  static SparseReader of(
      String file, SchemaNode node, SchemaNode apart, Function<SchemaNode, LeafCursor> cursors) {
    if (apart != null) {
      return new SparseReader(
          null,
          indices(file, node, apart, cursors),
          weights(file, node.name(), node, cursors),
          null);
    }
    if (node.isLeaf() || node.isMap()) {
      return new SparseReader(node, null, null, NodeReader.of(file, node, cursors));
    }
    SchemaNode weights = node.child("values");
    SchemaNode indices = weights == null ? null : node.child("indices");
    return new SparseReader(
        node,
        indices(file, node, indices, cursors),
        weights(file, node.name() + ".values", weights, cursors),
        null);
  }

  private static NodeReader indices(
      String file, SchemaNode node, SchemaNode indices, Function<SchemaNode, LeafCursor> cursors) {
    NodeReader numbers = indices == null ? null : NodeReader.of(file, indices, cursors);
    if (!(numbers instanceof NodeReader.ListReader) || indices.leaves().size() != 1) {
      throw new InvalidInputException(
          file + ": the column '" + node.name() + "' has no lists 'indices' and 'values'",
          "a struct of these two lists, a map from indices to weights, JSON text, or a list of weights beside a column"
              + " sparse_indices");
    }
    return numbers;
  }

  private static FloatsReader weights(
      String file, String name, SchemaNode weights, Function<SchemaNode, LeafCursor> cursors) {
    FloatsReader floats = floats(file, weights, cursors);
    if (floats == null) {
      throw new InvalidInputException(file + ": the column '" + name + "' is no list of numbers");
    }
    return floats;
  }

  /** A reader for a list of numbers, or null when the element is no such list. */
  static FloatsReader floats(
      String file, SchemaNode node, Function<SchemaNode, LeafCursor> cursors) {
    SchemaNode repeated =
        node.repeated() ? node : node.children().size() == 1 ? node.children().getFirst() : null;
    List<SchemaNode> leaves = node.leaves();
    if (repeated == null
        || !repeated.repeated()
        || leaves.size() != 1
        || leaves.getFirst().maxRepetition() != repeated.maxRepetition()) {
      return null;
    }
    ColumnType type = ColumnType.of(file, leaves.getFirst());
    return type.isNumeric()
        ? new FloatsReader(cursors.apply(leaves.getFirst()), type, repeated.maxDefinition())
        : null;
  }

  Object read() {
    if (text != null) {
      return text.read();
    }
    // Both lists have one value where the struct around them is null.
    Object list = read(indices);
    return new Pair(cast(list), weights.read());
  }

  private Object read(NodeReader reader) {
    if (node != null && reader.first().definition() < node.maxDefinition()) {
      reader.pass();
      return null;
    }
    return reader.read();
  }

  @SuppressWarnings("unchecked")
  private static List<Object> cast(Object list) {
    return (List<Object>) list;
  }

  /** True when a weight of the last {@link #vector} is no 32-bit float. */
  boolean rounded() {
    return rounded;
  }

  /** The values of a row as a record has them; null when there are none. */
  SparseVector vector(Object value) {
    try {
      if (value instanceof Pair pair) {
        return of(pair);
      }
      if (value instanceof String json) {
        VectorText pairs = new VectorText(Utf8.bytes(json), "sparse_values");
        SparseVector vector = pairs.sparse();
        rounded = pairs.rounded();
        return vector;
      }
      if (value instanceof Map<?, ?> map) {
        return of(map);
      }
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(0, "sparse_values", e.getMessage());
    }
    throw new BadRecordException(0, "sparse_values", "Sparse values are not text");
  }

  private SparseVector of(Pair pair) {
    if (weights.hasNulls()) {
      throw new IllegalArgumentException("Sparse values hold a null");
    }
    if (weights.unreadable() != null) {
      throw new IllegalArgumentException("Sparse values hold " + weights.unreadable());
    }
    wrapped = false;
    rounded = weights.rounded();
    List<Object> list = pair.indices() == null ? List.of() : pair.indices();
    long[] numbers = new long[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = index(list.get(i));
    }
    return SparsePairs.of(numbers, pair.weights() == null ? new float[0] : pair.weights());
  }

  private SparseVector of(Map<?, ?> map) {
    wrapped = false;
    rounded = false;
    long[] numbers = new long[map.size()];
    float[] floats = new float[map.size()];
    int count = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = (String) entry.getKey();
      if (!key.matches("\\d{1,10}")) {
        throw new IllegalArgumentException(
            "Sparse index " + key + " is not an integer between 0 and 4294967295");
      }
      numbers[count] = Long.parseLong(key);
      if (!(entry.getValue() instanceof Number weight)) {
        throw new IllegalArgumentException(
            "Sparse values hold " + (entry.getValue() == null ? "a null" : "what is no number"));
      }
      floats[count] = weight.floatValue();
      rounded |=
          weight instanceof Double real && Rounding.isRounded(real.toString(), floats[count]);
      count++;
    }
    return SparsePairs.of(numbers, floats);
  }

  private long index(Object value) {
    String text =
        value instanceof Double real && real == Math.rint(real)
            ? Labels.text(new BigDecimal(real))
            : value instanceof String ? null : Labels.text(value);
    if (text == null || text.length() > 12) {
      throw new IllegalArgumentException(
          "Sparse index " + value + " is not an integer between 0 and 4294967295");
    }
    long number = Long.parseLong(text);
    if (signed && number < 0) {
      // What was written as a signed 32-bit integer has wrapped around.
      wrapped = true;
      return number & 0xFFFF_FFFFL;
    }
    return number;
  }

  /** True when an index of the last {@link #vector} was negative and was read as unsigned. */
  boolean wrapped() {
    return wrapped;
  }
}
