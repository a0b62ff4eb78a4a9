package io.slab.source.parquet;

import io.slab.error.UnsupportedException;
import io.slab.source.ForeignFile;
import java.util.Locale;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;

/**
 * What the values of a column mean: its physical type together with its annotation, which is the
 * logical type or, in files of older writers, the converted type. An annotation that is not known,
 * or that the physical type cannot carry, is refused: without it a number is another number.
 *
 * @param bits of an integer
 * @param scale digits after the point of a decimal
 * @param ticks units of a second of a time, or 0
 * @param name for people, such as DECIMAL or BYTE_ARRAY
 */
record ColumnType(Meaning meaning, int bits, int scale, long ticks, String name) {
  /** What a value is. */
  enum Meaning {
    BOOLEAN,
    SIGNED,
    UNSIGNED,
    REAL,
    HALF,
    DECIMAL,
    DATE,
    TIME,
    /** A point in time. */
    INSTANT,
    /** A date and a time of day without a zone. */
    LOCAL,
    /** A point in time as Hive and Impala wrote it, in 96 bits. */
    JULIAN,
    INTERVAL,
    UUID,
    /** Text by its annotation. */
    TEXT,
    /** Bytes without an annotation: text when they are UTF-8. */
    BYTES,
    /** Bytes that are something else than text. */
    BINARY
  }

  /** More digits after the point than this no data has, and they are costly to print. */
  private static final int MAX_SCALE = 1000;

  /**
   * The type of a column.
   *
   * @throws UnsupportedException when its annotation is not known, or is none for such a column
   */
  static ColumnType of(String file, SchemaNode leaf) {
    SchemaElement element = leaf.element();
    ColumnType type = annotated(element);
    if (type == null) {
      throw unsupported(
          file,
          leaf,
          "the annotation " + annotation(element) + " on a column of " + element.type,
          "one that is known for " + element.type);
    }
    if (type.meaning == Meaning.DECIMAL && (type.scale < 0 || type.scale > MAX_SCALE)) {
      throw unsupported(
          file, leaf, "decimals of the scale " + type.scale, "a scale of 0 to " + MAX_SCALE);
    }
    return type;
  }

  private static UnsupportedException unsupported(
      String file, SchemaNode leaf, String found, String expected) {
    return ForeignFile.unsupported(file + " (column " + leaf.name() + ")", -1, found, expected);
  }

  private static String annotation(SchemaElement element) {
    if (element.isSetLogicalType() && element.logicalType.getSetField() != null) {
      return element.logicalType.getSetField().name();
    }
    return element.converted_type == null
        ? "of a later version of Parquet (such as VECTOR)"
        : element.converted_type.name();
  }

  /** Null for an annotation that is not known or does not fit. */
  private static ColumnType annotated(SchemaElement element) {
    if (element.type == Type.INT96) {
      return new ColumnType(Meaning.JULIAN, 96, 0, 0, "INT96");
    }
    boolean known = element.isSetLogicalType() && element.logicalType.getSetField() != null;
    if (known) {
      return logical(element, element.logicalType);
    }
    if (element.converted_type != null) {
      return converted(element, element.converted_type);
    }
    return element.isSetLogicalType() || element.isSetConverted_type() ? null : plain(element.type);
  }

  private static ColumnType plain(Type type) {
    return switch (type) {
      case BOOLEAN -> of(Meaning.BOOLEAN, type.name());
      case INT32 -> integer(32, true);
      case INT64 -> integer(64, true);
      case INT96 -> null;
      case FLOAT, DOUBLE -> of(Meaning.REAL, type.name());
      case BYTE_ARRAY -> of(Meaning.BYTES, type.name());
      case FIXED_LEN_BYTE_ARRAY -> of(Meaning.BINARY, type.name());
    };
  }

  private static ColumnType of(Meaning meaning, String name) {
    return new ColumnType(meaning, 0, 0, 0, name);
  }

  private static ColumnType integer(int bits, boolean signed) {
    Meaning meaning = signed ? Meaning.SIGNED : Meaning.UNSIGNED;
    return new ColumnType(meaning, bits, 0, 0, (signed ? "INT" : "UINT") + bits);
  }

