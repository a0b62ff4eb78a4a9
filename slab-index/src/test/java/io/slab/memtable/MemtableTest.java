package io.slab.memtable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.slab.model.Metadata;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MemtableTest {
  private final Random random = new Random(Seeds.of(MemtableTest.class));

  private Memtable table = new Memtable();
  private TreeMap<byte[], Memtable.Entry> expected = new TreeMap<>(Utf8::compareBytes);

  /** A tree as the model; the order is asked for now and then, so that it is merged many times. */
  @Test
  void holdsWhatATreeHolds() {
    for (int step = 0; step < 4_000; step++) {
      put(id(), step);
      if (random.nextInt(200) == 0) {
        assertSameState();
      }
      if (step == 2_500) {
        table.deleteAll(step);
        expected.clear();
      }
    }
    assertSameState();
    assertNull(table.get(new byte[] {1}));
  }

  @Test
  void copiesGoTheirOwnWays() {
    for (int step = 0; step < 500; step++) {
      put(id(), step);
    }
    table.rows();
    put(id(), 500);
    Memtable copy = table.copy();
    TreeMap<byte[], Memtable.Entry> before = new TreeMap<>(expected);
    for (int step = 501; step < 1_000; step++) {
      put(id(), step);
    }
    assertSameState();
    table = copy;
    expected = before;
    assertSameState();
    for (int step = 1_000; step < 1_200; step++) {
      put(id(), step);
    }
    assertSameState();
  }

  @Test
  void weighsOnlyTheNewestOfAnId() {
    byte[] id = Utf8.bytes("a");
    table.put(id, entry("a", 1, 100));
    long heavy = table.bytes();
    table.put(id, entry("a", 2, 10));
    assertEquals(heavy - 4 * 90, table.bytes());
    table.put(id, entry("a", 3, 100));
    assertEquals(heavy, table.bytes());
    assertEquals(1, table.unresolved().size());
  }

  /** Short ids of few bytes, some above 127: many meet again, and prefixes have many. */
  private byte[] id() {
    StringBuilder id = new StringBuilder();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      id.appendCodePoint(random.nextInt(3) == 0 ? 0xE9 : 'a' + random.nextInt(6));
    }
    return Utf8.bytes(id.toString());
  }

  private void put(byte[] id, long lsn) {
    Memtable.Entry entry =
        random.nextInt(4) == 0
            ? new Memtable.Entry(lsn, null)
            : entry(Utf8.string(id), lsn, 1 + random.nextInt(3));
    table.put(id, entry);
    expected.put(id, entry);
  }

  private static Memtable.Entry entry(String id, long lsn, int dimension) {
    return new Memtable.Entry(
        lsn, new VectorRecord(id, new float[dimension], null, Metadata.EMPTY));
  }

  /** As if each had been put once, into a new table, and weighed at once. */
  private void assertSameWeight() {
    Memtable once = new Memtable();
    table.ranges().forEach(once::add);
    long weight = once.bytes();
    for (Map.Entry<byte[], Memtable.Entry> e : expected.entrySet()) {
      once.put(e.getKey(), e.getValue());
      weight = once.bytes();
    }
    assertEquals(weight, table.bytes());
  }

  private void assertSameState() {
    assertEquals(expected.size(), table.size());
    assertSameWeight();
    expected.forEach((id, entry) -> assertSame(entry, table.get(id)));
    assertSameEntries(new ArrayList<>(expected.entrySet()), table.all());
    List<MemRow> rows = table.rows();
    assertEquals(expected.values().stream().filter(Memtable.Entry::live).count(), rows.size());
    for (int i = 1; i < rows.size(); i++) {
      assertEquals(-1, Integer.signum(compare(rows.get(i - 1), rows.get(i))));
    }
    for (byte[] prefix : List.of(Utf8.bytes("a"), Utf8.bytes("bé"), Utf8.bytes("f"), id())) {
      byte[] end = Memtable.successor(prefix);
      assertSameEntries(
          new ArrayList<>(expected.subMap(prefix, end).entrySet()), table.withPrefix(prefix));
    }
  }

  private static int compare(MemRow a, MemRow b) {
    return Utf8.compareBytes(a.idBytes(), b.idBytes());
  }

  private static void assertSameEntries(
      List<Map.Entry<byte[], Memtable.Entry>> expected,
      List<Map.Entry<byte[], Memtable.Entry>> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < found.size(); i++) {
      assertArrayEquals(expected.get(i).getKey(), found.get(i).getKey());
      assertSame(expected.get(i).getValue(), found.get(i).getValue());
    }
  }
}
