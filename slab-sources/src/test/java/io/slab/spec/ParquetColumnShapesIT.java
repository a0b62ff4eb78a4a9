package io.slab.spec;

import static io.slab.source.parquet.ParquetFixture.element;
import static io.slab.source.parquet.ParquetFixture.f32;
import static io.slab.source.parquet.ParquetFixture.i32;
import static io.slab.source.parquet.ParquetFixture.i64;
import static io.slab.source.parquet.ParquetFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.source.FieldMap;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.parquet.ParquetFixture;
import io.slab.source.scan.SourceScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.UUIDType;
import org.apache.parquet.format.VariantType;
import org.junit.jupiter.api.Test;

/** Groups, columns that are not known, and files of another writer. */
class ParquetColumnShapesIT extends ParquetColumnFixture {
  @Test
  void groupsAreListsMapsAndStructs() throws IOException {
    SchemaElement day = element("e", Type.INT32).setConverted_type(ConvertedType.DATE);
    String before = "{\"id\":\"a\",\"values\":[0.5],\"metadata\":";
    byte[][] days = {i32(0), null, i32(1)};
    assertEquals(
        before + "{\"x\":[\"1970-01-01\",\"1970-01-02\"]}} null_element_dropped",
        nested(vector().list("x", day, days), ReadOptions.Nested.REFUSE));
    SchemaElement wide =
        element("e", Type.INT64).setLogicalType(LogicalType.INTEGER(new IntType((byte) 64, false)));
    byte[][] wides = {i64(-1)};
    assertEquals(NO, nested(vector().list("x", wide.deepCopy(), wides), ReadOptions.Nested.REFUSE));
    assertEquals(
        before + "{\"x\":\"[18446744073709551615]\"}} nested_to_text",
        nested(vector().list("x", wide.deepCopy(), wides), ReadOptions.Nested.TEXT));
    SchemaElement key = element("key", Type.BYTE_ARRAY).setConverted_type(ConvertedType.UTF8);
    SchemaElement value = element("value", Type.INT32).setConverted_type(ConvertedType.UINT_32);
    byte[][] map = {text("k"), i32(-1), text("n"), null};
    assertEquals(
        before + "{\"k\":4294967295}} null_dropped",
        nested(
            vector().map("metadata", key.deepCopy(), value.deepCopy(), map),
            ReadOptions.Nested.REFUSE));
    assertEquals(
        before + "{\"x\":\"{\\\"k\\\":4294967295,\\\"n\\\":null}\"}} nested_to_text",
        nested(vector().map("x", key.deepCopy(), value.deepCopy(), map), ReadOptions.Nested.TEXT));
    byte[][] again = {text("k"), i32(1), text("k"), i32(2)};
    for (String name : List.of("metadata", "x")) {
      assertEquals(
          NO,
          nested(
              vector().map(name, key.deepCopy(), value.deepCopy(), again),
              ReadOptions.Nested.DROP));
    }
    List<SchemaElement> members =
        List.of(
            element("d", Type.INT32).setConverted_type(ConvertedType.DATE),
            element("u", Type.FIXED_LEN_BYTE_ARRAY)
                .setType_length(16)
                .setLogicalType(LogicalType.UUID(new UUIDType())));
    byte[][] row = {i32(0), new byte[16]};
    assertEquals(
        before + "{\"d\":\"1970-01-01\",\"u\":\"00000000-0000-0000-0000-000000000000\"}}",
        nested(vector().struct("metadata", members, row), ReadOptions.Nested.REFUSE));
    byte[][] empty = {i32(0), null};
    assertEquals(
        before + "{\"x\":\"{\\\"d\\\":\\\"1970-01-01\\\",\\\"u\\\":null}\"}} nested_to_text",
        nested(vector().struct("x", members, empty), ReadOptions.Nested.TEXT));
  }

  @Test
  void whatIsNotKnownIsRefusedByName() throws IOException {
    SchemaElement wrong = element("x", Type.INT64).setConverted_type(ConvertedType.DATE);
    contains("(column x)", failure(vector().column(wrong, i64(1))));
    contains("DATE on a column of INT64", failure(vector().column(wrong.deepCopy(), i64(1))));
    SchemaElement scale = decimal(Type.INT32, 0, -3)[0];
    contains("scale of 0 to 1000", failure(vector().column(scale, i32(1))));
    SchemaElement same = element("x", Type.INT32);
    contains(
        "two columns 'x'", failure(vector().column(same, i32(1)).column(same.deepCopy(), i32(2))));
    ParquetFixture variant =
        vector().struct("x", List.of(element("value", Type.BYTE_ARRAY)), text("v"));
    variant.annotate("x", LogicalType.VARIANT(new VariantType()));
    contains("VARIANT", failure(variant));
    contains("more values than", failure(vector().texts("x", "1", "2").claiming(1)));
    Path file = variant.write(folder.resolve("variant.parquet"));
    FieldMap ignore = FieldMap.USUAL.withExtras(FieldMap.Extras.IGNORE);
    assertEquals(
        List.of("these are no part of a record and are left out: x"),
        SourceScanner.scan(file.toString(), ScanOptions.defaults().withFields(ignore)).notices());
    assertEquals(true, Files.exists(file));
  }

