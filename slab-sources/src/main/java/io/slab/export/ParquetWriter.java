package io.slab.export;

import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * Records as a Parquet file with the columns of Pinecone's bulk import: {@code id}, {@code values},
 * {@code sparse_values} (struct of {@code indices} and {@code values}) and {@code metadata} (JSON
 * text, null when empty). Pages are plain and packed with zstd; a row group is held in memory until
 * it is complete.
 */
public final class ParquetWriter implements RecordWriter {
  private static final String LOGGING = "slf4j.internal.verbosity";

  static {
    // The footer classes bring SLF4J, which would tell a terminal that it has nowhere to log to.
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "ERROR");
    }
  }

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** Packed bytes of a row group, about. */
  private static final long GROUP_BYTES = 64 << 20;

  /** Definition levels of an element, of an empty list, and of a text that is there. */
  private static final int LIST_ELEMENT = 3;

  private static final int SPARSE_ELEMENT = 4;

  private final OutputStream out;
  private final boolean dense;
  private final boolean sparse;
  private final List<ColumnBuffer> columns = new ArrayList<>();
  private final ColumnBuffer ids;
  private final ColumnBuffer values;
  private final ColumnBuffer indices;
  private final ColumnBuffer weights;
  private final ColumnBuffer metadata;
  private final List<RowGroup> groups = new ArrayList<>();
  private long position;
  private long rows;
  private long rowsInGroup;

  /** Begins a file. */
  public ParquetWriter(Path file, VectorType type) throws IOException {
    this(Files.newOutputStream(file), type);
  }

  /** Begins a file that is written from its first byte to its last, as a pipe takes it. */
  public ParquetWriter(OutputStream file, VectorType type) throws IOException {
    out = new BufferedOutputStream(file, 1 << 16);
    dense = type.hasDense();
    sparse = type.hasSparse();
    ids = column(Type.BYTE_ARRAY, 0, 1, "id");
    values = dense ? column(Type.FLOAT, 1, LIST_ELEMENT, "values", "list", "element") : null;
    indices =
        sparse
            ? column(Type.INT32, 1, SPARSE_ELEMENT, "sparse_values", "indices", "list", "element")
            : null;
    weights =
        sparse
            ? column(Type.FLOAT, 1, SPARSE_ELEMENT, "sparse_values", "values", "list", "element")
            : null;
    metadata = column(Type.BYTE_ARRAY, 0, 1, "metadata");
    put(MAGIC);
  }

  private ColumnBuffer column(Type type, int repetition, int definition, String... path) {
    ColumnBuffer column = new ColumnBuffer(type, List.of(path), repetition, definition);
    columns.add(column);
    return column;
  }

  private void put(byte[] bytes) throws IOException {
    out.write(bytes);
    position += bytes.length;
  }

  @Override
  public void write(VectorRecord record) throws IOException {
    ids.text(Utf8.bytes(record.id()), 1);
    if (dense) {
      if (record.values() == null) {
        values.none(0);
      } else {
        values.floats(record.values(), LIST_ELEMENT);
      }
    }
    if (sparse) {
      sparse(record.sparse());
    }
    if (record.metadata().isEmpty()) {
      metadata.none(0);
    } else {
      metadata.text(Json.bytes(json -> RecordJson.write(json, record.metadata())), 1);
    }
    rows++;
    rowsInGroup++;
    long held = 0;
    for (ColumnBuffer column : columns) {
      column.endRow();
      held += column.size();
    }
    if (held >= GROUP_BYTES) {
      endGroup();
    }
  }

  private void sparse(SparseVector vector) {
    if (vector == null) {
      indices.none(0);
      weights.none(0);
    } else {
      indices.ints(vector.indices(), SPARSE_ELEMENT);
      weights.floats(vector.weights(), SPARSE_ELEMENT);
    }
  }

  private void endGroup() throws IOException {
    List<ColumnChunk> chunks = new ArrayList<>();
    long bytes = 0;
    for (ColumnBuffer column : columns) {
      ColumnChunk chunk = column.end(position);
      chunk.setFile_offset(position);
      put(column.take());
      chunks.add(chunk);
      bytes += chunk.meta_data.total_uncompressed_size;
    }
    groups.add(new RowGroup(chunks, bytes, rowsInGroup));
    rowsInGroup = 0;
  }

  @Override
  public void finish() throws IOException {
    if (rowsInGroup > 0) {
      endGroup();
    }
    FileMetaData footer = new FileMetaData(1, schema(), rows, groups);
    footer.setCreated_by("slab");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, bytes);
    put(bytes.toByteArray());
    for (int i = 0; i < 4; i++) {
      out.write(bytes.size() >>> 8 * i);
    }
    out.write(MAGIC);
    out.flush();
  }

  private List<SchemaElement> schema() {
    List<SchemaElement> schema = new ArrayList<>();
    schema.add(new SchemaElement("schema").setNum_children(2 + (dense ? 1 : 0) + (sparse ? 1 : 0)));
    schema.add(text("id"));
    if (dense) {
      list(schema, "values", leaf("element", Type.FLOAT));
    }
    if (sparse) {
      schema.add(group("sparse_values", FieldRepetitionType.OPTIONAL, 2));
      SchemaElement index = leaf("element", Type.INT32).setConverted_type(ConvertedType.UINT_32);
      index.setLogicalType(LogicalType.INTEGER(new IntType((byte) 32, false)));
      list(schema, "indices", index);
      list(schema, "values", leaf("element", Type.FLOAT));
    }
    schema.add(text("metadata"));
    return schema;
  }

  private static SchemaElement leaf(String name, Type type) {
    return new SchemaElement(name).setType(type).setRepetition_type(FieldRepetitionType.OPTIONAL);
  }

  private static SchemaElement text(String name) {
    return leaf(name, Type.BYTE_ARRAY)
        .setConverted_type(ConvertedType.UTF8)
        .setLogicalType(LogicalType.STRING(new StringType()));
  }

  private static SchemaElement group(String name, FieldRepetitionType type, int children) {
    return new SchemaElement(name).setRepetition_type(type).setNum_children(children);
  }

  private static void list(List<SchemaElement> schema, String name, SchemaElement element) {
    schema.add(
        group(name, FieldRepetitionType.OPTIONAL, 1)
            .setConverted_type(ConvertedType.LIST)
            .setLogicalType(LogicalType.LIST(new ListType())));
    schema.add(group("list", FieldRepetitionType.REPEATED, 1));
    schema.add(element);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
