package io.slab.queries;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.InvalidInputException;
import io.slab.filter.FilterParser;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.source.json.JsonlFixture;
import io.slab.source.matrix.NpyReaderTest;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class QueryFileReaderTest {
  private static QueryFileReader reader(String text, IndexSpec spec) {
    return new QueryFileReader(JsonlFixture.stream(text), "q", spec);
  }

  private static void refused(IndexSpec spec, String line, String message) {
    try (QueryFileReader reader = reader("\n" + line, spec)) {
      assertEquals(
          "q:2: " + message, assertThrows(InvalidInputException.class, reader::next).getMessage());
    }
  }

  @Test
  void readsJsonLines() {
    String filter = "{\"genre\": {\"$in\": [\"é\", \"b\"]}}";
    String text =
        "\uFEFF{\"vector\":[1,2]}\r\n\n{\"id\":\"x\",\"values\":[3,4],\"top_k\":10000,\"filter\":"
            + filter
            + ",\"namespace\":\"n\",\"sparse_values\":{\"indices\":[5,1],\"values\":[6,7]}}\n"
            + "{\"vector\":[8,9],\"sparseVector\":{\"indices\":[1],\"values\":[1]},\"topK\":1,\"filter\":null}";
    try (QueryFileReader reader = reader(text, JsonlFixture.HYBRID)) {
      FileQuery first = reader.next();
      assertEquals(1, first.number());
      assertArrayEquals(new float[] {1, 2}, first.vector());
      assertNull(first.id());
      assertEquals(0, first.topK());
      assertNull(first.filter());
      FileQuery second = reader.next();
      assertEquals(3, second.number());
      assertEquals("x", second.id());
      assertEquals("n", second.namespace());
      assertEquals(10_000, second.topK());
      assertEquals(FilterParser.parse(filter), second.filter());
      assertArrayEquals(new int[] {1, 5}, second.sparse().indices());
      assertArrayEquals(new float[] {7, 6}, second.sparse().weights());
      FileQuery third = reader.next();
      assertArrayEquals(new float[] {8, 9}, third.vector());
      assertNotNull(third.sparse());
      assertEquals(1, third.topK());
      assertNull(reader.next());
    }
    for (String empty : new String[] {"", "\n", "\uFEFF", "{\"v"}) {
      try (QueryFileReader reader = reader(empty, JsonlFixture.DENSE)) {
        if (empty.startsWith("{")) {
          assertThrows(InvalidInputException.class, reader::next);
        } else {
          assertNull(reader.next());
        }
      }
    }
  }

  @Test
  void refusesWithFileAndLine() {
    IndexSpec dense = JsonlFixture.DENSE;
    refused(dense, "{}", "Query has no 'vector'");
    refused(JsonlFixture.SPARSE, "{}", "Query has no 'sparse_values'");
    refused(
        JsonlFixture.HYBRID,
        "{\"sparse_values\":{\"indices\":[1],\"values\":[1]}}",
        "Query has no 'vector'");
    refused(
        dense,
        "{\"vector\":[1]}",
        "Vector dimension 1 does not match the dimension of the index 2");
    refused(
        dense,
        "{\"vector\":[0,0]}",
        "Query vector must contain at least one non-zero value under the metric cosine");
    refused(dense, "{\"vector\":[1,0],\"values\":[1,0]}", "Member 'values' is given twice");
    refused(
        dense,
        "{\"vector\":[1,0],\"k\":1}",
        "Unknown member 'k' (expected id, text, vector, sparse_values, top_k, filter or namespace)");
    for (String k : new String[] {"0", "10001", "1.5", "\"3\"", "-1", "1e400"}) {
      refused(
          dense,
          "{\"vector\":[1,0],\"top_k\":" + k + "}",
          "'top_k' must be an integer from 1 to 10000, got " + k);
    }
    refused(dense, "{\"vector\":[1,0],\"id\":3}", "'id' must be a string, got '3'");
    refused(
        dense,
        "{\"vector\":[1,0],\"sparse_values\":{\"indices\":[1],\"values\":[1]}}",
        "This index is dense and takes no 'sparse_values'");
    refused(
        JsonlFixture.SPARSE,
        "{\"vector\":[1,0]}",
        "This index is sparse and takes no dense 'values'");
    refused(
        dense,
        "{\"vector\":[1,0]} x",
        "Expected the end of the line after the query but found 'x'");
    String filter = "{\"a\":{\"$gt\":\"x\"}}";
    String message =
        assertThrows(InvalidInputException.class, () -> FilterParser.parse(filter)).getMessage();
    refused(dense, "{\"vector\":[1,0],\"filter\":" + filter + "}", message);
  }

  @Test
  void readsMatrices() {
    byte[] matrix = NpyReaderTest.matrix(2, 2, 1, 2, 0, 0);
    IndexSpec euclidean = JsonlFixture.spec(2, Metric.EUCLIDEAN, VectorType.DENSE);
    try (QueryFileReader reader =
        new QueryFileReader(new ByteArrayInputStream(matrix), "q", euclidean)) {
      assertArrayEquals(new float[] {1, 2}, reader.next().vector());
      FileQuery second = reader.next();
      assertEquals(2, second.number());
      assertArrayEquals(new float[] {0, 0}, second.vector());
      assertNull(reader.next());
    }
    try (QueryFileReader reader =
        new QueryFileReader(new ByteArrayInputStream(matrix), "q", JsonlFixture.DENSE)) {
      reader.next();
      assertEquals(
          "q: row 1: Query vector must contain at least one non-zero value under the metric cosine",
          assertThrows(InvalidInputException.class, reader::next).getMessage());
    }
    IndexSpec three = JsonlFixture.spec(3, Metric.EUCLIDEAN, VectorType.DENSE);
    assertEquals(
        "q: Vector dimension 2 does not match the dimension of the index 3",
        assertThrows(
                InvalidInputException.class,
                () -> new QueryFileReader(new ByteArrayInputStream(matrix), "q", three))
            .getMessage());
  }
}
