package io.slab.spec;

import static io.slab.source.parquet.ParquetFixture.bytes;
import static io.slab.source.parquet.ParquetFixture.element;
import static io.slab.source.parquet.ParquetFixture.f32;
import static io.slab.source.parquet.ParquetFixture.f64;
import static io.slab.source.parquet.ParquetFixture.i32;
import static io.slab.source.parquet.ParquetFixture.i64;
import static io.slab.source.parquet.ParquetFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.error.SlabException;
import io.slab.json.Json;
import io.slab.source.FieldMap;
import io.slab.source.ReadOptions;
import io.slab.source.parquet.ParquetFixture;
import io.slab.testkit.spec.SpecTables;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.Float16Type;
import org.apache.parquet.format.GeometryType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.JsonType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.MilliSeconds;
import org.apache.parquet.format.NanoSeconds;
import org.apache.parquet.format.NullType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.UUIDType;
import org.junit.jupiter.api.Test;

/** Every row of the table of types in the specification. */
class ParquetTypesTableTest extends ParquetColumnFixture {
  static final TimeUnit MILLIS = TimeUnit.MILLIS(new MilliSeconds());

  static final TimeUnit MICROS = TimeUnit.MICROS(new MicroSeconds());

  static final TimeUnit NANOS = TimeUnit.NANOS(new NanoSeconds());

  static final long DAYS = 19_782;

  static final long SECOND = DAYS * 86_400 + 45_296;

  final Map<String, List<Case>> cases = new LinkedHashMap<>();

  void is(
      String row, byte[] value, String field, String vector, String id, SchemaElement... columns) {
    cases
        .computeIfAbsent(row, name -> new ArrayList<>())
        .add(new Case(List.of(columns), value, field, vector, id));
  }

  static SchemaElement[] integer(int bits, boolean signed) {
    Type type = bits == 64 ? Type.INT64 : Type.INT32;
    String old = (signed ? "INT_" : "UINT_") + bits;
    SchemaElement[] both = {
      column(type, ConvertedType.valueOf(old)),
      column(type, LogicalType.INTEGER(new IntType((byte) bits, signed))),
      column(type)
    };
    return signed && bits >= 32 ? both : Arrays.copyOf(both, 2);
  }

