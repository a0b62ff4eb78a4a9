package io.slab.source.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.source.SourceProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines that are records. */
class JsonlReaderTest extends JsonlFixture {
  @Test
  void readsEveryMemberInAnyOrder() {
    VectorRecord record =
        one(
            " { \"metadata\" : {\"n\": 20.5, \"s\": \"x\", \"b\": true, \"f\":false, \"l\":[\"q\",\"p\"],"
                + " \"e\": []},\t\"sparseValues\": {\"values\": [1, 2.5], \"indices\": [4294967295, 7]},"
                + " \"values\": [ 1.5 , -2e-1 ], \"id\": \"a\" } ",
            HYBRID);
    assertEquals("a", record.id());
    assertArrayEquals(new float[] {1.5f, -0.2f}, record.values());
    assertArrayEquals(new int[] {7, -1}, record.sparse().indices());
    assertArrayEquals(new float[] {2.5f, 1f}, record.sparse().weights());
    assertEquals(
        Map.of(
            "n", new MetaValue.Num(20.5),
            "s", new MetaValue.Str("x"),
            "b", new MetaValue.Bool(true),
            "f", new MetaValue.Bool(false),
            "l", new MetaValue.StrList(List.of("q", "p")),
            "e", new MetaValue.StrList(List.of())),
        record.metadata().fields());
  }

  @Test
  void absentPartsAsExportsWriteThem() {
    VectorRecord dense =
        one("{\"id\":\"a\",\"values\":[1,0],\"sparse_values\":null,\"metadata\":null}", DENSE);
    assertNull(dense.sparse());
    assertTrue(dense.metadata().isEmpty());
    assertNull(
        one(
                "{\"id\":\"a\",\"values\":[1,0],\"sparseValues\":{\"indices\":[],\"values\":[]}}",
                DENSE)
            .sparse());
    VectorRecord sparse =
        one(
            "{\"id\":\"a\",\"values\":[],\"sparse_values\":{\"indices\":[1],\"values\":[2]}}",
            SPARSE);
    assertNull(sparse.values());
    assertNull(one("{\"id\":\"a\",\"values\":[0,0]}", HYBRID).sparse());
    assertNull(one("{\"id\":\"a\",\"values\":[0,0],\"sparse_values\":{}}", HYBRID).sparse());
  }

  @Test
  void textIsUnescapedAndKeptExactly() {
    VectorRecord record =
        one(
            "{\"id\":\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\\b\\f\\r\\t\\u0041é😀\uFFFD\",\"values\":[1,0],"
                + "\"metadata\":{\"\":\"ü\",\"\\u0000\":\"\\u0000\"}}",
            DENSE);
    assertEquals("é😀\n\"\\/\b\f\r\tAé😀\uFFFD", record.id());
    assertEquals(new MetaValue.Str("ü"), record.metadata().get(""));
    assertEquals(new MetaValue.Str("\0"), record.metadata().get("\0"));
  }

  @Test
  void linesEndsMarksAndBlanks() {
    String row = "{\"id\":\"%s\",\"values\":[1,0]}";
    String text =
        "\uFEFF"
            + row.formatted("a")
            + "\r\n\n  \t\r\n"
            + row.formatted("b")
            + "\n"
            + row.formatted("c");
    try (IndexLines reader = reader(text, DENSE)) {
      List<String> seen = new ArrayList<>();
      while (reader.next()) {
        seen.add(reader.line() + reader.record().id());
      }
      assertEquals(List.of("1a", "4b", "5c"), seen);
    }
    for (String empty : new String[] {"", "\n", "\r\n\r\n", "\uFEFF", "\uFEFF\n"}) {
      try (IndexLines reader = reader(empty, DENSE)) {
        assertFalse(reader.next());
      }
    }
  }

  @Test
  void goesOnAfterABadLineAndSaysWhere() {
    String good = "{\"id\":\"a\",\"values\":[1,0]}\n";
    String text = good + "{\"values\":[1,null],\"id\":\"é\"}\n" + good;
    try (IndexLines reader = reader(text, DENSE)) {
      assertTrue(reader.next());
      assertTrue(reader.next());
      assertEquals(
          new SourceProblem(
              "f.jsonl:2",
              1,
              good.length() + 13,
              "é",
              "values[1]",
              "Vector value 'null' at position 1 is not a number"),
          reader.problem());
      assertEquals(
          "f.jsonl:2: record 'é': Vector value 'null' at position 1 is not a number",
          reader.problem().text());
      assertEquals(
          "{\"values\":[1,null],\"id\":\"é\"}", new String(reader.raw(), StandardCharsets.UTF_8));
      assertTrue(reader.next());
      assertEquals("a", reader.record().id());
      assertEquals(3, reader.line());
    }
  }

  @Test
  void metadataNumbersAreExactDoubles() {
    String json =
        "{\"a\":9007199254740993,\"b\":0.1,\"c\":-0.0,\"d\":1e-400,\"e\":123456789.123456789,\"f\":1E5}";
    Metadata metadata = one("{\"id\":\"a\"," + V + ",\"metadata\":" + json + "}", DENSE).metadata();
    assertEquals(new MetaValue.Num(9007199254740992.0), metadata.get("a"));
    assertEquals(new MetaValue.Num(0.1), metadata.get("b"));
    assertEquals(new MetaValue.Num(-0.0), metadata.get("c"));
    assertEquals(new MetaValue.Num(0.0), metadata.get("d"));
    assertEquals(new MetaValue.Num(123456789.123456789), metadata.get("e"));
    assertEquals(new MetaValue.Num(100000), metadata.get("f"));
  }
}
