package io.slab.source.parquet;

import io.slab.source.ForeignFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the values of one element of the schema, row by row, from the cursors of the columns inside
 * it (the assembly of Melnik and others, "Dremel", 2010, in the form of one reader for each
 * element). One thread only.
 */
abstract class NodeReader {
  final List<LeafCursor> leaves;

  NodeReader(List<LeafCursor> leaves) {
    this.leaves = leaves;
  }

  /**
   * Reads the value of this row or element, which may be null: what {@link LeafValues} gives, or a
   * List or Map of it.
   */
  abstract Object read();

  LeafCursor first() {
    return leaves.getFirst();
  }

  /** Goes over a null or an empty list, which stands once in every column. */
  void pass() {
    for (LeafCursor leaf : leaves) {
      leaf.definition();
      leaf.next();
    }
  }

  /**
   * A reader for any element.
   *
   * @param cursors makes the cursor of a column
   */
  static NodeReader of(String file, SchemaNode node, Function<SchemaNode, LeafCursor> cursors) {
    if (node.repeated()) {
      return new ListReader(node, element(file, node, cursors));
    }
    if (node.isLeaf()) {
      return new LeafReader(file, cursors.apply(node));
    }
    SchemaNode only = node.children().size() == 1 ? node.children().getFirst() : null;
    if (only != null && only.repeated() && node.isMap() && only.children().size() == 2) {
      return new MapReader(
          node,
          only,
          of(file, only.children().get(0), cursors),
          of(file, only.children().get(1), cursors));
    }
    if (only != null && only.repeated() && (node.isList() || node.isMap())) {
      SchemaNode element = listElement(node, only);
      NodeReader reader =
          element == only ? element(file, only, cursors) : of(file, element, cursors);
      return new ListReader(node, only, reader);
    }
    return struct(file, node, cursors);
  }

  /** The element of a list: the child of the repeated group, or that itself in old files. */
  static SchemaNode listElement(SchemaNode list, SchemaNode repeated) {
    boolean itself =
        repeated.isLeaf()
            || repeated.children().size() > 1
            || repeated.name().equals("array")
            || repeated.name().equals(list.name() + "_tuple");
    return itself ? repeated : repeated.children().getFirst();
  }

  /** A reader for one element of what is repeated. */
  private static NodeReader element(
      String file, SchemaNode node, Function<SchemaNode, LeafCursor> cursors) {
    return node.isLeaf() ? new LeafReader(file, cursors.apply(node)) : struct(file, node, cursors);
  }

  private static NodeReader struct(
      String file, SchemaNode node, Function<SchemaNode, LeafCursor> cursors) {
    List<NodeReader> children = new ArrayList<>();
    for (SchemaNode child : node.children()) {
      children.add(of(file, child, cursors));
    }
    if (children.isEmpty()) {
      throw ForeignFile.unsupported(file, -1, "the empty group " + node.name(), "columns in it");
    }
    if (node.isVariant()) {
      throw ForeignFile.unsupported(
          file + " (column " + node.name() + ")", -1, "values of the type VARIANT", "plain types");
    }
    if (node.twice() != null) {
      throw ForeignFile.unsupported(
          file,
          -1,
          "two columns '" + node.twice() + "' in '" + node.name() + "'",
          "names that differ");
    }
    return new StructReader(node, children);
  }

  static List<LeafCursor> leaves(List<NodeReader> readers) {
    List<LeafCursor> leaves = new ArrayList<>();
    readers.forEach(reader -> leaves.addAll(reader.leaves));
    return leaves;
  }

  /** One column. */
  static final class LeafReader extends NodeReader {
    private final LeafCursor cursor;
    private final LeafValues values;

    LeafReader(String file, LeafCursor cursor) {
      super(List.of(cursor));
      this.cursor = cursor;
      values = new LeafValues(cursor.leaf(), ColumnType.of(file, cursor.leaf()));
    }

    @Override
    Object read() {
      Object value = cursor.isNull() ? null : values.of(cursor.window(), cursor.index());
      cursor.next();
      return value;
    }
  }

  /** A group of fields. */
  static final class StructReader extends NodeReader {
    private final SchemaNode node;
    private final List<NodeReader> children;

    StructReader(SchemaNode node, List<NodeReader> children) {
      super(NodeReader.leaves(children));
      this.node = node;
      this.children = children;
    }

    @Override
    Map<String, Object> read() {
      if (first().definition() < node.maxDefinition()) {
        pass();
        return null;
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < children.size(); i++) {
        fields.put(node.children().get(i).name(), children.get(i).read());
      }
      return fields;
    }
  }

  /** A list. */
  static final class ListReader extends NodeReader {
    private final int presentAt;
    private final SchemaNode repeated;
    private final NodeReader element;

    /** A repeated element without a group around it: never null. */
    ListReader(SchemaNode repeated, NodeReader element) {
      super(element.leaves);
      this.repeated = repeated;
      this.element = element;
      presentAt = repeated.maxDefinition() - 1;
    }

    ListReader(SchemaNode list, SchemaNode repeated, NodeReader element) {
      super(element.leaves);
      this.repeated = repeated;
      this.element = element;
      presentAt = list.maxDefinition();
    }

    @Override
    List<Object> read() {
      int definition = first().definition();
      if (definition < repeated.maxDefinition()) {
        pass();
        return definition < presentAt ? null : List.of();
      }
      List<Object> elements = new ArrayList<>();
      do {
        elements.add(element.read());
      } while (first().repetition() == repeated.maxRepetition());
      return elements;
    }
  }

  /** A map; keys become text. One with a key that comes twice, or has no text, is unreadable. */
  static final class MapReader extends NodeReader {
    private final SchemaNode map;
    private final SchemaNode entries;
    private final NodeReader key;
    private final NodeReader value;

    MapReader(SchemaNode map, SchemaNode entries, NodeReader key, NodeReader value) {
      super(NodeReader.leaves(List.of(key, value)));
      this.map = map;
      this.entries = entries;
      this.key = key;
      this.value = value;
    }

    @Override
    Object read() {
      int definition = first().definition();
      if (definition < entries.maxDefinition()) {
        pass();
        return definition < map.maxDefinition() ? null : Map.of();
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      Unreadable bad = null;
      do {
        Object name = key.read();
        Object field = value.read();
        String text = Labels.text(name);
        if (name instanceof Unreadable unreadable) {
          bad = unreadable;
        } else if (text == null) {
          bad = new Unreadable("a map with a key that is no text");
        } else if (fields.containsKey(text)) {
          bad = new Unreadable("a map with the key '" + text + "' twice");
        } else {
          fields.put(text, field);
        }
      } while (first().repetition() == entries.maxRepetition());
      return bad == null ? fields : bad;
    }
  }
}
