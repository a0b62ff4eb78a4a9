package io.slab.format;

import io.slab.error.UnsupportedException;
import io.slab.format.section.ColumnType;
import io.slab.json.JsonNode;
import io.slab.model.PrivateNumbers;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads and checks what a slab's manifest says of its metadata columns. */
final class ManifestColumns {
  private final String resource;
  private final ManifestMembers members;

  ManifestColumns(String resource) {
    this.resource = resource;
    this.members = ManifestMembers.of(resource, "SC-");
  }

  /**
   * Reads them in order.
   *
   * @param rows of the slab
   * @param fields of the slab, ascending
   */
  List<SlabManifest.Column> read(JsonNode array, int rows, List<String> fields) {
    List<SlabManifest.Column> columns = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      ColumnType type = type(node);
      SlabManifest.Column column =
          new SlabManifest.Column(
              members.number(node, "id", columns.size(), columns.size()),
              members.text(node, "field"),
              type,
              members.number(node, "rows", 1, rows),
              members.number(
                  node, "distinct", type == ColumnType.LIST ? 0 : 1, Integer.MAX_VALUE - 8));
      checkColumn(columns, column, fields);
      columns.add(column);
    }
    return columns;
  }

  private ColumnType type(JsonNode node) {
    String label = members.text(node, "type");
    ColumnType type = ColumnType.ofLabel(label);
    if (type == null) {
      throw new UnsupportedException(
              resource,
              -1,
              "column type " + label,
              "a type this version knows",
              PrivateNumbers.hint(label))
          .of("SC-type");
    }
    return type;
  }

  private void checkColumn(
      List<SlabManifest.Column> before, SlabManifest.Column column, List<String> fields) {
    if (Collections.binarySearch(fields, column.field(), Utf8.ORDER) < 0) {
      throw members
          .corrupt("column of '" + column.field() + "'", "a field of this slab")
          .of("SC-field");
    }
    if (!before.isEmpty()) {
      SlabManifest.Column previous = before.getLast();
      int order = Utf8.compare(previous.field(), column.field());
      if (order > 0 || (order == 0 && previous.type().compareTo(column.type()) >= 0)) {
        throw members
            .corrupt("column " + column.id() + " out of order", "columns by field and type")
            .of("SM-columns");
      }
    }
    boolean fits =
        switch (column.type()) {
          case STRING, NUMBER -> column.distinct() <= column.rows();
          case BOOLEAN -> column.distinct() == 2;
          case LIST -> true;
        };
    if (!fits) {
      throw members
          .corrupt(
              column.distinct() + " values in column " + column.id(), "at most " + column.rows())
          .of("SC-distinct");
    }
  }
}