  static SchemaElement fixed(int length, LogicalType type) {
    SchemaElement element = column(Type.FIXED_LEN_BYTE_ARRAY).setType_length(length);
    return type == null ? element : element.setLogicalType(type);
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  void integers() {
    is("boolean", new byte[] {1}, "true", NO, NO, column(Type.BOOLEAN));
    is("int8", i32(-5), "-5", "-5", "-5 id_from_number", integer(8, true));
    is("int16", i32(-500), "-500", "-500", "-500 id_from_number", integer(16, true));
    is("int32", i32(-70_000), "-70000", "-70000", "-70000 id_from_number", integer(32, true));
    String most = Integer.MAX_VALUE + "";
    is(
        "int32",
        i32(Integer.MAX_VALUE),
        most,
        "2.1474836E9 values_rounded",
        most + " id_from_number",
        integer(32, true));
    is(
        "int64",
        i64((1L << 53) + 1),
        "9.007199254740992E15 inexact_integer",
        "9.0071993E15 values_rounded",
        "9007199254740993 id_from_number",
        integer(64, true));
    is(
        "int64",
        i64(Long.MAX_VALUE),
        "9.223372036854776E18 inexact_integer",
        "9.223372E18 values_rounded",
        Long.MAX_VALUE + " id_from_number",
        integer(64, true));
    is("uint8", i32(255), "255", "255", "255 id_from_number", integer(8, false));
    is("uint8", i32(256), NO, NO, NO, integer(8, false));
    is("uint16", i32(65_535), "65535", "65535", "65535 id_from_number", integer(16, false));
    is(
        "uint32",
        i32(-1),
        "4294967295",
        "4.2949673E9 values_rounded",
        "4294967295 id_from_number",
        integer(32, false));
    is(
        "uint64",
        i64(-1),
        "1.8446744073709552E19 inexact_integer",
        "1.8446744E19 values_rounded",
        "18446744073709551615 id_from_number",
        integer(64, false));
    is(
        "uint64",
        i64(1L << 63),
        "9.223372036854776E18",
        "9.223372E18",
        "9223372036854775808 id_from_number",
        integer(64, false));
  }

  /** A text that is the same in each place where it may stand. */
  void same(String row, byte[] value, String text, SchemaElement... columns) {
    is(row, value, '"' + text + '"', NO, text, columns);
  }

  void times() {
    same(
        "date",
        i32((int) DAYS),
        "2024-02-29",
        column(Type.INT32, ConvertedType.DATE),
        column(Type.INT32, LogicalType.DATE(new DateType())));
    same(
        "time-millis",
        i32(45_296_789),
        "12:34:56.789",
        column(Type.INT32, ConvertedType.TIME_MILLIS),
        column(Type.INT32, LogicalType.TIME(new TimeType(false, MILLIS))));
    is("time-millis", i32(-1), NO, NO, NO, column(Type.INT32, ConvertedType.TIME_MILLIS));
    is("time-millis", i32(86_400_000), NO, NO, NO, column(Type.INT32, ConvertedType.TIME_MILLIS));
    same(
        "time-micros",
        i64(45_296_789_012L),
        "12:34:56.789012",
        column(Type.INT64, ConvertedType.TIME_MICROS),
        column(Type.INT64, LogicalType.TIME(new TimeType(true, MICROS))));
    same(
        "time-nanos",
        i64(45_296_789_012_345L),
        "12:34:56.789012345",
        column(Type.INT64, LogicalType.TIME(new TimeType(true, NANOS))));
    same(
        "timestamp-millis",
        i64(SECOND * 1000 + 789),
        "2024-02-29T12:34:56.789Z",
        column(Type.INT64, ConvertedType.TIMESTAMP_MILLIS),
        column(Type.INT64, LogicalType.TIMESTAMP(new TimestampType(true, MILLIS))));
    same(
        "timestamp-millis",
        i64(-1),
        "1969-12-31T23:59:59.999Z",
        column(Type.INT64, ConvertedType.TIMESTAMP_MILLIS));
    same(
        "timestamp-micros",
        i64(SECOND * 1_000_000 + 789_012),
        "2024-02-29T12:34:56.789012Z",
        column(Type.INT64, ConvertedType.TIMESTAMP_MICROS),
        column(Type.INT64, LogicalType.TIMESTAMP(new TimestampType(true, MICROS))));
    same(
        "timestamp-nanos",
        i64(SECOND * 1_000_000_000 + 789_012_345),
        "2024-02-29T12:34:56.789012345Z",
        column(Type.INT64, LogicalType.TIMESTAMP(new TimestampType(true, NANOS))));
    same(
        "timestamp-local",
        i64(SECOND * 1000 + 789),
        "2024-02-29T12:34:56.789",
        column(Type.INT64, LogicalType.TIMESTAMP(new TimestampType(false, MILLIS))));
    same(
        "timestamp-local",
        i64(0),
        "1970-01-01T00:00:00",
        column(Type.INT64, LogicalType.TIMESTAMP(new TimestampType(false, NANOS))));
    byte[] julian = new byte[12];
    System.arraycopy(i64(45_296_000_000_000L), 0, julian, 0, 8);
    System.arraycopy(i32((int) DAYS + 2_440_588), 0, julian, 8, 4);
    same("int96", julian, "2024-02-29T12:34:56Z", column(Type.INT96));
    SchemaElement interval = fixed(12, null).setConverted_type(ConvertedType.INTERVAL);
    same("interval", hex("0100000002000000bc0b0000"), "P1M2DT3.004S", interval);
    same("interval", new byte[12], "P0M0DT0S", interval);
  }

  void bytesAndTexts() {
    String uuid = "550e8400-e29b-41d4-a716-446655440000";
    same("uuid", hex(uuid.replace("-", "")), uuid, fixed(16, LogicalType.UUID(new UUIDType())));
    same(
        "string",
        text("größe"),
        "größe",
        column(Type.BYTE_ARRAY, ConvertedType.UTF8),
        column(Type.BYTE_ARRAY, LogicalType.STRING(new StringType())));
    byte[] broken = bytes(hex("c328"));
    is("string", broken, NO, NO, NO, column(Type.BYTE_ARRAY, ConvertedType.UTF8));
    same("enum", text("RED"), "RED", column(Type.BYTE_ARRAY, ConvertedType.ENUM));
    is(
        "json",
        text("[1,2]"),
        "\"[1,2]\"",
        NO,
        "[1,2]",
        column(Type.BYTE_ARRAY, ConvertedType.JSON),
        column(Type.BYTE_ARRAY, LogicalType.JSON(new JsonType())));
    same("bytes", text("word"), "word", column(Type.BYTE_ARRAY));
    is("bytes", broken, NO, NO, NO, column(Type.BYTE_ARRAY));
    is("fixed", text("word"), NO, NO, NO, fixed(8, null));
    is("bson", text("word"), NO, NO, NO, column(Type.BYTE_ARRAY, ConvertedType.BSON));
    is(
        "geometry",
        text("word"),
        NO,
        NO,
        NO,
        column(Type.BYTE_ARRAY, LogicalType.GEOMETRY(new GeometryType())));
    is("null", null, "absent", NO, NO, column(Type.INT32, LogicalType.UNKNOWN(new NullType())));
  }

  void check(String row, Case one) {
    for (SchemaElement column : one.columns()) {
      String what = row + " " + column;
      boolean absent = one.field().startsWith("absent");
      String before = "{\"id\":\"a\",\"values\":[0.5]";
      assertEquals(
          absent
              ? before + "}" + one.field().substring("absent".length())
              : json(before + ",\"metadata\":{\"x\":", one.field(), "}}"),
          read(
              vector().column(column.deepCopy(), one.value()),
              FieldMap.USUAL,
              ReadOptions.defaults()),
          what);
      vectors(what, column, one);
      assertEquals(
          json("{\"id\":\"", one.id(), "\",\"values\":[0.5]}"),
          read(
              new ParquetFixture()
                  .column(column.deepCopy().setName("id"), one.value())
                  .list("values", element("e", Type.FLOAT), new byte[][] {f32(0.5f)}),
              FieldMap.USUAL,
              ReadOptions.defaults()),
          what);
    }
  }

  /** Twice the value, as dense and as sparse values. */
  void vectors(String what, SchemaElement column, Case one) {
    if (column.type == Type.BOOLEAN || one.value() == null) {
      return;
    }
    byte[][] twice = {one.value(), one.value()};
    int space = one.vector().indexOf(' ');
    String number = space < 0 ? one.vector() : one.vector().substring(0, space);
    String shown =
        number.equals(NO) ? NO : Json.text(out -> Json.writeNumber(out, Float.parseFloat(number)));
    String note = space < 0 ? "" : one.vector().substring(space);
    String dense = "{\"id\":\"a\",\"values\":[" + shown + "," + shown + "]}" + note;
    assertEquals(
        number.equals(NO) ? NO : dense,
        read(
            new ParquetFixture().texts("id", "a").list("values", column.deepCopy(), twice),
            FieldMap.USUAL,
            ReadOptions.defaults()),
        what);
    ParquetFixture pairs =
        vector()
            .sparse(
                "sparse_values",
                element("e", Type.INT32),
                new byte[][] {i32(7), i32(3)},
                column.deepCopy(),
                twice);
    String sparse =
        "{\"id\":\"a\",\"values\":[0.5],\"sparse_values\":{\"indices\":[3,7],\"values\":["
            + shown
            + ","
            + shown
            + "]}}"
            + note;
    String found;
    try {
      found = read(pairs, FieldMap.USUAL, ReadOptions.defaults());
    } catch (SlabException e) {
      found = NO;
    }
    assertEquals(number.equals(NO) ? NO : sparse, found, what);
  }

  @Test
  void everyRowOfTheTableIsTrue() {
    integers();
    reals();
    times();
    bytesAndTexts();
    cases.forEach((row, all) -> all.forEach(one -> check(row, one)));
    List<String> rows = new ArrayList<>(SpecTables.rows("parquet.md", "PQ-").keySet());
    rows.removeAll(List.of("list", "map", "struct", "variant"));
    assertEquals(rows, new ArrayList<>(cases.keySet()));
  }

  void reals() {
    is("float", f32(0.1f), "0.10000000149011612", "0.1", NO, column(Type.FLOAT));
    is("float", f32(Float.NaN), "absent null_dropped", "NaN", NO, column(Type.FLOAT));
    is("float", f32(Float.NEGATIVE_INFINITY), NO, "-Infinity", NO, column(Type.FLOAT));
    is("double", f64(0.1), "0.1", "0.1", NO, column(Type.DOUBLE));
    String whole = "1.6777216E7 values_rounded";
    is("double", f64(0x1p24 + 1), "16777217", whole, NO, column(Type.DOUBLE));
    is("double", f64(1e-50), "1.0E-50", "0 values_rounded", NO, column(Type.DOUBLE));
    is("double", f64(0.5), "0.5", "0.5", NO, column(Type.DOUBLE));
    SchemaElement half = fixed(2, LogicalType.FLOAT16(new Float16Type()));
    is("float16", hex("0034"), "0.25", "0.25", NO, half);
    is("float16", hex("007e"), "absent null_dropped", "NaN", NO, half);
    is("decimal32", i32(1000), "0.1", "0.1", NO, decimal(Type.INT32, 0, 4));
    is("decimal32", i32(70_000), "7", "7", "7 id_from_number", decimal(Type.INT32, 0, 4));
    is("decimal64", i64(-1000), "-0.1", "-0.1", NO, decimal(Type.INT64, 0, 4));
    is(
        "decimal64",
        i64(123_456_789_012_345_678L),
        "1.2345678901234567 inexact_decimal",
        "1.2345679",
        NO,
        decimal(Type.INT64, 0, 17));
    byte[] large = new BigInteger("12345678901234567890123").toByteArray();
    byte[] sixteen = new byte[16];
    System.arraycopy(large, 0, sixteen, 16 - large.length, large.length);
    String rounded = "1.2345678901234568E22 inexact_integer";
    String id = "12345678901234567890123 id_from_number";
    SchemaElement[] fixed = decimal(Type.FIXED_LEN_BYTE_ARRAY, 16, 0);
    is("decimal-fixed", sixteen, rounded, "1.2345679E22 values_rounded", id, fixed);
    is(
        "decimal-fixed",
        hex("ff38"),
        "-2",
        "-2",
        "-2 id_from_number",
        decimal(Type.FIXED_LEN_BYTE_ARRAY, 2, 2));
    SchemaElement[] bytes = decimal(Type.BYTE_ARRAY, 0, 0);
    is("decimal-bytes", bytes(large), rounded, "1.2345679E22 values_rounded", id, bytes);
    is("decimal-bytes", bytes(new byte[0]), NO, NO, NO, bytes);
    byte[] googol = BigInteger.TEN.pow(400).toByteArray();
    is(
        "decimal-bytes",
        bytes(googol),
        NO,
        "Infinity values_rounded",
        BigInteger.TEN.pow(400) + " id_from_number",
        bytes);
  }
}
