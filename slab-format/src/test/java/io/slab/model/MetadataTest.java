package io.slab.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private final Random random = new Random(Seeds.of(MetadataTest.class));

  /** A tree as the model, with few fields and with many. */
  @Test
  void fieldsAreASortedMap() {
    for (int round = 0; round < 200; round++) {
      List<String> names = new ArrayList<>();
      List<MetaValue> values = new ArrayList<>();
      TreeMap<String, MetaValue> expected = new TreeMap<>(Utf8.ORDER);
      int count = random.nextInt(round % 2 == 0 ? 6 : 40);
      for (int i = 0; i < count; i++) {
        names.add(name());
        values.add(new MetaValue.Num(random.nextInt(5)));
        expected.put(names.getLast(), values.getLast());
      }
      Metadata found = Metadata.of(names.toArray(String[]::new), values.toArray(MetaValue[]::new));
      assertSameFields(expected, found.fields());
      assertEquals(Metadata.of(expected), found);
      assertEquals(Metadata.of(expected).hashCode(), found.hashCode());
    }
  }

  private void assertSameFields(
      SortedMap<String, MetaValue> expected, SortedMap<String, MetaValue> found) {
    assertEquals(expected, found);
    assertEquals(expected.hashCode(), found.hashCode());
    assertEquals(new ArrayList<>(expected.entrySet()), new ArrayList<>(found.entrySet()));
    List<String> names = new ArrayList<>();
    found.forEach((name, value) -> names.add(name));
    assertEquals(new ArrayList<>(expected.keySet()), names);
    String from = name();
    String to = name();
    assertEquals(expected.get(from), found.get(from));
    assertEquals(expected.containsKey(to), found.containsKey(to));
    assertEquals(expected.headMap(to), found.headMap(to));
    assertEquals(expected.tailMap(from), found.tailMap(from));
    if (!expected.isEmpty() && Utf8.compare(from, to) <= 0) {
      assertEquals(expected.subMap(from, to), found.subMap(from, to));
    }
    if (!expected.isEmpty()) {
      assertEquals(expected.firstKey(), found.firstKey());
      assertEquals(expected.lastKey(), found.lastKey());
    }
  }

  /** Of few characters, one of which is above all others in UTF-8 and not in UTF-16. */
  private String name() {
    StringBuilder name = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int kind = random.nextInt(8);
      name.appendCodePoint(kind == 0 ? 0x1F600 : kind == 1 ? 0xFFFD : 'a' + kind);
    }
    return name.toString();
  }

  @Test
  void nothingChangesThem() {
    Metadata metadata = Metadata.of(Map.of("a", new MetaValue.Bool(true)));
    SortedMap<String, MetaValue> fields = metadata.fields();
    MetaValue other = new MetaValue.Bool(false);
    assertThrows(UnsupportedOperationException.class, () -> fields.put("b", other));
    assertThrows(UnsupportedOperationException.class, () -> fields.remove("a"));
    assertThrows(UnsupportedOperationException.class, fields::clear);
    Map.Entry<String, MetaValue> field = fields.entrySet().iterator().next();
    assertThrows(UnsupportedOperationException.class, () -> field.setValue(other));
    assertEquals(1, metadata.fields().size());
  }

  @Test
  void ofTwoOfANameTheLaterCounts() {
    MetaValue[] values = {new MetaValue.Num(1), new MetaValue.Num(2), new MetaValue.Num(3)};
    Metadata metadata = Metadata.of(new String[] {"b", "a", "b"}, values);
    assertEquals(2, metadata.fields().size());
    assertEquals(new MetaValue.Num(3), metadata.get("b"));
    assertNull(metadata.get("c"));
    assertSame(Metadata.EMPTY, Metadata.of(new String[0], new MetaValue[0]));
    assertFalse(metadata.isEmpty());
    SortedMap<String, MetaValue> none = metadata.fields().headMap("a");
    assertThrows(NoSuchElementException.class, none::firstKey);
  }
}
