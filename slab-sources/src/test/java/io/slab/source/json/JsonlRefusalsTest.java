package io.slab.source.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.VectorType;
import io.slab.source.SourceProblem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines that are none, each with its exact message; limits and hostile lines. */
class JsonlRefusalsTest extends JsonlFixture {
  static Arguments bad(String line, String field, String message) {
    return Arguments.of(DENSE, line, field, message);
  }

  static Arguments meta(String json, String field, String message) {
    return bad("{\"id\":\"a\"," + V + ",\"metadata\":" + json + "}", field, message);
  }

  static Arguments type(String json, String got) {
    return meta(
        "{\"x\":" + json + "}",
        "metadata.x",
        "Metadata value must be a string, number, boolean or list of strings, got '"
            + got
            + "' for field 'x'");
  }

  static Arguments sparse(IndexSpec spec, String json, String field, String message) {
    String values = spec == SPARSE ? "" : V + ",";
    return Arguments.of(
        spec, "{\"id\":\"a\"," + values + "\"sparse_values\":" + json + "}", field, message);
  }

  static Stream<Arguments> refusals() {
    String over = "x".repeat(513);
    return Stream.of(
        bad("{" + V + "}", "id", "Record has no 'id'"),
        bad("{\"id\":\"\"," + V + "}", "id", "Vector ID must not be empty"),
        bad("{\"id\":\"a\\u0000\"," + V + "}", "id", "Vector ID must not contain null character"),
        bad(
            "{\"id\":\"" + over + "\"," + V + "}",
            "id",
            "Vector ID is 513 bytes, which exceeds the limit of 512 bytes"),
        bad(
            "{\"id\":\"" + "é".repeat(257) + "\"," + V + "}",
            "id",
            "Vector ID is 514 bytes, which exceeds the limit of 512 bytes"),
        bad("{\"id\":7.5," + V + "}", "id", "Vector ID must be a string, got '7.5'"),
        bad("{\"id\":null," + V + "}", "id", "Record has no 'id'"),
        bad("{\"id\":\"a\",\"id\":\"b\"}", "id", "Member 'id' is given twice"),
        bad("{\"id\":\"a\"," + V + "," + V + "}", "values", "Member 'values' is given twice"),
        bad(
            "{\"id\":\"a\"," + V + ",\"sparse_values\":null,\"sparseValues\":null}",
            "sparseValues",
            "Member 'sparseValues' says what 'sparse_values' said already"),
        bad("{\"id\":\"a\"}", "values", "Record has no 'values'; a dense index needs them"),
        bad(
            "{\"id\":\"a\",\"values\":null}",
            "values",
            "Record has no 'values'; a dense index needs them"),
        bad(
            "{\"id\":\"a\",\"values\":[1,2,3]}",
            "values",
            "Vector dimension 3 does not match the dimension of the index 2"),
        bad(
            "{\"id\":\"a\",\"values\":[]}",
            "values",
            "Record has no 'values'; a dense index needs them"),
        bad(
            "{\"id\":\"a\",\"values\":[0,9e-9]}",
            "values",
            "Dense vectors must contain at least one non-zero value."
                + " Vector ID 'a' contains only zeros"),
        bad(
            "{\"id\":\"a\",\"values\":[1,NaN]}",
            "values[1]",
            "Vector value 'NaN' at position 1 is not a number"),
        bad(
            "{\"id\":\"a\",\"values\":[-Infinity,1]}",
            "values[0]",
            "Vector value '-Infinity' at position 0 is not a number"),
        bad(
            "{\"id\":\"a\",\"values\":[1,1e400]}",
            "values[1]",
            "Vector value 1e400 at position 1 does not fit a 32-bit float"),
        bad(
            "{\"id\":\"a\",\"values\":[3.5e38,1]}",
            "values[0]",
            "Vector value 3.5e38 at position 0 does not fit a 32-bit float"),
        bad(
            "{\"id\":\"a\",\"values\":[01,1]}",
            "values[0]",
            "Vector value '01' at position 0 is not a number"),
        bad(
            "{\"id\":\"a\",\"values\":[\"1\",1]}",
            "values[0]",
            "Vector value '\"1\"' at position 0 is not a number"),
        bad(
            "{\"id\":\"a\",\"values\":[[1],1]}",
            "values[0]",
            "Vector value '[1]' at position 0 is not a number"),
        bad(
            "{\"id\":\"a\",\"values\":[1,]}",
            "values[1]",
            "Vector value ']' at position 1 is not a number"),
        bad("{\"id\":\"a\",\"values\":[1 2]}", "values", "Expected ',' or ']' but found '2'"),
        bad(
            "{\"id\":\"a\",\"values\":[1,2",
            "values",
            "Expected ',' or ']' but found the end of the line"),
        bad(
            "{\"id\":\"a\",\"values\":\"x\"}",
            "values",
            "Expected an array of numbers but found '\"'"),
        bad(
            "{\"id\":\"a\",\"values\":true}",
            "values",
            "Expected an array of numbers but found 't'"),
        meta("{\"x\":1,\"x\":2}", "metadata.x", "Metadata field 'x' is given twice"),
        meta("{\"$x\":1}", "metadata.$x", "Metadata field '$x' must not begin with '$'"),
        meta("[]", "metadata", "Expected an object but found '['"),
        meta(
            "{\"x\":1e309}",
            "metadata.x",
            "Metadata number 1e309 for field 'x' does not fit a 64-bit float"),
        meta("{\"x\":\"\\q\"}", "metadata.x", "A string holds an unknown escape"),
        meta(
            "{\"x\":\"" + "y".repeat(40_953) + "\"}",
            "metadata",
            "Metadata size is 40961 bytes, which exceeds the limit of 40960 bytes per vector"),
        type("null", "null"),
        type("{\"a\":1}", "{\"a\":1}"),
        type("[1, 2]", "[1, 2]"),
        type("[\"a\",1]", "[\"a\",1]"),
        type("[\"a\",null]", "[\"a\",null]"),
        type("[[\"a\"]]", "[[\"a\"]]"),
        type("NaN", "NaN"),
        type("-Infinity", "-Infinity"),
        type("tru", "tru"),
        type("+1", "+1"),
        type("{\"a\":\"" + "b".repeat(60) + "\"}", "{\"a\":\"" + "b".repeat(54) + "..."),
        sparse(
            HYBRID,
            "{\"1\":0.5,\"x\":1}",
            "sparse_values[1]",
            "Sparse index 'x' at position 1 is not an integer between 0 and 4294967295"),
        sparse(
            HYBRID,
            "{\"4294967296\":1}",
            "sparse_values[0]",
            "Sparse index '4294967296' at position 0 is not an integer between 0 and 4294967295"),
        sparse(HYBRID, "{\"1\":0.5,\"1\":0.5}", "sparse_values", "Sparse index 1 is given twice"),
        sparse(
            HYBRID, "[[1,2],[3]]", "sparse_values", "Expected a comma and a weight but found ']'"),
        sparse(
            DENSE,
            "{\"indices\":[1],\"values\":[1]}",
            "sparse_values",
            "This index is dense and takes no 'sparse_values'"),
        Arguments.of(
            SPARSE,
            "{\"id\":\"a\",\"values\":[1]}",
            "values",
            "This index is sparse and takes no dense 'values'"),
        Arguments.of(
            SPARSE,
            "{\"id\":\"a\"}",
            "sparse_values",
            "Record has no 'sparse_values'; a sparse index needs them"),
        Arguments.of(
            HYBRID,
            "{\"id\":\"a\",\"sparse_values\":{\"indices\":[1],\"values\":[1]}}",
            "values",
            "Record has no 'values'; a hybrid index needs them"),
        sparse(
            SPARSE,
            "{\"indices\":[],\"values\":[]}",
            "sparse_values",
            "Record has no 'sparse_values'; a sparse index needs them"),
        sparse(
            SPARSE,
            "{\"indices\":[1,2],\"values\":[1]}",
            "sparse_values",
            "Sparse vector has 2 indices but 1 values"),
        sparse(
            SPARSE,
            "{\"indices\":[1]}",
            "sparse_values",
            "Sparse vector has 1 indices but 0 values"),
        sparse(
            SPARSE,
            "{}",
            "sparse_values",
            "Record has no 'sparse_values'; a sparse index needs them"),
        sparse(
            SPARSE,
            "{\"indices\":[3,1,3],\"values\":[1,2,3]}",
            "sparse_values",
            "Sparse index 3 is given twice"),
        sparse(
            SPARSE,
            "{\"indices\":[1],\"indices\":[1],\"values\":[2]}",
            "sparse_values",
            "Member 'indices' of 'sparse_values' is given twice"),
        sparse(
            SPARSE,
            "{\"indices\":[1],\"x\":[2]}",
            "sparse_values",
            "Unknown member 'x' in 'sparse_values' (expected indices, values)"),
        index("4294967296"),
        index("-1"),
        index("1.5"),
        index("01"),
        index("\"1\""),
        index("99999999999999999999999"),
        sparse(
            SPARSE,
            "{\"indices\":[1],\"values\":[1e39]}",
            "sparse_values.values[0]",
            "Sparse value 1e39 at position 0 does not fit a 32-bit float"),
        sparse(
            SPARSE,
            "{\"indices\":" + numbers(2049) + ",\"values\":" + numbers(2049) + "}",
            "sparse_values",
            "Sparse vector has 2049 values, which exceeds the limit of 2048"),
        bad("[]", null, "Expected a record, which is a JSON object but found '['"),
        bad("7", null, "Expected a record, which is a JSON object but found '7'"),
        bad("{", null, "Expected a member name in double quotes but found the end of the line"),
        bad("{id:1}", null, "Expected a member name in double quotes but found 'i'"),
        bad("{\"id\"", null, "Expected ':' after the member name but found the end of the line"),
        bad("{\"id", null, "A string has no closing quote"),
        bad("{\"id\":\"a\"", null, "Expected ',' or '}' but found the end of the line"),
        bad("{\"id\":\"a\",}", null, "Expected a member name in double quotes but found '}'"),
        bad("{\"id\":\"a\"," + V + "} {}", null, "Expected the end of the record but found '{'"),
        bad("{\"id\":\"a\tb\"," + V + "}", "id", "A control character in a string is not escaped"),
        bad("{\"id\":\"\\ud800\"," + V + "}", "id", "A string holds an unpaired surrogate escape"),
        bad("{\"id\":\"\\ude00x\"," + V + "}", "id", "A string holds an unpaired surrogate escape"),
        bad(
            "{\"id\":\"\\ud800\\ud800\"," + V + "}",
            "id",
            "A string holds an unpaired surrogate escape"),
        bad("{\"id\":\"\\u12g4\"," + V + "}", "id", "A \\u escape needs four hexadecimal digits"),
        bad("{\"id\":\"\\u12", "id", "A \\u escape needs four hexadecimal digits"),
        bad("{\"id\":\"a\\", "id", "A string holds an unknown escape"));
  }

