package io.slab.source.parquet;

import io.slab.io.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.JulianFields;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;

/**
 * Values of a column as what they mean: a Boolean, Long, Double, BigDecimal, String (times and
 * dates in ISO form among them), or a byte[] that is no text.
 */
final class LeafValues {
  private enum Meaning {
    PLAIN,
    BOOLEAN,
    UNSIGNED_INT,
    UNSIGNED_LONG,
    HALF,
    DECIMAL,
    DATE,
    TIME,
    TEXT
  }

  private final Type type;
  private final Meaning meaning;
  private final int scale;
  private final long ticksPerSecond;

  LeafValues(SchemaNode leaf) {
    type = leaf.element().type;
    meaning = meaning(leaf);
    scale = scale(leaf.element());
    ticksPerSecond = ticks(leaf.element());
  }

  private static Meaning meaning(SchemaNode leaf) {
    SchemaElement element = leaf.element();
    boolean logical = element.isSetLogicalType();
    if (element.type == Type.BOOLEAN) {
      return Meaning.BOOLEAN;
    }
    if (leaf.isUnsigned()) {
      return element.type == Type.INT32 ? Meaning.UNSIGNED_INT : Meaning.UNSIGNED_LONG;
    }
    if (leaf.isHalf()) {
      return Meaning.HALF;
    }
    if (logical && element.logicalType.isSetDECIMAL()
        || element.converted_type == ConvertedType.DECIMAL) {
      return Meaning.DECIMAL;
    }
    if (logical && element.logicalType.isSetDATE()
        || element.converted_type == ConvertedType.DATE) {
      return Meaning.DATE;
    }
    if (element.type == Type.INT96 || ticks(element) > 0) {
      return Meaning.TIME;
    }
    return element.type == Type.BYTE_ARRAY ? Meaning.TEXT : Meaning.PLAIN;
  }

  private static int scale(SchemaElement element) {
    return element.isSetLogicalType() && element.logicalType.isSetDECIMAL()
        ? element.logicalType.getDECIMAL().scale
        : element.scale;
  }

  /** Units of a point in time, or 0 for a column of something else. */
  private static long ticks(SchemaElement element) {
    if (element.isSetLogicalType() && element.logicalType.isSetTIMESTAMP()) {
      TimeUnit unit = element.logicalType.getTIMESTAMP().unit;
      return unit.isSetMILLIS() ? 1_000 : unit.isSetMICROS() ? 1_000_000 : 1_000_000_000;
    }
    return element.converted_type == ConvertedType.TIMESTAMP_MILLIS
        ? 1_000
        : element.converted_type == ConvertedType.TIMESTAMP_MICROS ? 1_000_000 : 0;
  }

  /** A value that is not null. */
  Object of(Window window, int at) {
    return switch (meaning) {
      case BOOLEAN -> window.longs[at] != 0;
      case UNSIGNED_INT -> window.longs[at] & 0xFFFF_FFFFL;
      case UNSIGNED_LONG -> unsigned(window.longs[at]);
      case HALF -> (double) half(window.bytes[at]);
      case DECIMAL -> decimal(window, at);
      case DATE -> LocalDate.ofEpochDay(window.longs[at]).toString();
      case TIME -> time(window, at);
      case TEXT -> text(window.bytes[at]);
      case PLAIN -> plain(window, at);
    };
  }

  private Object plain(Window window, int at) {
    return switch (type) {
      case FLOAT -> (double) window.floats[at];
      case DOUBLE -> window.doubles[at];
      case INT32, INT64 -> window.longs[at];
      default -> window.bytes[at];
    };
  }

  private static Object unsigned(long value) {
    return value >= 0 ? value : new BigDecimal(Long.toUnsignedString(value));
  }

  /** A 16-bit float; what has other than two bytes is no number. */
  static float half(byte[] bytes) {
    return bytes.length == 2
        ? Float.float16ToFloat((short) (bytes[0] & 0xFF | bytes[1] << 8))
        : Float.NaN;
  }

  private Object decimal(Window window, int at) {
    BigInteger digits =
        window.longs != null
            ? BigInteger.valueOf(window.longs[at])
            : window.bytes[at].length == 0 ? BigInteger.ZERO : new BigInteger(window.bytes[at]);
    return new BigDecimal(digits, scale);
  }

  private Object time(Window window, int at) {
    if (type == Type.INT96) {
      ByteBuffer value = ByteBuffer.wrap(window.bytes[at]).order(ByteOrder.LITTLE_ENDIAN);
      long nanos = value.getLong();
      LocalDate day = LocalDate.EPOCH.with(JulianFields.JULIAN_DAY, value.getInt());
      return day.atStartOfDay().plusNanos(nanos).toInstant(ZoneOffset.UTC).toString();
    }
    long ticks = window.longs[at];
    long nanosPerTick = 1_000_000_000 / ticksPerSecond;
    return Instant.ofEpochSecond(
            Math.floorDiv(ticks, ticksPerSecond),
            Math.floorMod(ticks, ticksPerSecond) * nanosPerTick)
        .toString();
  }

  private static Object text(byte[] bytes) {
    try {
      return Utf8.decode(bytes, 0, bytes.length);
    } catch (CharacterCodingException e) {
      return bytes;
    }
  }
}
