package io.slab.source.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/**
 * Writes small Parquet files with columns of any type, plain and unpacked. A value is given as its
 * bytes, null stands for a null.
 */
public final class ParquetFixture {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** One column: its levels, and its values one after the other. */
  private static final class Leaf {
    private final Type type;
    private final List<String> path;
    private final int maxRepetition;
    private final ByteArrayOutputStream repetitions = new ByteArrayOutputStream();
    private final ByteArrayOutputStream definitions = new ByteArrayOutputStream();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private int count;

    Leaf(Type type, List<String> path, int maxRepetition) {
      this.type = type;
      this.path = path;
      this.maxRepetition = maxRepetition;
    }

    void add(int repetition, int definition, byte[] value) {
      // Runs of one.
      repetitions.writeBytes(new byte[] {2, (byte) repetition});
      definitions.writeBytes(new byte[] {2, (byte) definition});
      if (value != null) {
        values.writeBytes(value);
      }
      count++;
    }

    byte[] page() throws IOException {
      ByteArrayOutputStream page = new ByteArrayOutputStream();
      for (ByteArrayOutputStream levels :
          maxRepetition == 0 ? List.of(definitions) : List.of(repetitions, definitions)) {
        page.writeBytes(i32(levels.size()));
        page.writeBytes(levels.toByteArray());
      }
      page.writeBytes(values.toByteArray());
      PageHeader header = new PageHeader(PageType.DATA_PAGE, page.size(), page.size());
      header.setData_page_header(
          new DataPageHeader(count, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Util.writePageHeader(header, out);
      out.writeBytes(page.toByteArray());
      return out.toByteArray();
    }
  }

  private final List<SchemaElement> schema = new ArrayList<>();
  private final List<Leaf> leaves = new ArrayList<>();
  private final List<Consumer<FileMetaData>> footers = new ArrayList<>();
  private int roots;
  private int rows;

  /** A column without an annotation. */
  public static SchemaElement element(String name, Type type) {
    return new SchemaElement(name).setType(type).setRepetition_type(FieldRepetitionType.OPTIONAL);
  }

  private Leaf leaf(SchemaElement element, int repetition, String... path) {
    Leaf leaf = new Leaf(element.type, List.of(path), repetition);
    leaves.add(leaf);
    return leaf;
  }

  /** Adds a column with one value a row. */
  public ParquetFixture column(SchemaElement element, byte[]... values) {
    schema.add(element);
    roots++;
    Leaf leaf = leaf(element, 0, element.name);
    for (byte[] value : values) {
      leaf.add(0, value == null ? 0 : 1, value);
    }
    rows = values.length;
    return this;
  }

  /** Adds a column of texts. */
  public ParquetFixture texts(String name, String... values) {
    byte[][] plain = new byte[values.length][];
    for (int i = 0; i < values.length; i++) {
      plain[i] = values[i] == null ? null : text(values[i]);
    }
    return column(element(name, Type.BYTE_ARRAY).setConverted_type(ConvertedType.UTF8), plain);
  }

  /** Adds a column with a list a row; null is a null, no element an empty list. */
  public ParquetFixture list(String name, SchemaElement element, byte[][]... lists) {
    group(name, ConvertedType.LIST, FieldRepetitionType.OPTIONAL, 1);
    group("list", null, FieldRepetitionType.REPEATED, 1);
    schema.add(element);
    roots++;
    Leaf leaf = leaf(element, 1, name, "list", element.name);
    for (byte[][] list : lists) {
      entries(leaf, list);
    }
    rows = lists.length;
    return this;
  }

  private static void entries(Leaf leaf, byte[][] list) {
    if (list == null || list.length == 0) {
      leaf.add(0, list == null ? 0 : 1, null);
      return;
    }
    for (int i = 0; i < list.length; i++) {
      leaf.add(i == 0 ? 0 : 1, list[i] == null ? 2 : 3, list[i]);
    }
  }

  private void group(
      String name, ConvertedType type, FieldRepetitionType repetition, int children) {
    SchemaElement element =
        new SchemaElement(name).setRepetition_type(repetition).setNum_children(children);
    schema.add(type == null ? element : element.setConverted_type(type));
  }

  /** Adds a column with a struct of two lists a row, as sparse values are. */
  public ParquetFixture sparse(
      String name, SchemaElement index, byte[][] indices, SchemaElement weight, byte[][] weights) {
    group(name, null, FieldRepetitionType.REQUIRED, 2);
    list("indices", index, indices);
    list("values", weight, new byte[][][] {weights});
    roots--;
    return this;
  }

  /** Adds a column with a map a row: keys and values by turns. */
  public ParquetFixture map(
      String name, SchemaElement key, SchemaElement value, byte[][]... entries) {
    group(name, ConvertedType.MAP, FieldRepetitionType.OPTIONAL, 1);
    group("key_value", null, FieldRepetitionType.REPEATED, 2);
    schema.add(key);
    schema.add(value);
    roots++;
    Leaf keys = leaf(key, 1, name, "key_value", key.name);
    Leaf values = leaf(value, 1, name, "key_value", value.name);
    for (byte[][] map : entries) {
      for (int i = 0; i < map.length; i += 2) {
        keys.add(i == 0 ? 0 : 1, 3, map[i]);
        values.add(i == 0 ? 0 : 1, map[i + 1] == null ? 2 : 3, map[i + 1]);
      }
    }
    rows = entries.length;
    return this;
  }

  /** Adds a column with a struct a row, of fields that have one value each. */
  public ParquetFixture struct(String name, List<SchemaElement> fields, byte[]... row) {
    group(name, null, FieldRepetitionType.OPTIONAL, fields.size());
    roots++;
    for (int i = 0; i < row.length; i++) {
      schema.add(fields.get(i));
      leaf(fields.get(i), 0, name, fields.get(i).name).add(0, row[i] == null ? 1 : 2, row[i]);
    }
    rows = 1;
    return this;
  }

  /** Annotates a group that is there. */
  public void annotate(String name, LogicalType type) {
    schema.stream()
        .filter(element -> element.name.equals(name))
        .forEach(element -> element.setLogicalType(type));
  }

  /** Gives the values of the last column other repetition levels. */
  public ParquetFixture repetitions(int... levels) {
    Leaf leaf = leaves.getLast();
    leaf.repetitions.reset();
    for (int level : levels) {
      leaf.repetitions.writeBytes(new byte[] {2, (byte) level});
    }
    return this;
  }

  /** Changes the footer before it is written. */
  public ParquetFixture footer(Consumer<FileMetaData> change) {
    footers.add(change);
    return this;
  }

  /** Says another number of rows than there are. */
  public ParquetFixture claiming(int number) {
    rows = number;
    return this;
  }

  /** Writes the file. */
  public Path write(Path file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    List<ColumnChunk> chunks = new ArrayList<>();
    for (Leaf leaf : leaves) {
      byte[] page = leaf.page();
      ColumnMetaData data =
          new ColumnMetaData(
              leaf.type,
              List.of(Encoding.PLAIN, Encoding.RLE),
              leaf.path,
              CompressionCodec.UNCOMPRESSED,
              leaf.count,
              page.length,
              page.length,
              out.size());
      chunks.add(new ColumnChunk(0).setMeta_data(data));
      out.writeBytes(page);
    }
    List<SchemaElement> all = new ArrayList<>(schema);
    all.addFirst(new SchemaElement("schema").setNum_children(roots));
    List<RowGroup> groups = List.of(new RowGroup(chunks, out.size(), rows));
    int body = out.size();
    FileMetaData footer = new FileMetaData(1, all, rows, groups);
    footers.forEach(change -> change.accept(footer));
    Util.writeFileMetaData(footer, out);
    out.writeBytes(i32(out.size() - body));
    out.writeBytes(MAGIC);
    return Files.write(file, out.toByteArray());
  }

  public static byte[] i32(int value) {
    return little(4).putInt(value).array();
  }

  public static byte[] i64(long value) {
    return little(8).putLong(value).array();
  }

  public static byte[] f32(float value) {
    return little(4).putFloat(value).array();
  }

  public static byte[] f64(double value) {
    return little(8).putDouble(value).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A value of a BYTE_ARRAY. */
  public static byte[] bytes(byte[] value) {
    return little(4 + value.length).putInt(value.length).put(value).array();
  }

  public static byte[] text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }
}
