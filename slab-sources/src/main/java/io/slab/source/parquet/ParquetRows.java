package io.slab.source.parquet;

import io.slab.store.ByteSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.format.RowGroup;

/** Some columns of a Parquet file that holds no records but what a program notes in it. */
public final class ParquetRows {
  private ParquetRows() {}

  /**
   * Reads rows one after the other.
   *
   * @param source stays the caller's
   * @param paths of the columns, {@code .} between a group and what is in it
   * @param rows told the values of each row in the order of the paths: Boolean, Long, Double,
   *     String, byte[], List or Map, and null for what is null or no column; the array is reused
   */
  public static void read(ByteSource source, List<String> paths, Consumer<Object[]> rows) {
    ParquetFile file = ParquetFile.open(source);
    List<LeafCursor> cursors = new ArrayList<>();
    NodeReader[] readers = new NodeReader[paths.size()];
    for (int i = 0; i < readers.length; i++) {
      SchemaNode node = find(file.root(), paths.get(i));
      if (node != null) {
        readers[i] =
            NodeReader.of(
                file.name(),
                node,
                leaf -> {
                  LeafCursor cursor = new LeafCursor(file, leaf);
                  cursors.add(cursor);
                  return cursor;
                });
      }
    }
    Object[] values = new Object[readers.length];
    for (RowGroup group : file.groups()) {
      cursors.forEach(cursor -> cursor.start(group));
      for (long row = 0; row < group.num_rows; row++) {
        cursors.forEach(LeafCursor::startRow);
        for (int i = 0; i < readers.length; i++) {
          values[i] = readers[i] == null ? null : readers[i].read();
        }
        rows.accept(values);
      }
    }
  }

  private static SchemaNode find(SchemaNode root, String path) {
    SchemaNode node = root;
    for (String name : path.split("\\.")) {
      node = node == null ? null : node.child(name);
    }
    return node;
  }
}
