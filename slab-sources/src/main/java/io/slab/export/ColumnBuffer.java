package io.slab.export;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** One column of a row group: pages that are packed already, and the page that is being filled. */
final class ColumnBuffer {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int LEVEL = 3;

  private final Type type;
  private final List<String> path;
  private final LevelRuns repetitions;
  private final LevelRuns definitions;
  private ByteBuffer values = ByteBuffer.allocate(PAGE_BYTES + 4096).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
  private int valuesInPage;
  private long valuesInChunk;
  private long unpacked;

  ColumnBuffer(Type type, List<String> path, int maxRepetition, int maxDefinition) {
    this.type = type;
    this.path = path;
    repetitions = new LevelRuns(maxRepetition);
    definitions = new LevelRuns(maxDefinition);
  }

  /** A row without a value, or with an empty list. */
  void none(int definition) {
    levels(0, definition, 1);
  }

  void text(byte[] value, int definition) {
    levels(0, definition, 1);
    room(4 + value.length);
    values.putInt(value.length).put(value);
  }

  void floats(float[] list, int definition) {
    levels(0, definition, list.length);
    room(4 * list.length);
    for (float value : list) {
      values.putFloat(value);
    }
  }

  void ints(int[] list, int definition) {
    levels(0, definition, list.length);
    room(4 * list.length);
    for (int value : list) {
      values.putInt(value);
    }
  }

  /** A list: its first element begins a row, the others go on with it. */
  private void levels(int first, int definition, int count) {
    repetitions.add(first, 1);
    repetitions.add(1, count - 1);
    definitions.add(definition, count);
    valuesInPage += count;
  }

  private void room(int bytes) {
    if (values.remaining() < bytes) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(2 * values.capacity(), values.position() + bytes))
              .order(ByteOrder.LITTLE_ENDIAN);
      values = larger.put(values.flip());
    }
  }

  /** Ends the page after a row when it is long enough. */
  void endRow() throws IOException {
    if (values.position() >= PAGE_BYTES || valuesInPage >= PAGE_BYTES) {
      endPage();
    }
  }

  private void endPage() throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream(values.position() + 1024);
    repetitions.take(page);
    definitions.take(page);
    page.write(values.array(), 0, values.position());
    byte[] raw = page.toByteArray();
    byte[] packed = Zstd.compress(raw, LEVEL);
    PageHeader header = new PageHeader(PageType.DATA_PAGE, raw.length, packed.length);
    header.setData_page_header(
        new DataPageHeader(valuesInPage, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    CRC32 sum = new CRC32();
    sum.update(packed);
    header.setCrc((int) sum.getValue());
    int before = pages.size();
    Util.writePageHeader(header, pages);
    unpacked += raw.length + pages.size() - before;
    pages.writeBytes(packed);
    valuesInChunk += valuesInPage;
    valuesInPage = 0;
    values.clear();
  }

  /** Bytes held. */
  long size() {
    return pages.size() + values.position();
  }

  /**
   * Ends the row group and describes the column in it.
   *
   * @param offset where its pages begin in the file
   */
  ColumnChunk end(long offset) throws IOException {
    if (valuesInPage > 0) {
      endPage();
    }
    ColumnMetaData data =
        new ColumnMetaData(
            type,
            List.of(Encoding.PLAIN, Encoding.RLE),
            path,
            CompressionCodec.ZSTD,
            valuesInChunk,
            unpacked,
            pages.size(),
            offset);
    ColumnChunk chunk = new ColumnChunk(0);
    chunk.setMeta_data(data);
    return chunk;
  }

  /** The pages, which are forgotten here. */
  byte[] take() {
    byte[] all = pages.toByteArray();
    pages.reset();
    valuesInChunk = 0;
    unpacked = 0;
    return all;
  }
}
