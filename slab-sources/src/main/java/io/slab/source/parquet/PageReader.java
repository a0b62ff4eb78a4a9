package io.slab.source.parquet;

import io.slab.error.CorruptException;
import io.slab.source.ForeignFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.InvalidParquetMetadataException;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;

/** The pages of one column chunk, one at a time, so that no more than one is held. */
final class PageReader {
  /** Largest page that is read, packed or unpacked. Usual ones have a megabyte. */
  static final int MAX_PAGE = 256 << 20;

  /** Most values of a page. */
  private static final int MAX_VALUES = 1 << 27;

  private final String file;
  private final SchemaNode leaf;
  private final CompressionCodec codec;
  private final ChunkInput in;
  private final long expected;
  private long seen;
  private long pageOffset;
  private Window dictionary;
  private int dictionarySize;

  PageReader(ParquetFile file, SchemaNode leaf, ColumnChunk chunk) {
    this.file = file.name();
    this.leaf = leaf;
    codec = chunk.meta_data.codec;
    expected = chunk.meta_data.num_values;
    in =
        new ChunkInput(
            file.source(), ParquetFile.start(chunk), chunk.meta_data.total_compressed_size);
  }

  /** The next data page, or null after the last value of the chunk. */
  Page next() {
    while (seen < expected) {
      pageOffset = in.position();
      try {
        Page page = page(Util.readPageHeader(in));
        if (page != null) {
          seen += page.values();
          if (seen > expected) {
            throw new Malformed(seen + " values in a column chunk of " + expected);
          }
          return page;
        }
      } catch (IOException e) {
        throw corrupt("a page header that cannot be read: " + e.getMessage());
      } catch (Malformed | InvalidParquetMetadataException e) {
        throw corrupt(e.getMessage());
      }
    }
    return null;
  }

  CorruptException corrupt(String found) {
    return ForeignFile.corrupt(place(), pageOffset, found, "an intact Parquet page");
  }

  private String place() {
    return file + " (column " + leaf.name() + ")";
  }

  private Page page(PageHeader header) throws IOException {
    int packed = header.compressed_page_size;
    int size = header.uncompressed_page_size;
    if (packed < 0 || packed > in.remaining() || packed > MAX_PAGE || size < 0 || size > MAX_PAGE) {
      throw new Malformed("a page of " + packed + " bytes, unpacked " + size);
    }
    byte[] bytes = in.readNBytes(packed);
    checkSum(header, bytes);
    return switch (header.type) {
      case DATA_PAGE -> version1(there(header.data_page_header), bytes, size);
      case DATA_PAGE_V2 -> version2(there(header.data_page_header_v2), bytes, size);
      case DICTIONARY_PAGE -> {
        dictionary(there(header.dictionary_page_header).num_values, unpack(bytes, 0, size));
        yield null;
      }
      case INDEX_PAGE -> null;
    };
  }

  /** The part of a header that its type promises, which the thrift classes do not require. */
  private static <T> T there(T part) {
    if (part == null) {
      throw new Malformed("a page header without the part for its type");
    }
    return part;
  }

  /** Compares the page as it is stored, without its header, with the checksum if there is one. */
  private void checkSum(PageHeader header, byte[] bytes) {
    if (!header.isSetCrc()) {
      return;
    }
    CRC32 sum = new CRC32();
    sum.update(bytes);
    if ((int) sum.getValue() != header.crc) {
      throw ForeignFile.corrupt(
          place(),
          pageOffset,
          String.format("a page with the checksum %08x", sum.getValue()),
          String.format("%08x as its header says", header.crc));
    }
  }

  private byte[] unpack(byte[] bytes, int from, int size) {
    if (codec == CompressionCodec.UNCOMPRESSED) {
      if (bytes.length - from != size) {
        throw new Malformed((bytes.length - from) + " bytes in a page of " + size);
      }
      return bytes;
    }
    return PageCodec.unpack(file, codec, bytes, from, bytes.length - from, size);
  }

  private void dictionary(int count, byte[] bytes) {
    int fixed = leaf.element().type_length;
    int width = Math.max(1, PlainDecoder.width(leaf.element().type, fixed));
    if (count < 0 || count > bytes.length / width) {
      throw new Malformed("a dictionary of " + count + " entries in " + bytes.length + " bytes");
    }
    dictionary = new Window(leaf.element().type, count);
    dictionarySize = count;
    new PlainDecoder(leaf.element().type, fixed, bytes, 0, bytes.length).read(dictionary, 0, count);
  }

  private static void checkCount(int values) {
    if (values < 0 || values > MAX_VALUES) {
      throw new Malformed("a page of " + values + " values");
    }
  }

