package io.slab.testkit.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.slab.json.JsonNode;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Records as the independent reader prints them. */
public final class JsonRecords {
  private JsonRecords() {}

  /** Compares every part bit for bit; the printed floats are widened to doubles. */
  public static void assertSame(VectorRecord expected, JsonNode line) {
    assertEquals(expected.id(), line.get("id").stringValue());
    assertFloats(expected.values(), line.get("values"), expected.id());
    JsonNode sparse = line.get("sparse_values");
    if (expected.sparse() == null) {
      assertNull(sparse, expected.id());
    } else {
      assertNotNull(sparse, expected.id());
      int[] indices = new int[sparse.get("indices").size()];
      for (int i = 0; i < indices.length; i++) {
        indices[i] = (int) sparse.get("indices").get(i).longValue();
      }
      assertArrayEquals(expected.sparse().indices(), indices, expected.id());
      assertFloats(expected.sparse().weights(), sparse.get("values"), expected.id());
    }
    assertEquals(expected.metadata(), metadata(line.get("metadata")), expected.id());
  }

  private static void assertFloats(float[] expected, JsonNode found, String id) {
    if (expected == null) {
      assertNull(found, id);
      return;
    }
    assertNotNull(found, id);
    assertEquals(expected.length, found.size(), id);
    for (int i = 0; i < expected.length; i++) {
      // Widened exactly, so nothing is lost on the way back.
      int bits = Float.floatToRawIntBits((float) found.get(i).doubleValue());
      assertEquals(Float.floatToRawIntBits(expected[i]), bits, id + " value " + i);
    }
  }

  public static Metadata metadata(JsonNode object) {
    Map<String, MetaValue> fields = new TreeMap<>();
    object.forEachEntry((name, value) -> fields.put(name, value(value)));
    return Metadata.of(fields);
  }

  public static MetaValue value(JsonNode value) {
    if (value.isString()) {
      return new MetaValue.Str(value.stringValue());
    }
    if (value.isBoolean()) {
      return new MetaValue.Bool(value.booleanValue());
    }
    if (value.isNumber()) {
      return new MetaValue.Num(value.doubleValue());
    }
    List<String> elements = new ArrayList<>();
    value.forEach(element -> elements.add(element.stringValue()));
    return new MetaValue.StrList(elements);
  }
}
