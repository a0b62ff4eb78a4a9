package io.slab.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Numbers;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "\"x\"",
        "-1.5",
        "{\"b\":1,\"a\":[true,false,null,\"é€😀\\u0001\"]}",
        "[9007199254740993,123456789012345678901234567890,-0.0,1.0E300]"
      })
  void compactTextRoundTrips(String text) {
    assertEquals(text, Json.text(Json.parse("test", text)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"a\":2}|appears twice in one object|line 1, column 8, offset 7",
        "{} {}|more text after the value|line 1, column 4, offset 3",
        "[1,2] x|Unrecognized token|line 1",
        "[NaN]|NaN|line 1",
        "[-Infinity]|Non-standard token '-Infinity' at|line 1",
        "[1e400]|beyond the range|line 1, column 2, offset 1",
        "[1,]|Unexpected character|line 1, column 4",
        "{'a':1}|Unexpected character|line 1, column 2",
        "[\"\\ud800\"]|surrogate|line 1, column 2, offset 1",
        "[\"\\udc00\\ud800\"]|surrogate|line 1, column 2, offset 1",
        "[01]|Leading zeroes|line 1",
        "/* c */ 1|Unexpected character|line 1",
        "[1|Unexpected end-of-input|line 1",
      })
  void refusesWithAPlace(String text, String message, String place) {
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> Json.parse("filter", text));
    assertTrue(e.getMessage().startsWith("filter is not valid JSON: "), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().contains(" at " + place), e.getMessage());
  }

  @Test
  void refusesTextOfNothing() {
    for (String text : List.of("", "  \n ")) {
      assertThrows(InvalidInputException.class, () -> Json.parse("x", text));
    }
  }

  @Test
  void placesCountLines() {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class, () -> Json.parse("x", "{\n  \"a\": 1,\n  \"a\": 2}"));
    assertTrue(e.getMessage().endsWith("at line 3, column 3, offset 14"), e.getMessage());
  }

  @Test
  void nestingStopsAtTheLimit() {
    String deep = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
    assertEquals(deep, Json.text(Json.parse("x", deep)));
    assertThrows(InvalidInputException.class, () -> Json.parse("x", "[" + deep + "]"));
    assertThrows(InvalidInputException.class, () -> Json.parse("x", "{\"a\":".repeat(100_000)));
  }

  @Test
  void storedTextReportsBytes() {
    byte[] good = "{\"é\":1}".getBytes(StandardCharsets.UTF_8);
    assertEquals(1, Json.parseStored("m", good).get("é").intValue());
    byte[] twice = "{\"é\":1,\"é\":2}".getBytes(StandardCharsets.UTF_8);
    assertEquals(
        8, assertThrows(CorruptException.class, () -> Json.parseStored("m", twice)).offset());
    byte[] broken = {'"', 'a', (byte) 0xC3, '"'};
    CorruptException e = assertThrows(CorruptException.class, () -> Json.parseStored("m", broken));
    assertEquals(2, e.offset());
    assertEquals("m", e.resource());
    byte[] marked = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '1'};
    assertThrows(CorruptException.class, () -> Json.parseStored("m", marked));
    byte[] wide = "{}".getBytes(StandardCharsets.UTF_16LE);
    assertThrows(CorruptException.class, () -> Json.parseStored("m", wide));
  }

  @Test
  void wholeNumbersLoseTheirFraction() {
    assertEquals("2020", Numbers.text(2020.0));
    assertEquals("-3", Numbers.text(-3f));
    assertEquals("0", Numbers.text(0.0));
    assertEquals("-0.0", Numbers.text(-0.0));
    assertEquals("-0.0", Numbers.text(-0f));
    assertEquals("0.1", Numbers.text(0.1));
    assertEquals("0.1", Numbers.text(0.1f));
    assertEquals("9007199254740991", Numbers.text(9007199254740991.0));
    assertEquals("9.007199254740992E15", Numbers.text(9007199254740992.0));
    assertEquals("16777215", Numbers.text(16777215f));
    assertEquals(
        "[\"NaN\",\"-Infinity\"]",
        Json.text(g -> {
          g.writeStartArray();
          Json.writeNumber(g, Double.NaN);
          Json.writeNumber(g, Float.NEGATIVE_INFINITY);
          g.writeEndArray();
        }));
  }

  @Test
  void minusZeroKeepsItsSign() {
    for (String text : List.of("-0", "-0.0", "-0e5")) {
      double value = Json.parse("x", text).doubleValue();
      assertEquals(Long.MIN_VALUE, Double.doubleToRawLongBits(value), text);
    }
    assertTrue(Json.parse("x", "0").isInt());
  }

  @Test
  void everyFloatReadsBackAsItself() {
    long seed = Seeds.of("JsonTest.everyFloatReadsBackAsItself");
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      double d = Double.longBitsToDouble(random.nextLong());
      float f = Float.intBitsToFloat(random.nextInt());
      if (Double.isFinite(d)) {
        assertEquals(d, Json.parse("x", Numbers.text(d)).doubleValue());
      }
      if (Float.isFinite(f)) {
        assertEquals(f, (float) Json.parse("x", Numbers.text(f)).doubleValue());
        assertEquals(f, Float.parseFloat(Numbers.text(f)));
      }
    }
  }

  @Test
  void recordsAreWrittenAsIngestReadsThem() {
    Metadata metadata =
        Metadata.of(
            Map.of(
                "year", new MetaValue.Num(2020),
                "tags", new MetaValue.StrList(List.of("b", "a")),
                "b", new MetaValue.Bool(true),
                "", new MetaValue.Str("é\"")));
    VectorRecord record =
        new VectorRecord(
            "x",
            new float[] {1, 0.25f},
            new SparseVector(new int[] {3, -1}, new float[] {1, 2}),
            metadata);
    String text = Json.text(g -> RecordJson.write(g, record));
    assertEquals(
        "{\"id\":\"x\",\"values\":[1,0.25],\"sparse_values\":{\"indices\":[3,4294967295],"
            + "\"values\":[1,2]},\"metadata\":{\"\":\"é\\\"\",\"b\":true,\"tags\":[\"b\",\"a\"],"
            + "\"year\":2020}}",
        text);
    JsonNode bare =
        Json.parse(
            "x",
            Json.text(g -> RecordJson.write(g, new VectorRecord("y", null, null, Metadata.EMPTY))));
    assertEquals("{\"id\":\"y\"}", Json.text(bare));
    byte[] bytes = Json.bytes(g -> RecordJson.write(g, metadata));
    assertTrue(new String(bytes, StandardCharsets.UTF_8).startsWith("{\"\":\"é"));
  }
}