  private Page version1(DataPageHeader header, byte[] packed, int size) {
    checkCount(header.num_values);
    byte[] bytes = unpack(packed, 0, size);
    ByteBuffer at = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    HybridDecoder repetitions = levels(at, leaf.maxRepetition(), header.repetition_level_encoding);
    HybridDecoder definitions = levels(at, leaf.maxDefinition(), header.definition_level_encoding);
    return new Page(
        pageOffset,
        header.num_values,
        repetitions,
        definitions,
        header.encoding,
        bytes,
        at.position());
  }

  private static HybridDecoder levels(ByteBuffer at, int max, Encoding encoding) {
    if (max == 0) {
      return null;
    }
    if (encoding != Encoding.RLE) {
      throw new Malformed("levels in the encoding " + encoding);
    }
    int length = at.remaining() < 4 ? -1 : at.getInt();
    if (length < 0 || length > at.remaining()) {
      throw new Malformed("levels of " + length + " bytes");
    }
    int from = at.position();
    at.position(from + length);
    return new HybridDecoder(at.array(), from, from + length, bits(max));
  }

  private static int bits(int max) {
    return 32 - Integer.numberOfLeadingZeros(max);
  }

  private Page version2(DataPageHeaderV2 header, byte[] packed, int size) {
    checkCount(header.num_values);
    int repetitionBytes = header.repetition_levels_byte_length;
    int definitionBytes = header.definition_levels_byte_length;
    if (repetitionBytes < 0
        || definitionBytes < 0
        || (long) repetitionBytes + definitionBytes > Math.min(packed.length, size)) {
      throw new Malformed("levels of " + repetitionBytes + " and " + definitionBytes + " bytes");
    }
    int levels = repetitionBytes + definitionBytes;
    boolean raw =
        codec == CompressionCodec.UNCOMPRESSED
            || header.isSetIs_compressed() && !header.is_compressed
            || packed.length == levels;
    byte[] data = raw ? packed : unpack(packed, levels, size - levels);
    return new Page(
        pageOffset,
        header.num_values,
        leaf.maxRepetition() == 0
            ? null
            : new HybridDecoder(packed, 0, repetitionBytes, bits(leaf.maxRepetition())),
        leaf.maxDefinition() == 0
            ? null
            : new HybridDecoder(packed, repetitionBytes, levels, bits(leaf.maxDefinition())),
        header.encoding,
        data,
        raw ? levels : 0);
  }

  /** A decoder of a page's values. */
  ValueDecoder decoder(Page page) {
    byte[] data = page.data();
    int from = page.from();
    int to = data.length;
    Type type = leaf.element().type;
    int fixed = leaf.element().type_length;
    Encoding encoding = page.encoding();
    require(encoding, type);
    return switch (encoding) {
      case PLAIN -> new PlainDecoder(type, fixed, data, from, to);
      case PLAIN_DICTIONARY, RLE_DICTIONARY ->
          new DictionaryDecoder(dictionary, dictionarySize, data, from, to);
      case BYTE_STREAM_SPLIT -> new SplitDecoder(type, fixed, data, from, to);
      case DELTA_BINARY_PACKED ->
          new DeltaDecoder(data, from, to, type == Type.INT32, page.values());
      case DELTA_LENGTH_BYTE_ARRAY -> new DeltaBytesDecoder(data, from, to, false, page.values());
      case DELTA_BYTE_ARRAY -> new DeltaBytesDecoder(data, from, to, true, page.values());
      case RLE -> booleans(data, from, to);
      default -> throw new Malformed("values in the encoding " + encoding);
    };
  }

  /** Refuses an encoding that the format does not have for such values. */
  private static void require(Encoding encoding, Type type) {
    boolean fits =
        switch (encoding) {
          case DELTA_BINARY_PACKED -> type == Type.INT32 || type == Type.INT64;
          case DELTA_LENGTH_BYTE_ARRAY -> type == Type.BYTE_ARRAY;
          case DELTA_BYTE_ARRAY -> type == Type.BYTE_ARRAY || type == Type.FIXED_LEN_BYTE_ARRAY;
          case BYTE_STREAM_SPLIT ->
              type != Type.BOOLEAN && type != Type.BYTE_ARRAY && type != Type.INT96;
          case RLE -> type == Type.BOOLEAN;
          default -> true;
        };
    if (!fits) {
      throw new Malformed("the encoding " + encoding + " for a column of " + type);
    }
  }

  /** Booleans in runs, behind their length. */
  private static ValueDecoder booleans(byte[] data, int from, int to) {
    if (to - from < 4) {
      throw new Malformed("runs that end early");
    }
    HybridDecoder runs = new HybridDecoder(data, from + 4, to, 1);
    return (into, start, count) -> {
      byte[] values = new byte[count];
      runs.read(values, 0, count);
      for (int i = 0; i < count; i++) {
        into.longs[start + i] = values[i];
      }
    };
  }
}
