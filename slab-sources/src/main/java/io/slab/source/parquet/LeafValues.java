package io.slab.source.parquet;

import io.slab.model.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.JulianFields;
import java.util.UUID;
import org.apache.parquet.format.Type;

/**
 * Values of a column as what they mean: a Boolean, Long, Double, BigDecimal, String (times, dates
 * and UUIDs in their usual form among them), a byte[] that is no text, or an {@link Unreadable}.
 */
final class LeafValues {
  private static final long NANOS = 1_000_000_000;
  private static final long DAY = 86_400;

  /** Longer decimals no data has, and they are costly to print. */
  private static final int MAX_DECIMAL_BYTES = 1024;

  private final Type physical;
  private final ColumnType type;

  LeafValues(SchemaNode leaf, ColumnType type) {
    physical = leaf.element().type;
    this.type = type;
  }

  /** A value that is not null. */
  Object of(Window window, int at) {
    try {
      return switch (type.meaning()) {
        case BOOLEAN -> window.longs[at] != 0;
        case SIGNED -> window.longs[at];
        case UNSIGNED -> unsigned(window.longs[at]);
        case REAL -> physical == Type.FLOAT ? (double) window.floats[at] : window.doubles[at];
        case HALF -> half(window.bytes[at]);
        case DECIMAL -> decimal(window, at);
        case DATE -> LocalDate.ofEpochDay(window.longs[at]).toString();
        case TIME -> time(window.longs[at]);
        case INSTANT -> instant(window.longs[at]);
        case LOCAL -> withoutZone(instant(window.longs[at]));
        case JULIAN -> julian(window.bytes[at]);
        case INTERVAL -> interval(window.bytes[at]);
        case UUID -> uuid(window.bytes[at]);
        case TEXT -> text(window.bytes[at]);
        case BYTES -> text(window.bytes[at]) instanceof String text ? text : window.bytes[at];
        case BINARY -> window.bytes[at];
      };
    } catch (DateTimeException | ArithmeticException e) {
      return bad("a value that is out of range");
    }
  }

  private Unreadable bad(String what) {
    return new Unreadable(what + " in a column of " + type.name());
  }

  private Object unsigned(long stored) {
    if (type.bits() == 64) {
      return stored >= 0 ? stored : (Object) new BigDecimal(Long.toUnsignedString(stored));
    }
    long value = stored & 0xFFFF_FFFFL;
    return value >>> type.bits() == 0 ? (Object) value : bad("the value " + value);
  }

  private Object half(byte[] bytes) {
    return bytes.length == 2
        ? (double) Float.float16ToFloat((short) (bytes[0] & 0xFF | bytes[1] << 8))
        : (Object) bad(bytes.length + " bytes");
  }

  private Object decimal(Window window, int at) {
    if (window.longs != null) {
      return BigDecimal.valueOf(window.longs[at], type.scale());
    }
    byte[] bytes = window.bytes[at];
    return bytes.length == 0 || bytes.length > MAX_DECIMAL_BYTES
        ? bad(bytes.length + " bytes")
        : new BigDecimal(new BigInteger(bytes), type.scale());
  }

  private String instant(long ticks) {
    return Instant.ofEpochSecond(
            Math.floorDiv(ticks, type.ticks()),
            Math.floorMod(ticks, type.ticks()) * (NANOS / type.ticks()))
        .toString();
  }

  private static String withoutZone(String instant) {
    return instant.substring(0, instant.length() - 1);
  }

  /**
   * A time of day. It gets no zone even where the column says that it is one in UTC: usual writers
   * say so of times that have none.
   */
  private Object time(long ticks) {
    if (ticks < 0 || ticks >= DAY * type.ticks()) {
      return bad("the value " + ticks);
    }
    String instant = withoutZone(instant(ticks));
    return instant.substring(instant.indexOf('T') + 1);
  }

  private Object julian(byte[] bytes) {
    if (bytes.length != 12) {
      return bad(bytes.length + " bytes");
    }
    ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = value.getLong();
    LocalDate day = LocalDate.EPOCH.with(JulianFields.JULIAN_DAY, value.getInt());
    return day.atStartOfDay().plusNanos(nanos).toInstant(ZoneOffset.UTC).toString();
  }

  /** Months, days and milliseconds, each of which counts by itself, in ISO form. */
  private Object interval(byte[] bytes) {
    if (bytes.length != 12) {
      return bad(bytes.length + " bytes");
    }
    ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long months = value.getInt() & 0xFFFF_FFFFL;
    long days = value.getInt() & 0xFFFF_FFFFL;
    BigDecimal seconds = BigDecimal.valueOf(value.getInt() & 0xFFFF_FFFFL, 3);
    String time = seconds.signum() == 0 ? "0" : seconds.stripTrailingZeros().toPlainString();
    return "P" + months + "M" + days + "DT" + time + "S";
  }

  private Object uuid(byte[] bytes) {
    if (bytes.length != 16) {
      return bad(bytes.length + " bytes");
    }
    ByteBuffer value = ByteBuffer.wrap(bytes);
    return new UUID(value.getLong(), value.getLong()).toString();
  }

  private Object text(byte[] bytes) {
    try {
      return Utf8.decode(bytes, 0, bytes.length);
    } catch (CharacterCodingException e) {
      return bad("bytes that are no UTF-8");
    }
  }
}
