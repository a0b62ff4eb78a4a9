package io.slab.source.parquet;

import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Extras;
import io.slab.source.FieldMap.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.parquet.format.Type;

/**
 * Which columns of a Parquet file are which part of a record.
 *
 * @param id null when rows are numbered
 * @param values null when records have only sparse values
 * @param sparse or null
 * @param sparseIndices the indices of sparse values whose weights are in {@code sparse}, or null
 *     where that has both
 * @param metadata or null
 * @param namespace or null
 * @param fields columns that are metadata fields of their own
 * @param ignored names of the columns that are not read
 */
record ParquetColumns(
    SchemaNode id,
    SchemaNode values,
    SchemaNode sparse,
    SchemaNode sparseIndices,
    SchemaNode metadata,
    SchemaNode namespace,
    List<SchemaNode> fields,
    Set<String> ignored) {
  /** The column of indices beside a column of weights. */
  private static final String INDICES = "sparse_indices";

  /** How the names of columns of ids end. */
  private static final Pattern ID = Pattern.compile("(.*[_ .-])?(id|ids|uuid|guid|key|pk)");

  /**
   * Finds the columns.
   *
   * @param numbered true when rows need no ids of their own
   * @throws InvalidInputException when an id or vectors are not among them
   */
  static ParquetColumns of(String file, SchemaNode root, FieldMap map, boolean numbered) {
    Map<String, SchemaNode> columns = new LinkedHashMap<>();
    for (SchemaNode column : root.children()) {
      columns.putIfAbsent(column.name(), column);
    }
    for (Map.Entry<Role, String> said : map.names().entrySet()) {
      if (!columns.containsKey(said.getValue())) {
        throw new InvalidInputException(
            file + " has no column '" + said.getValue() + "'", "its columns are " + names(columns));
      }
    }
    SchemaNode id = take(columns, map, Role.ID);
    if (id == null && !numbered) {
      throw new InvalidInputException(
          file + ": Missing required column \"id\"",
          "its columns are "
              + names(columns)
              + "; "
              + (ids(columns).size() == 1
                  ? "--map id=" + ids(columns).getFirst() + " would take what looks like it"
                  : "--map id=NAME names another one")
              + ", --number-rows makes ids of the numbers of rows");
    }
    SchemaNode values = take(columns, map, Role.VALUES);
    SchemaNode sparse = take(columns, map, Role.SPARSE);
    if (values == null && sparse == null && !map.texts()) {
      throw new InvalidInputException(
          file + " has no column of vectors: neither \"values\" nor \"sparse_values\"",
          "its columns are "
              + (id == null ? "" : "id, ")
              + names(columns)
              + "; "
              + (vectors(columns).size() == 1
                  ? "--map values=" + vectors(columns).getFirst() + " would take what looks like it"
                  : "--map values=NAME names another one"));
    }
    boolean flat = sparse != null && sparse.isList() && columns.containsKey(INDICES);
    SchemaNode indices = flat ? columns.remove(INDICES) : null;
    SchemaNode metadata = take(columns, map, Role.METADATA);
    SchemaNode namespace = take(columns, map, Role.NAMESPACE);
    Extras extras = map.extras();
    boolean read = extras == Extras.METADATA || extras == Extras.AUTO && metadata == null;
    ParquetColumns found =
        rest(columns, read, new SchemaNode[] {id, values, sparse, indices, metadata, namespace});
    String twice = root.twice();
    if (twice != null && !found.ignored.contains(twice)) {
      throw new InvalidInputException(
          file + " has two columns '" + twice + "': which of them counts is not known",
          "write the file again with names that differ");
    }
    return found;
  }

  private static ParquetColumns rest(
      Map<String, SchemaNode> columns, boolean read, SchemaNode[] parts) {
    List<SchemaNode> fields = new ArrayList<>();
    Set<String> ignored = new TreeSet<>();
    for (SchemaNode column : columns.values()) {
      // The row labels of a data frame are no data.
      if (read && !column.name().startsWith("__index_level_")) {
        fields.add(column);
      } else {
        ignored.add(column.name());
      }
    }
    return new ParquetColumns(
        parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], fields, ignored);
  }

  private static SchemaNode take(Map<String, SchemaNode> columns, FieldMap map, Role role) {
    String name = map.find(role, columns.keySet());
    return name == null ? null : columns.remove(name);
  }

  private static String names(Map<String, SchemaNode> columns) {
    List<String> names = new ArrayList<>(columns.keySet());
    return String.join(", ", names.subList(0, Math.min(20, names.size())));
  }

  /** Columns whose names are those of ids, with texts or whole numbers in them. */
  private static List<String> ids(Map<String, SchemaNode> columns) {
    List<String> found = new ArrayList<>();
    for (SchemaNode column : columns.values()) {
      String name = column.name().toLowerCase(Locale.ROOT);
      if (column.isLeaf() && !column.repeated() && ID.matcher(name).matches()) {
        found.add(column.name());
      }
    }
    return found;
  }

  /** Columns that hold lists of real numbers. */
  private static List<String> vectors(Map<String, SchemaNode> columns) {
    List<String> found = new ArrayList<>();
    for (SchemaNode column : columns.values()) {
      List<SchemaNode> leaves = column.leaves();
      boolean list = column.isList() || column.isLeaf() && column.repeated();
      Type type = leaves.size() == 1 ? leaves.getFirst().element().getType() : null;
      if (list && (type == Type.FLOAT || type == Type.DOUBLE)) {
        found.add(column.name());
      }
    }
    return found;
  }

  /** Names of the fields. */
  Set<String> fieldNames() {
    Set<String> names = new TreeSet<>();
    fields.forEach(field -> names.add(field.name()));
    return names;
  }
}