  private static ColumnType logical(SchemaElement element, LogicalType type) {
    return switch (type.getSetField()) {
      case STRING, ENUM, JSON -> text(element, annotation(element));
      case DECIMAL -> decimal(element, type.getDECIMAL().scale);
      case DATE -> when(element, Type.INT32, of(Meaning.DATE, "DATE"));
      case TIME -> time(element, ticks(type.getTIME().unit));
      case TIMESTAMP ->
          timestamp(element, ticks(type.getTIMESTAMP().unit), type.getTIMESTAMP().isAdjustedToUTC);
      case INTEGER -> integer(element, type.getINTEGER());
      case UNKNOWN -> plain(element.type);
      case UUID -> fixed(element, 16, of(Meaning.UUID, "UUID"));
      case FLOAT16 -> fixed(element, 2, of(Meaning.HALF, "FLOAT16"));
      case BSON, GEOMETRY, GEOGRAPHY ->
          when(element, Type.BYTE_ARRAY, of(Meaning.BINARY, annotation(element)));
      default -> null;
    };
  }

  private static ColumnType converted(SchemaElement element, ConvertedType type) {
    return switch (type) {
      case UTF8, ENUM, JSON -> text(element, type.name());
      case DECIMAL -> decimal(element, element.scale);
      case DATE -> when(element, Type.INT32, of(Meaning.DATE, "DATE"));
      case TIME_MILLIS -> time(element, 1_000);
      case TIME_MICROS -> time(element, 1_000_000);
      case TIMESTAMP_MILLIS -> timestamp(element, 1_000, true);
      case TIMESTAMP_MICROS -> timestamp(element, 1_000_000, true);
      case INT_8, INT_16, INT_32, INT_64, UINT_8, UINT_16, UINT_32, UINT_64 -> {
        String name = type.name().toLowerCase(Locale.ROOT);
        byte bits = Byte.parseByte(name.substring(name.indexOf('_') + 1));
        yield integer(element, new IntType(bits, name.startsWith("i")));
      }
      case BSON -> when(element, Type.BYTE_ARRAY, of(Meaning.BINARY, "BSON"));
      case INTERVAL -> fixed(element, 12, of(Meaning.INTERVAL, "INTERVAL"));
      default -> null;
    };
  }

  private static ColumnType when(SchemaElement element, Type physical, ColumnType type) {
    return element.type == physical ? type : null;
  }

  private static ColumnType fixed(SchemaElement element, int length, ColumnType type) {
    return element.type_length == length ? when(element, Type.FIXED_LEN_BYTE_ARRAY, type) : null;
  }

  private static boolean isBytes(SchemaElement element) {
    return element.type == Type.BYTE_ARRAY || element.type == Type.FIXED_LEN_BYTE_ARRAY;
  }

  private static ColumnType text(SchemaElement element, String name) {
    return isBytes(element) ? of(Meaning.TEXT, name) : null;
  }

  private static ColumnType decimal(SchemaElement element, int scale) {
    boolean carries = isBytes(element) || element.type == Type.INT32 || element.type == Type.INT64;
    return carries ? new ColumnType(Meaning.DECIMAL, 0, scale, 0, "DECIMAL") : null;
  }

  private static ColumnType integer(SchemaElement element, IntType type) {
    int bits = type.bitWidth;
    boolean known = bits == 8 || bits == 16 || bits == 32 || bits == 64;
    Type physical = bits == 64 ? Type.INT64 : Type.INT32;
    return known ? when(element, physical, integer(bits, type.isSigned)) : null;
  }

  private static long ticks(TimeUnit unit) {
    return unit.isSetMILLIS()
        ? 1_000
        : unit.isSetMICROS() ? 1_000_000 : unit.isSetNANOS() ? 1_000_000_000 : 0;
  }

  private static ColumnType time(SchemaElement element, long ticks) {
    ColumnType type = new ColumnType(Meaning.TIME, 0, 0, ticks, "TIME");
    return ticks == 0 ? null : when(element, ticks == 1_000 ? Type.INT32 : Type.INT64, type);
  }

  private static ColumnType timestamp(SchemaElement element, long ticks, boolean utc) {
    Meaning meaning = utc ? Meaning.INSTANT : Meaning.LOCAL;
    ColumnType type = new ColumnType(meaning, 0, 0, ticks, "TIMESTAMP");
    return ticks == 0 ? null : when(element, Type.INT64, type);
  }

  /** True when the values are numbers, so that a list of them may be a vector. */
  boolean isNumeric() {
    return switch (meaning) {
      case SIGNED, UNSIGNED, REAL, HALF, DECIMAL -> true;
      default -> false;
    };
  }
}
