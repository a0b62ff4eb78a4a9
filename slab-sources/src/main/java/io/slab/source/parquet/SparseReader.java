package io.slab.source.parquet;

import io.slab.error.InvalidInputException;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.source.SparsePairs;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.VectorText;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/** Reads sparse values: a struct of two lists, or the JSON text of one. One thread only. */
final class SparseReader {
  /**
   * A row's sparse values.
   *
   * @param indices or null
   * @param weights or null
   */
  record Pair(List<Object> indices, float[] weights) {}

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

  static SparseReader of(String file, SchemaNode node, Function<SchemaNode, LeafCursor> cursors) {
    if (node.isLeaf()) {
      return new SparseReader(node, null, null, NodeReader.of(file, node, cursors));
    }
    SchemaNode indices = node.child("indices");
    SchemaNode weights = node.child("values");
    NodeReader numbers =
        indices == null || weights == null ? null : NodeReader.of(file, indices, cursors);
    if (!(numbers instanceof NodeReader.ListReader) || indices.leaves().size() != 1) {
      throw new InvalidInputException(
          file + ": the column '" + node.name() + "' has no lists 'indices' and 'values'");
    }
    FloatsReader floats = floats(file, weights, cursors);
    if (floats == null) {
      throw new InvalidInputException(
          file + ": the column '" + node.name() + ".values' is no list of numbers");
    }
    return new SparseReader(node, numbers, floats, null);
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
    if (reader.first().definition() < node.maxDefinition()) {
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