  static Arguments index(String text) {
    return sparse(
        SPARSE,
        "{\"indices\":[" + text + "],\"values\":[1]}",
        "sparse_values.indices[0]",
        "Sparse index " + text + " at position 0 is not an integer between 0 and 4294967295");
  }

  static String numbers(int count) {
    return IntStream.range(1, count + 1)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesWithTheExactMessage(IndexSpec spec, String line, String field, String message) {
    SourceProblem problem = refused(line.getBytes(StandardCharsets.UTF_8), spec);
    assertEquals(message, problem.message());
    assertEquals(field, problem.field());
    assertEquals("f.jsonl:1", problem.position());
    assertTrue(problem.byteOffset() >= 0 && problem.byteOffset() <= line.length(), line);
    // The record after it is read as if nothing had happened.
    String good =
        spec == SPARSE
            ? "{\"id\":\"g\",\"sparse_values\":{\"indices\":[1],\"values\":[1]}}"
            : "{\"id\":\"g\",\"values\":[3,4]}";
    try (IndexLines reader = reader(line + "\n" + good, spec)) {
      assertTrue(reader.next() && reader.problem() != null && reader.next());
      assertEquals("g", reader.record().id());
      assertNull(RecordRules.problem(reader.record(), spec));
    }
  }

  @Test
  void malformedUtf8IsRefused() {
    int[][] bad = {
      {0x80},
      {0xC3},
      {0xC0, 0x80},
      {0xE2, 0x82},
      {0xED, 0xA0, 0x80},
      {0xF0, 0x9F, 0x98},
      {0xF4, 0x90, 0x80, 0x80},
      {0xFF},
      {0xF8, 0x88, 0x80, 0x80, 0x80}
    };
    for (int[] bytes : bad) {
      StringBuilder text = new StringBuilder();
      for (int b : bytes) {
        text.append((char) b);
      }
      for (String prefix : new String[] {"", "\\n"}) {
        String line = "{\"values\":[1,0],\"id\":\"" + prefix + text + "\"}";
        SourceProblem problem = refused(line.getBytes(StandardCharsets.ISO_8859_1), DENSE);
        assertEquals("A string is not valid UTF-8", problem.message());
        assertEquals("id", problem.field());
        assertNull(problem.id());
      }
    }
    // Outside strings there is no place for it at all.
    SourceProblem stray = refused(new byte[] {'{', (byte) 0xC3, (byte) 0xA9, '}'}, DENSE);
    assertEquals("Expected a member name in double quotes but found 'é'", stray.message());
  }

  @Test
  void limitsAreReachedButNotPassed() {
    assertEquals(512, one("{\"id\":\"" + "x".repeat(512) + "\"," + V + "}", DENSE).id().length());
    assertEquals(256, one("{\"id\":\"" + "é".repeat(256) + "\"," + V + "}", DENSE).id().length());
    String text = "y".repeat(40_952);
    assertEquals(
        Metadata.of(Map.of("x", new MetaValue.Str(text))),
        one("{\"id\":\"a\"," + V + ",\"metadata\":{\"x\":\"" + text + "\"}}", DENSE).metadata());
    SparseVector sparse =
        one(
                "{\"id\":\"a\",\"sparse_values\":{\"indices\":"
                    + numbers(2048)
                    + ",\"values\":"
                    + numbers(2048)
                    + "}}",
                SPARSE)
            .sparse();
    assertEquals(2048, sparse.size());
    assertArrayEquals(
        new float[] {0, 1e-8f}, one("{\"id\":\"a\",\"values\":[0,1e-8]}", DENSE).values());
    IndexSpec euclidean = spec(2, Metric.EUCLIDEAN, VectorType.DENSE);
    assertArrayEquals(
        new float[] {0, -0f}, one("{\"id\":\"a\",\"values\":[0,-0]}", euclidean).values());
  }

  @Test
  void hostileNestingAndNumbers() {
    String deep = "[".repeat(1_000_000);
    SourceProblem problem =
        refused(
            ("{\"id\":\"a\",\"metadata\":{\"x\":" + deep).getBytes(StandardCharsets.UTF_8), DENSE);
    assertEquals("Values are nested more than 100 levels deep", problem.message());
    assertEquals("metadata.x", problem.field());
    SourceProblem late =
        refused(("{\"x\":" + deep + ",\"id\":\"a\"}").getBytes(StandardCharsets.UTF_8), DENSE);
    assertEquals("x", late.field());
    assertNull(late.id());
    String digits = "1".repeat(10_000);
    assertArrayEquals(
        new float[] {Float.parseFloat("0." + digits), 1},
        one("{\"id\":\"a\",\"values\":[0." + digits + ",1]}", DENSE).values());
    assertEquals(
        "Vector value " + "1".repeat(60) + "... at position 0 does not fit a 32-bit float",
        refused(
                ("{\"id\":\"a\",\"values\":[" + digits + ",1]}").getBytes(StandardCharsets.UTF_8),
                DENSE)
            .message());
    assertEquals(
        new MetaValue.Num(Double.MIN_VALUE),
        one("{\"id\":\"a\"," + V + ",\"metadata\":{\"x\":4.9e-324}}", DENSE).metadata().get("x"));
  }
}
