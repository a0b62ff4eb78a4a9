package io.slab.source.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/** Goes through the pages of a small Parquet file, or writes it with other packed bytes. */
public final class ParquetRepack {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private ParquetRepack() {}

  /** Packs a page anew. */
  @FunctionalInterface
  public interface Packer {
    /**
     * @param page its bytes as the file has them
     * @param size its bytes unpacked
     */
    byte[] pack(byte[] page, int size) throws IOException;
  }

  /** Looks at a page. */
  @FunctionalInterface
  public interface Visitor {
    /** Takes a page as the file has it. */
    void page(PageHeader header, byte[] page) throws IOException;
  }

  private static FileMetaData footer(byte[] file) throws IOException {
    int size = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
    return Util.readFileMetaData(
        new ByteArrayInputStream(file, file.length - 8 - size, size), size);
  }

  private static void pages(byte[] file, ColumnMetaData chunk, Visitor visitor) throws IOException {
    long start =
        chunk.isSetDictionary_page_offset() && chunk.dictionary_page_offset > 0
            ? chunk.dictionary_page_offset
            : chunk.data_page_offset;
    ByteArrayInputStream in =
        new ByteArrayInputStream(file, (int) start, (int) chunk.total_compressed_size);
    while (in.available() > 0) {
      PageHeader header = Util.readPageHeader(in);
      visitor.page(header, in.readNBytes(header.compressed_page_size));
    }
  }

  /** Visits every page. */
  public static void pages(Path file, Visitor visitor) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (RowGroup group : footer(bytes).row_groups) {
      for (ColumnChunk chunk : group.columns) {
        pages(bytes, chunk.meta_data, visitor);
      }
    }
  }

  /** Writes a file again without checksums and with other page headers. */
  public static void edit(Path from, Path to, Consumer<PageHeader> change) throws IOException {
    CompressionCodec codec =
        footer(Files.readAllBytes(from)).row_groups.getFirst().columns.getFirst().meta_data.codec;
    write(from, to, codec, (page, size) -> page, change);
  }

  /** Writes a file with pages of version 1 again, packed otherwise and without checksums. */
  public static void repack(Path from, Path to, CompressionCodec codec, Packer packer)
      throws IOException {
    write(from, to, codec, packer, header -> {});
  }

  private static void write(
      Path from, Path to, CompressionCodec codec, Packer packer, Consumer<PageHeader> change)
      throws IOException {
    byte[] bytes = Files.readAllBytes(from);
    FileMetaData footer = footer(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    for (RowGroup group : footer.row_groups) {
      for (ColumnChunk chunk : group.columns) {
        ColumnMetaData data = chunk.meta_data;
        long[] starts = {-1, -1};
        int before = out.size();
        pages(
            bytes,
            data,
            (header, page) -> {
              int kind = header.isSetDictionary_page_header() ? 0 : 1;
              starts[kind] = starts[kind] < 0 ? out.size() : starts[kind];
              byte[] packed = packer.pack(page, header.uncompressed_page_size);
              header.unsetCrc();
              header.setCompressed_page_size(packed.length);
              change.accept(header);
              Util.writePageHeader(header, out);
              out.writeBytes(packed);
            });
        data.setCodec(codec).setTotal_compressed_size(out.size() - before);
        data.setData_page_offset(starts[1]);
        if (starts[0] >= 0) {
          data.setDictionary_page_offset(starts[0]);
        }
        chunk.unsetOffset_index_offset();
        chunk.unsetColumn_index_offset();
      }
    }
    int body = out.size();
    Util.writeFileMetaData(footer, out);
    int size = out.size() - body;
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(size).array());
    out.writeBytes(MAGIC);
    Files.write(to, out.toByteArray());
  }
}