  @Test
  void sparseIndicesAreUnsigned() {
    SchemaElement weight = element("w", Type.FLOAT);
    byte[][] weights = {f32(1), f32(2)};
    SchemaElement unsigned = element("e", Type.INT32).setConverted_type(ConvertedType.UINT_32);
    String record =
        "{\"id\":\"a\",\"values\":[0.5],\"sparse_values\":{\"indices\":[3,4294967295],\"values\":[2,1]}}";
    byte[][] indices = {i32(-1), i32(3)};
    assertEquals(
        record, failure(vector().sparse("sparse_values", unsigned, indices, weight, weights)));
    assertEquals(
        record + " sparse_index_wrapped",
        failure(
            vector()
                .sparse(
                    "sparse_values",
                    element("e", Type.INT32),
                    indices,
                    weight.deepCopy(),
                    weights)));
    SchemaElement decimal = decimal(Type.INT64, 0, 1)[0];
    byte[][] tenths = {i64(42_949_672_950L), i64(30)};
    assertEquals(
        record,
        failure(vector().sparse("sparse_values", decimal, tenths, weight.deepCopy(), weights)));
    byte[][] part = {i64(5), i64(30)};
    assertEquals(
        NO,
        failure(
            vector()
                .sparse("sparse_values", decimal.deepCopy(), part, weight.deepCopy(), weights)));
    SchemaElement signed = element("e", Type.INT32).setConverted_type(ConvertedType.INT_32);
    assertEquals(
        NO, failure(vector().sparse("sparse_values", signed, indices, weight.deepCopy(), weights)));
  }

  /** Written by DuckDB. */
  @Test
  void filesOfAnotherWriterSayTheSame() throws Exception {
    Map<String, String> records = new LinkedHashMap<>();
    records.put("vdec", "{\"id\":\"a\",\"values\":[0.1,0.2,0.3,0.4]}");
    records.put("vu32", "{\"id\":\"a\",\"values\":[4.2949673E9,1,2,3]}");
    records.put(
        "types4",
        "{\"id\":\"a\",\"values\":[0.1,0.2,0.3,0.4],\"metadata\":{\"t\":\"12:34:56.789\"}}");
    records.put("iduuid", "{\"id\":\"550e8400-e29b-41d4-a716-446655440000\"");
    for (Map.Entry<String, String> one : records.entrySet()) {
      Path file =
          Path.of(getClass().getResource("/exports/types/" + one.getKey() + ".parquet").toURI());
      try (RecordReader reader =
          SourceScanner.scan(file.toString(), ScanOptions.defaults())
              .parts()
              .getFirst()
              .open(ReadOptions.defaults())) {
        assertEquals(true, reader.next());
        String found = Json.text(out -> RecordJson.write(out, reader.record()));
        assertEquals(
            one.getValue(), found.substring(0, Math.min(found.length(), one.getValue().length())));
      }
    }
  }

  @Test
  void sparseValuesAreAMapOrTwoColumns() throws IOException {
    SchemaElement key = element("key", Type.INT64);
    SchemaElement value = element("value", Type.FLOAT);
    byte[][] map = {i64(4294967295L), f32(0.5f), i64(7), f32(2)};
    String sparse =
        "{\"id\":\"a\",\"values\":[0.5],\"sparse_values\":{\"indices\":[7,4294967295],\"values\":[2,0.5]}}";
    assertEquals(
        sparse,
        nested(
            vector().map("sparse_values", key.deepCopy(), value.deepCopy(), map),
            ReadOptions.Nested.REFUSE));
    byte[][] negative = {i64(-1), f32(0.5f)};
    assertEquals(
        NO,
        nested(
            vector().map("sparse_values", key.deepCopy(), value.deepCopy(), negative),
            ReadOptions.Nested.REFUSE));
    byte[][] hole = {i64(1), null};
    assertEquals(
        NO,
        nested(
            vector().map("sparse_values", key.deepCopy(), value.deepCopy(), hole),
            ReadOptions.Nested.REFUSE));
    byte[][] indices = {i64(4294967295L), i64(7)};
    byte[][] weights = {f32(0.5f), f32(2)};
    assertEquals(
        sparse,
        nested(
            vector()
                .list("sparse_indices", element("e", Type.INT64), indices)
                .list("sparse_values", element("e", Type.FLOAT), weights),
            ReadOptions.Nested.REFUSE));
    byte[][] one = {f32(0.5f)};
    assertEquals(
        NO,
        nested(
            vector()
                .list("sparse_indices", element("e", Type.INT64), indices)
                .list("sparse_values", element("e", Type.FLOAT), one),
            ReadOptions.Nested.REFUSE));
    contains(
        "has no lists 'indices' and 'values'",
        failure(vector().list("sparse_values", element("e", Type.FLOAT), weights)));
  }
}
