package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The row coding of metadata with field names: {@code uvarint} field count, then per field in
 * ascending byte order of names {@code uvarint} length and UTF-8 name, {@code u8} tag, payload as
 * in META_ROWS. Used in WAL payloads. META_ROWS has the same coding with field ids in place of
 * names ({@link MetaRowsLayout}).
 */
public final class MetadataCodec {
  public static final int TAG_STRING = 1;
  public static final int TAG_NUMBER = 2;
  public static final int TAG_FALSE = 3;
  public static final int TAG_TRUE = 4;
  public static final int TAG_LIST = 5;

  /** Every record has its names anew, and the memtable keeps them: one of each will do. */
  private static final SharedTexts NAMES = new SharedTexts();

  private MetadataCodec() {}

  /** Appends metadata. */
  public static void writeNamed(ByteWriter out, Metadata metadata) {
    out.uvarint(metadata.fields().size());
    metadata
        .fields()
        .forEach((name, value) -> {
          writeText(out, name);
          writeValue(out, value);
        });
  }

  /** Appends tag and payload of one value. */
  static void writeValue(ByteWriter out, MetaValue value) {
    if (value instanceof MetaValue.Str(String text)) {
      writeText(out.u8(TAG_STRING), text);
    } else if (value instanceof MetaValue.Num(double number)) {
      out.u8(TAG_NUMBER).f64(number);
    } else if (value instanceof MetaValue.Bool(boolean truth)) {
      out.u8(truth ? TAG_TRUE : TAG_FALSE);
    } else if (value instanceof MetaValue.StrList(List<String> elements)) {
      out.u8(TAG_LIST).uvarint(elements.size());
      for (String element : elements) {
        writeText(out, element);
      }
    }
  }

  private static void writeText(ByteWriter out, String text) {
    byte[] bytes = Utf8.bytes(text);
    out.uvarint(bytes.length).bytes(bytes);
  }

  /**
   * Appends a row of META_ROWS.
   *
   * @param fieldIds ids of all fields, ascending in byte order of the names
   */
  public static void writeRow(ByteWriter out, Metadata metadata, Map<String, Integer> fieldIds) {
    out.uvarint(metadata.fields().size());
    metadata
        .fields()
        .forEach((name, value) -> {
          out.uvarint(fieldIds.get(name));
          writeValue(out, value);
        });
  }

  /**
   * Reads a row of META_ROWS, which ends where the cursor does.
   *
   * @param fields names by field id
   * @throws io.slab.error.CorruptException when the bytes are no such row
   */
  public static Metadata readRow(ByteCursor in, List<String> fields) {
    int count = in.varCount("field count", fields.size());
    String[] names = new String[count];
    MetaValue[] values = new MetaValue[count];
    int previous = -1;
    for (int i = 0; i < count; i++) {
      int field = in.varCount("field id", fields.size() - 1L);
      if (field <= previous) {
        throw in.corrupt("field id " + field + " after " + previous, "ascending field ids");
      }
      names[i] = fields.get(field);
      values[i] = readValue(in);
      previous = field;
    }
    in.end("metadata row");
    return Metadata.of(names, values);
  }

  /** Reads what {@link #writeNamed} wrote; anything else is corrupt. */
  public static Metadata readNamed(ByteCursor in) {
    int count = in.varCount("metadata field count", in.remaining());
    if (count == 0) {
      return Metadata.EMPTY;
    }
    // As many as are there: a damaged count must not take memory.
    List<String> names = new ArrayList<>();
    List<MetaValue> values = new ArrayList<>();
    String previous = null;
    for (int i = 0; i < count; i++) {
      String name = NAMES.shared(readText(in, "field name"));
      if (previous != null && Utf8.compare(previous, name) >= 0) {
        throw in.corrupt("field '" + name + "' after '" + previous + "'", "ascending field names");
      }
      names.add(name);
      values.add(readValue(in));
      previous = name;
    }
    return Metadata.of(names.toArray(String[]::new), values.toArray(MetaValue[]::new));
  }

  /** Reads tag and payload of one value. */
  static MetaValue readValue(ByteCursor in) {
    int tag = in.u8("value tag");
    return switch (tag) {
      case TAG_STRING -> new MetaValue.Str(readText(in, "string value"));
      case TAG_NUMBER -> new MetaValue.Num(in.f64("number value"));
      case TAG_FALSE -> new MetaValue.Bool(false);
      case TAG_TRUE -> new MetaValue.Bool(true);
      case TAG_LIST -> {
        int size = in.varCount("list size", in.remaining());
        List<String> elements = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
          elements.add(readText(in, "list element"));
        }
        yield new MetaValue.StrList(elements);
      }
      default -> throw in.corrupt("value tag " + tag, "a tag of 1 to 5");
    };
  }

  /** Steps over tag and payload of one value. */
  static void skipValue(ByteCursor in) {
    int tag = in.u8("value tag");
    switch (tag) {
      case TAG_STRING -> skipText(in);
      case TAG_NUMBER -> in.skip(Double.BYTES, "number value");
      case TAG_FALSE, TAG_TRUE -> {}
      case TAG_LIST -> {
        int size = in.varCount("list size", in.remaining());
        for (int i = 0; i < size; i++) {
          skipText(in);
        }
      }
      default -> throw in.corrupt("value tag " + tag, "a tag of 1 to 5");
    }
  }

  private static void skipText(ByteCursor in) {
    in.skip(in.varCount("string length", in.remaining()), "string");
  }

  private static String readText(ByteCursor in, String what) {
    return in.utf8(in.varCount(what + " length", in.remaining()), what);
  }
}
