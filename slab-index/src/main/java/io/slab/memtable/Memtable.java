package io.slab.memtable;

import io.slab.model.MetaValue;
import io.slab.model.RangeTombstone;
import io.slab.model.VectorRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The newest state of every id touched since the last flush, in unsigned order of id bytes, and the
 * deletes of many records since then. One thread only.
 */
public final class Memtable {
  /**
   * One id.
   *
   * @param record null when the id was deleted: it still hides older rows
   */
  public record Entry(long lsn, VectorRecord record) {
    public boolean live() {
      return record != null;
    }
  }

  /** What an entry weighs besides its content. */
  private static final int OVERHEAD = 200;

  private static final int FIRST_ENTRIES = 16;

  private static final int UNWEIGHED = -1;

  private IdTable ids = new IdTable();

  /** By the numbers of the ids. */
  private Entry[] entries = new Entry[FIRST_ENTRIES];

  /** What each of them weighs, or {@link #UNWEIGHED}. */
  private int[] weights = new int[FIRST_ENTRIES];

  /** Numbers of those that were not weighed yet: a reader never asks for it. */
  private int[] unweighed = new int[FIRST_ENTRIES];

  private int unweighedCount;

  /**
   * Ids that came in since the owner last asked: those of which the slabs may hold an older row.
   */
  private List<byte[]> unresolved = new ArrayList<>();

  /** Deletes of many records, oldest first: what they deleted in slabs leaves no other trace. */
  private final List<RangeTombstone> ranges = new ArrayList<>();

  /** LSN of the first update after each of them, as far as there was one before the next. */
  private final TreeSet<Long> updates = new TreeSet<>();

  /** What was weighed. */
  private long bytes;

  /** An independent copy; keys and records are shared, for they never change. */
  public Memtable copy() {
    weigh();
    Memtable copy = new Memtable();
    copy.ids = new IdTable(ids);
    copy.entries = entries.clone();
    copy.weights = weights.clone();
    copy.unweighed = unweighed.clone();
    copy.unresolved.addAll(unresolved);
    copy.ranges.addAll(ranges);
    copy.updates.addAll(updates);
    copy.bytes = bytes;
    return copy;
  }

  public void put(byte[] id, Entry entry) {
    int before = ids.size();
    int number = ids.add(id);
    if (number == entries.length) {
      entries = Arrays.copyOf(entries, 2 * number);
      weights = Arrays.copyOf(weights, 2 * number);
      unweighed = Arrays.copyOf(unweighed, 2 * number);
    }
    if (number == before) {
      unresolved.add(id);
    }
    entries[number] = entry;
    if (weights[number] != UNWEIGHED) {
      bytes -= weights[number];
      weights[number] = UNWEIGHED;
      unweighed[unweighedCount++] = number;
    }
  }

  private void weigh() {
    for (int i = 0; i < unweighedCount; i++) {
      int number = unweighed[i];
      weights[number] = Math.toIntExact(weight(entries[number]));
      bytes += weights[number];
    }
    unweighedCount = 0;
  }

  /** The newest state of an id, or null. */
  public Entry get(byte[] id) {
    int number = ids.find(id);
    return number < 0 ? null : entries[number];
  }

  /** Entries whose id begins with the prefix, in order. */
  public List<Map.Entry<byte[], Entry>> withPrefix(byte[] prefix) {
    byte[] end = successor(prefix);
    return range(ids.rank(prefix), end == null ? ids.size() : ids.rank(end));
  }

  private List<Map.Entry<byte[], Entry>> range(int from, int to) {
    int[] order = ids.order();
    List<Map.Entry<byte[], Entry>> range = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      range.add(Map.entry(ids.id(order[i]), entries[order[i]]));
    }
    return range;
  }

  /** The smallest key above every key that begins so; null when there is none. */
  public static byte[] successor(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xFF) {
        byte[] end = Arrays.copyOf(prefix, i + 1);
        end[i]++;
        return end;
      }
    }
    return null;
  }

  /** All entries in order. */
  public List<Map.Entry<byte[], Entry>> all() {
    return range(0, ids.size());
  }

  /** Forgets what a delete of all records made void, and remembers the delete. */
  public void deleteAll(long lsn) {
    ids = new IdTable();
    entries = new Entry[FIRST_ENTRIES];
    weights = new int[FIRST_ENTRIES];
    unweighed = new int[FIRST_ENTRIES];
    unweighedCount = 0;
    unresolved = new ArrayList<>();
    ranges.clear();
    updates.clear();
    bytes = 0;
    add(RangeTombstone.all(lsn));
  }

  /** Remembers a delete of many records; entries stay as they are. */
  public void add(RangeTombstone range) {
    ranges.add(range);
    bytes += OVERHEAD + range.argument().length;
  }

  /** The deletes of many records, oldest first. */
  public List<RangeTombstone> ranges() {
    return Collections.unmodifiableList(ranges);
  }

  /** Remembers that records were to be updated, whether there were any or not. */
  public void updated(long lsn) {
    if (!ranges.isEmpty() && (updates.isEmpty() || updates.last() < ranges.getLast().lsn())) {
      updates.add(lsn);
    }
  }

  /** LSNs of updates: there is one between two of the deletes when there was any. */
  public NavigableSet<Long> updates() {
    return Collections.unmodifiableNavigableSet(updates);
  }

  /** The ids not yet looked up in the slabs. */
  public List<byte[]> unresolved() {
    return Collections.unmodifiableList(unresolved);
  }

  /** All of them were looked up. */
  public void resolved() {
    unresolved = new ArrayList<>();
  }

  /** Ids held, deleted ones included. */
  public int size() {
    return ids.size();
  }

  /** Ids held, and deletes of many records. */
  public int operations() {
    return ids.size() + ranges.size();
  }

  /** An estimate of the memory held. */
  public long bytes() {
    weigh();
    return bytes;
  }

  /** The live records in id order. */
  public List<MemRow> rows() {
    List<MemRow> rows = new ArrayList<>(ids.size());
    for (int number : ids.order()) {
      Entry entry = entries[number];
      if (entry.live()) {
        rows.add(new MemRow(ids.id(number), entry.lsn, entry.record));
      }
    }
    return rows;
  }

  private static long weight(Entry entry) {
    VectorRecord record = entry.record;
    long weight = OVERHEAD;
    if (record == null) {
      return weight;
    }
    weight += 2L * record.id().length();
    weight += record.values() == null ? 0 : 4L * record.values().length;
    weight += record.sparse() == null ? 0 : 8L * record.sparse().size();
    for (Map.Entry<String, MetaValue> field : record.metadata().fields().entrySet()) {
      weight += OVERHEAD / 2 + field.getKey().length() + weight(field.getValue());
    }
    return weight;
  }

  private static long weight(MetaValue value) {
    if (value instanceof MetaValue.Str(String text)) {
      return text.length();
    }
    if (value instanceof MetaValue.StrList list) {
      long weight = 0;
      for (String text : list.values()) {
        weight += text.length() + 50L;
      }
      return weight;
    }
    return value instanceof MetaValue.Num ? 8 : 1;
  }
}
