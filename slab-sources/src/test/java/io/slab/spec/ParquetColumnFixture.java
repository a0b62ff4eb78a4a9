package io.slab.spec;

import static io.slab.source.parquet.ParquetFixture.element;
import static io.slab.source.parquet.ParquetFixture.f32;
import static io.slab.source.parquet.ParquetFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.error.SlabException;
import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.source.FieldMap;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.parquet.ParquetFixture;
import io.slab.source.scan.SourceScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.io.TempDir;

/** Small Parquet files and how they are read. */
abstract class ParquetColumnFixture {
  static final String NO = "refused";

  /**
   * A value and what becomes of it.
   *
   * @param field its JSON as a metadata field, with the kinds of what was noted, or {@link #NO}
   */
  record Case(List<SchemaElement> columns, byte[] value, String field, String vector, String id) {}

  @TempDir Path folder;

  static SchemaElement column(Type type) {
    return element("x", type);
  }

  static SchemaElement column(Type type, ConvertedType annotation) {
    return column(type).setConverted_type(annotation);
  }

  static SchemaElement column(Type type, LogicalType annotation) {
    return column(type).setLogicalType(annotation);
  }

  /** The one record of a file with the kinds of its notes, or that it is refused. */
  String read(ParquetFixture fixture, FieldMap map, ReadOptions options) {
    try {
      Path file = fixture.write(folder.resolve("one.parquet"));
      ScanOptions scan = ScanOptions.defaults().withFields(map);
      try (RecordReader reader =
          SourceScanner.scan(file.toString(), scan).parts().getFirst().open(options)) {
        assertEquals(true, reader.next());
        if (reader.problem() != null) {
          return NO;
        }
        StringBuilder out = new StringBuilder(Json.text(o -> RecordJson.write(o, reader.record())));
        for (Note note : reader.notes()) {
          out.append(' ').append(note.kind().name().toLowerCase(java.util.Locale.ROOT));
        }
        assertEquals(false, reader.next());
        return out.toString();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static String json(String before, String expected, String after) {
    if (expected.equals(NO)) {
      return NO;
    }
    int space = expected.lastIndexOf(' ');
    String value = space < 0 ? expected : expected.substring(0, space);
    return before + value + after + (space < 0 ? "" : expected.substring(space));
  }

  static ParquetFixture vector() {
    return new ParquetFixture()
        .texts("id", "a")
        .list("values", element("e", Type.FLOAT), new byte[][] {f32(0.5f)});
  }

  String nested(ParquetFixture fixture, ReadOptions.Nested rule) {
    return read(fixture, FieldMap.USUAL, ReadOptions.defaults().withNested(rule));
  }

  String failure(ParquetFixture fixture) {
    try {
      return read(fixture, FieldMap.USUAL, ReadOptions.defaults());
    } catch (SlabException e) {
      return e.getMessage();
    }
  }

  static void contains(String part, String text) {
    assertEquals(true, text.contains(part), text);
  }

  static SchemaElement[] decimal(Type type, int length, int scale) {
    SchemaElement old =
        column(type, ConvertedType.DECIMAL).setScale(scale).setPrecision(9).setType_length(length);
    SchemaElement logical = column(type, LogicalType.DECIMAL(new DecimalType(scale, 9)));
    return new SchemaElement[] {old, logical.setType_length(length)};
  }
}
