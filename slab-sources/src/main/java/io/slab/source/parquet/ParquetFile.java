package io.slab.source.parquet;

import io.slab.error.CorruptException;
import io.slab.source.ForeignFile;
import io.slab.store.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import shaded.parquet.org.apache.thrift.protocol.TProtocolUtil;

/** The footer of a Parquet file, checked as far as that is possible without its pages. */
final class ParquetFile {
  private static final String LOGGING = "slf4j.internal.verbosity";

  /**
   * Deepest nesting of a footer's members that are not known; those of the format have 6 levels.
   */
  private static final int MAX_SKIP_DEPTH = 32;

  static {
    // The footer classes bring SLF4J, which would tell a terminal that it has nowhere to log to.
    if (System.getProperty(LOGGING) == null) {
      System.setProperty(LOGGING, "ERROR");
    }
    // Members that are not known are passed over by recursion: a stack overflow without a limit.
    TProtocolUtil.setMaxSkipDepth(MAX_SKIP_DEPTH);
  }

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENCRYPTED = "PARE".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL = 8;

  /** Largest footer that is read. Files of thousands of row groups have some megabytes. */
  private static final int MAX_FOOTER = 256 << 20;

  private final ByteSource source;
  private final FileMetaData footer;
  private final SchemaNode root;

  /** Rows of all row groups. */
  private long rows;

  private ParquetFile(ByteSource source, FileMetaData footer, SchemaNode root) {
    this.source = source;
    this.footer = footer;
    this.root = root;
  }

  /**
   * Reads the footer; the source stays the caller's.
   *
   * @throws CorruptException when it is no Parquet file or contradicts itself
   */
  static ParquetFile open(ByteSource source) {
    byte[] footer = footer(source);
    try {
      FileMetaData data = Util.readFileMetaData(new ByteArrayInputStream(footer), footer.length);
      SchemaNode root = SchemaNode.root(source.name(), data.schema);
      ParquetFile file = new ParquetFile(source, data, root);
      file.check();
      return file;
    } catch (IOException e) {
      long start = source.length() - TAIL - footer.length;
      throw ForeignFile.corrupt(
          source.name() + " (footer)", start, e.getMessage(), "a Parquet footer");
    }
  }

  private static byte[] footer(ByteSource source) {
    long length = source.length();
    if (length < MAGIC.length + TAIL) {
      throw ForeignFile.corrupt(
          source.name(), -1, "a file of " + length + " bytes", "a Parquet file");
    }
    MemorySegment tail = source.read(length - TAIL, TAIL);
    byte[] magic = tail.asSlice(4, 4).toArray(ValueLayout.JAVA_BYTE);
    if (Arrays.equals(magic, ENCRYPTED)) {
      throw ForeignFile.unsupported(
          source.name(), length - 4, "an encrypted Parquet file", "one without encryption");
    }
    if (!Arrays.equals(magic, MAGIC)) {
      throw ForeignFile.corrupt(
          source.name(),
          length - 4,
          "a file that does not end as a Parquet file does (cut short?)",
          "PAR1");
    }
    int size = tail.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    if (size < 0 || size > MAX_FOOTER || size > length - MAGIC.length - TAIL) {
      throw ForeignFile.corrupt(
          source.name(),
          length - TAIL,
          "a footer of " + (size & 0xFFFF_FFFFL) + " bytes",
          "one that fits the file of " + length);
    }
    return source.read(length - TAIL - size, size).toArray(ValueLayout.JAVA_BYTE);
  }

  private void check() {
    int columns = root.leaves().size();
    if (footer.isSetEncryption_algorithm()) {
      throw ForeignFile.unsupported(
          source.name(), -1, "an encrypted Parquet file", "one without encryption");
    }
    for (RowGroup group : footer.row_groups) {
      if (group.num_rows < 0 || group.columns.size() != columns) {
        throw bad(
            "a row group of " + group.num_rows + " rows and " + group.columns.size() + " columns",
            columns + " columns");
      }
      rows += group.num_rows;
      if (rows < 0) {
        throw bad("more rows than can be counted", "the number of its rows");
      }
      for (ColumnChunk chunk : group.columns) {
        check(chunk);
      }
    }
    // Some writers leave the sum out; what the row groups say is checked against their pages.
    if (rows != footer.num_rows && footer.num_rows != 0) {
      throw bad(footer.num_rows + " rows", "the " + rows + " of its row groups");
    }
  }

  private void check(ColumnChunk chunk) {
    if (chunk.isSetFile_path() && !chunk.file_path.isEmpty()) {
      throw ForeignFile.unsupported(
          source.name(), -1, "a footer for the other file " + chunk.file_path, "its own columns");
    }
    if (chunk.isSetCrypto_metadata()) {
      throw ForeignFile.unsupported(
          source.name(), -1, "an encrypted Parquet column", "columns without encryption");
    }
    if (!chunk.isSetMeta_data()) {
      throw bad("a column chunk without its description", "one with it");
    }
    long start = start(chunk);
    long size = chunk.meta_data.total_compressed_size;
    if (size == 0 && chunk.meta_data.num_values == 0) {
      // A row group without rows: there is no page that an offset could name. There may be an empty
      // dictionary, which has bytes.
      return;
    }
    if (start < MAGIC.length || size < 0 || start > source.length() - size) {
      throw bad(
          "a column chunk of " + size + " bytes at " + start,
          "one inside the file of " + source.length() + " bytes");
    }
    if (chunk.meta_data.num_values < 0) {
      throw bad("a column chunk of " + chunk.meta_data.num_values + " values", "a positive number");
    }
  }

  /** Where the first page of a chunk begins. */
  static long start(ColumnChunk chunk) {
    long data = chunk.meta_data.data_page_offset;
    long dictionary = chunk.meta_data.dictionary_page_offset;
    boolean first = dictionary > 0 && (dictionary < data || data <= 0);
    return chunk.meta_data.isSetDictionary_page_offset() && first ? dictionary : data;
  }

  private CorruptException bad(String found, String expected) {
    return ForeignFile.corrupt(source.name() + " (footer)", -1, found, expected);
  }

  ByteSource source() {
    return source;
  }

  String name() {
    return source.name();
  }

  SchemaNode root() {
    return root;
  }

  List<RowGroup> groups() {
    return footer.row_groups;
  }

  long rows() {
    return rows;
  }

  /** Program that wrote the file, or null. */
  String createdBy() {
    return footer.created_by;
  }
}
