package io.slab.source.parquet;

import io.slab.error.CorruptException;
import io.slab.source.ForeignFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;

/**
 * One element of a Parquet schema.
 *
 * @param name its name
 * @param repetition how often it stands in its parent
 * @param element what the footer says of it
 * @param children empty for a column
 * @param leaf number of the column, or of the first column inside
 * @param maxDefinition definition level of a value that is there
 * @param maxRepetition number of repeated elements from the root to here, this one included
 */
record SchemaNode(
    String name,
    FieldRepetitionType repetition,
    SchemaElement element,
    List<SchemaNode> children,
    int leaf,
    int maxDefinition,
    int maxRepetition) {
  /** Deepest schema that is read; real ones have up to 5 levels. */
  private static final int MAX_DEPTH = 32;

  boolean isLeaf() {
    return children.isEmpty();
  }

  boolean repeated() {
    return repetition == FieldRepetitionType.REPEATED;
  }

  boolean optional() {
    return repetition == FieldRepetitionType.OPTIONAL;
  }

  /** The child of this name, or null. */
  SchemaNode child(String wanted) {
    for (SchemaNode child : children) {
      if (child.name.equals(wanted)) {
        return child;
      }
    }
    return null;
  }

  /** The columns inside, in their order. */
  List<SchemaNode> leaves() {
    List<SchemaNode> leaves = new ArrayList<>();
    collect(leaves);
    return leaves;
  }

  private void collect(List<SchemaNode> leaves) {
    if (isLeaf()) {
      leaves.add(this);
    }
    for (SchemaNode child : children) {
      child.collect(leaves);
    }
  }

  boolean isMap() {
    return element.isSetConverted_type()
            && (element.converted_type == ConvertedType.MAP
                || element.converted_type == ConvertedType.MAP_KEY_VALUE)
        || element.isSetLogicalType() && element.logicalType.isSetMAP();
  }

  boolean isVariant() {
    return element.isSetLogicalType() && element.logicalType.isSetVARIANT();
  }

  boolean isList() {
    return element.isSetConverted_type() && element.converted_type == ConvertedType.LIST
        || element.isSetLogicalType() && element.logicalType.isSetLIST();
  }

  /** A name that two children have, or null. */
  String twice() {
    Set<String> names = new HashSet<>();
    for (SchemaNode child : children) {
      if (!names.add(child.name)) {
        return child.name;
      }
    }
    return null;
  }

  /** Builds the tree from the flat list of a footer. */
  static SchemaNode root(String file, List<SchemaElement> elements) {
    return new Builder(file, elements).root();
  }

  private static final class Builder {
    private final String file;
    private final List<SchemaElement> elements;
    private int at;
    private int leaves;

    Builder(String file, List<SchemaElement> elements) {
      this.file = file;
      this.elements = elements;
    }

    SchemaNode root() {
      SchemaNode root = node(0, 0, 0);
      if (at != elements.size() || root.isLeaf()) {
        throw bad("a schema of " + elements.size() + " elements whose tree has " + at);
      }
      return root;
    }

    private SchemaNode node(int depth, int definition, int repetition) {
      if (at == elements.size() || depth > MAX_DEPTH) {
        throw bad(depth > MAX_DEPTH ? "a schema nested too deep" : "a schema that ends early");
      }
      SchemaElement element = elements.get(at++);
      if (depth > 0 && !element.isSetRepetition_type()) {
        throw ForeignFile.unsupported(
            file + " (column " + element.name + ")",
            -1,
            "a repetition of a later version of Parquet (such as VECTOR)",
            "required, optional or repeated; write the vectors as a plain list of floats");
      }
      FieldRepetitionType type =
          depth == 0 || !element.isSetRepetition_type()
              ? FieldRepetitionType.REQUIRED
              : element.repetition_type;
      int ownDefinition = definition + (type == FieldRepetitionType.REQUIRED ? 0 : 1);
      int ownRepetition = repetition + (type == FieldRepetitionType.REPEATED ? 1 : 0);
      int first = leaves;
      List<SchemaNode> children = new ArrayList<>();
      int count = element.isSetNum_children() ? element.num_children : 0;
      if (count <= 0) {
        if (!element.isSetType()) {
          throw bad("the column '" + element.name + "' without a type");
        }
        leaves++;
      }
      for (int i = 0; i < count; i++) {
        children.add(node(depth + 1, ownDefinition, ownRepetition));
      }
      return new SchemaNode(
          element.name, type, element, children, first, ownDefinition, ownRepetition);
    }

    private CorruptException bad(String found) {
      return ForeignFile.corrupt(file + " (footer)", -1, found, "a Parquet schema");
    }
  }
}
