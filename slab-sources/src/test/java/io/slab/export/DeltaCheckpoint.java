package io.slab.export;

import io.slab.model.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** Writes the checkpoint of a Delta log, as far as readers of a table need it. */
public final class DeltaCheckpoint {
  private static final byte[] MAGIC = Utf8.bytes("PAR1");

  private DeltaCheckpoint() {}

  /**
   * @param files paths with the columns that are the same in the whole file, at most one
   */
  public static void write(Path file, Map<String, Map<String, String>> files) throws IOException {
    ColumnBuffer version =
        new ColumnBuffer(Type.INT32, List.of("protocol", "minReaderVersion"), 0, 2);
    ColumnBuffer path = new ColumnBuffer(Type.BYTE_ARRAY, List.of("add", "path"), 0, 2);
    ColumnBuffer key =
        new ColumnBuffer(
            Type.BYTE_ARRAY, List.of("add", "partitionValues", "key_value", "key"), 1, 3);
    ColumnBuffer value =
        new ColumnBuffer(
            Type.BYTE_ARRAY, List.of("add", "partitionValues", "key_value", "value"), 1, 4);
    List<ColumnBuffer> columns = List.of(version, path, key, value);
    version.ints(new int[] {1}, 2);
    path.none(0);
    key.none(0);
    value.none(0);
    endRow(columns);
    for (Map.Entry<String, Map<String, String>> add : files.entrySet()) {
      version.none(0);
      path.text(Utf8.bytes(add.getKey()), 2);
      if (add.getValue().isEmpty()) {
        key.none(2);
        value.none(2);
      }
      add.getValue()
          .forEach((name, text) -> {
            key.text(Utf8.bytes(name), 3);
            value.text(Utf8.bytes(text), 4);
          });
      endRow(columns);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(MAGIC);
    List<ColumnChunk> chunks = new ArrayList<>();
    for (ColumnBuffer column : columns) {
      ColumnChunk chunk = column.end(out.size());
      chunk.setFile_offset(out.size());
      out.write(column.take());
      chunks.add(chunk);
    }
    int rows = files.size() + 1;
    RowGroup group = new RowGroup(chunks, out.size(), rows);
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(new FileMetaData(1, schema(), rows, List.of(group)), footer);
    out.write(footer.toByteArray());
    for (int i = 0; i < 4; i++) {
      out.write(footer.size() >>> 8 * i);
    }
    out.write(MAGIC);
    Files.write(file, out.toByteArray());
  }

  private static void endRow(List<ColumnBuffer> columns) throws IOException {
    for (ColumnBuffer column : columns) {
      column.endRow();
    }
  }

  private static List<SchemaElement> schema() {
    return List.of(
        new SchemaElement("spark_schema").setNum_children(2),
        group("protocol", FieldRepetitionType.OPTIONAL, 1),
        leaf("minReaderVersion", Type.INT32, FieldRepetitionType.OPTIONAL),
        group("add", FieldRepetitionType.OPTIONAL, 2),
        text("path", FieldRepetitionType.OPTIONAL),
        group("partitionValues", FieldRepetitionType.OPTIONAL, 1)
            .setConverted_type(ConvertedType.MAP),
        group("key_value", FieldRepetitionType.REPEATED, 2),
        text("key", FieldRepetitionType.REQUIRED),
        text("value", FieldRepetitionType.OPTIONAL));
  }

  private static SchemaElement group(String name, FieldRepetitionType type, int children) {
    return new SchemaElement(name).setRepetition_type(type).setNum_children(children);
  }

  private static SchemaElement leaf(String name, Type type, FieldRepetitionType repetition) {
    return new SchemaElement(name).setType(type).setRepetition_type(repetition);
  }

  private static SchemaElement text(String name, FieldRepetitionType repetition) {
    return leaf(name, Type.BYTE_ARRAY, repetition).setConverted_type(ConvertedType.UTF8);
  }
}
