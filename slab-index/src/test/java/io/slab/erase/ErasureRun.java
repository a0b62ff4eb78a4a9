package io.slab.erase;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.ProvedRecords;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.BulkLoad;
import io.slab.writer.Checkpoints;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A random history of records whose ids, texts and numbers occur nowhere else, and its erasures.
 */
final class ErasureRun {
  static final long HOUR = 3_600_000;
  static final long AGE = GcRequest.DEFAULT_MIN_AGE_MILLIS;

  final Random random;
  private long now = 1_000_000;
  final MemoryStore store = new MemoryStore(() -> now);
  final NamespaceHandle handle;
  final Oracle oracle = new Oracle();

  /** What records said, every version, as bytes that can be searched for. */
  final Map<String, List<byte[]>> said = new HashMap<>();

  private final Set<String> avoided = new TreeSet<>();

  final StringBuilder story = new StringBuilder();
  private int words;

  ErasureRun(long seed) {
    random = new Random(seed);
    handle = handle(store, seed);
  }

  /** The namespace as another process has it. */
  NamespaceHandle handle(ObjectStore on, long seed) {
    return new NamespaceHandle(
        on,
        "ns",
        Oracle.SPEC,
        new Environment(() -> now, new SplittableRandom(seed)),
        new FormatSlabs(),
        new Retry(1, 0));
  }

  void pass(long millis) {
    now += millis;
  }

  long now() {
    return now;
  }

  /** A word that no other place has, and that no compression of words beside it can leave out. */
  private String word() {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 14; i++) {
      word.append((char) ('a' + random.nextInt(26)));
    }
    return word.append(words++).toString();
  }

  String put(String id, int kind) {
    String text = word();
    Map<String, MetaValue> fields = new TreeMap<>();
    fields.put("text", new MetaValue.Str(text));
    fields.put("kind", new MetaValue.Num(kind));
    if (random.nextBoolean()) {
      fields.put("words", new MetaValue.StrList(List.of(text + "x", "of")));
    }
    float[] values = {random.nextFloat(), random.nextFloat()};
    write(new WriteOp.Upsert(new VectorRecord(id, values, null, Metadata.of(fields))));
    said(id, values, text);
    return text;
  }

  private void said(String id, float[] values, String text) {
    List<byte[]> all = said.computeIfAbsent(id, i -> new ArrayList<>());
    // What front coding may leave out of an id or a text is its first letters.
    all.add(Utf8.bytes(id.substring(4)));
    all.add(Utf8.bytes(text.substring(4)));
    all.add(Bytes.of(values));
  }

  void write(WriteOp... ops) {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(ops));
    }
    oracle.apply(List.of(ops));
  }

  void flush() {
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.flush();
    }
  }

  void compact(CompactionRequest request) {
    Compactor.of(handle).run(request, () -> false, result -> {});
  }

  void collect() {
    GarbageCollector.of(handle).run(GcRequest.standard());
  }

  static VectorRecord record(String id, int kind) {
    Metadata metadata = Metadata.of(Map.of("kind", new MetaValue.Num(kind)));
    return new VectorRecord(id, new float[] {1, kind}, null, metadata);
  }

  /** Loads these in bulk. */
  void load(List<VectorRecord> rows) {
    new BulkLoad(handle).run(new ListRows(rows), () -> false);
    rows.forEach(row -> oracle.apply(List.of(new WriteOp.Upsert(row))));
  }

  private void load() {
    List<VectorRecord> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String id = word();
      String text = word();
      float[] values = {random.nextFloat(), random.nextFloat()};
      Metadata metadata =
          Metadata.of(Map.of("text", new MetaValue.Str(text), "kind", new MetaValue.Num(i)));
      rows.add(new VectorRecord(id, values, null, metadata));
      said(id, values, text);
    }
    rows.sort(Comparator.comparing(VectorRecord::id));
    if (new BulkLoad(handle).run(new ListRows(rows), () -> false) != null) {
      rows.forEach(row -> oracle.apply(List.of(new WriteOp.Upsert(row))));
    }
  }

  /** From now on nothing is written to these ids. */
  void avoid(List<String> ids) {
    avoided.addAll(ids);
  }

  /** Some steps of an ordinary life. */
  void live(int steps) {
    if (handle.newest() == null && random.nextInt(4) == 0) {
      load();
    }
    for (int i = 0; i < steps; i++) {
      step();
      pass(random.nextInt(3) == 0 ? HOUR : 1_000);
    }
  }

  private void step() {
    int kind = random.nextInt(100);
    List<String> ids = oracle.ids().stream().filter(id -> !avoided.contains(id)).toList();
    String some = ids.isEmpty() ? word() : ids.get(random.nextInt(ids.size()));
    if (kind < 45) {
      put(random.nextInt(3) == 0 ? some : word(), random.nextInt(5));
    } else if (kind < 55) {
      float[] values = {random.nextFloat(), random.nextFloat()};
      write(new WriteOp.PartialUpdate(some, values, null, null));
      said.computeIfAbsent(some, id -> new ArrayList<>()).add(Bytes.of(values));
    } else if (kind < 65) {
      write(new WriteOp.DeleteId(some));
    } else if (kind < 68) {
      write(new WriteOp.DeleteByPrefix(some.substring(0, 1)));
    } else if (kind < 80) {
      flush();
    } else if (kind < 86) {
      compact(CompactionRequest.full());
    } else if (kind < 90) {
      compact(CompactionRequest.auto());
    } else if (kind < 95) {
      collect();
    } else if (kind < 98 && handle.newest() != null && handle.exists()) {
      new Checkpoints(handle).create("c" + words++, random.nextBoolean() ? 0 : 3 * HOUR);
    }
  }

  EraseResult erase(EraseRequest request) {
    return erase(handle, request);
  }

  EraseResult erase(NamespaceHandle by, EraseRequest request) {
    EraseResult result = new Erasure(by).run(request, () -> false);
    story.append(result).append('\n');
    return result;
  }

  /** Ids, alive or not, of which something was said. */
  List<String> chosen() {
    List<String> all = new ArrayList<>(new TreeSet<>(said.keySet()));
    List<String> some = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      some.add(all.get(random.nextInt(all.size())));
    }
    return some;
  }

  /** Readers, slabs alone and the model agree on what is there. */
  void requireSame(Iterable<String> erased) {
    for (String id : erased) {
      oracle.apply(List.of(new WriteOp.DeleteId(id)));
    }
    try (Snapshot snapshot = handle.snapshot()) {
      oracle.assertSame(snapshot);
    }
    oracle.assertSame(ProvedRecords.of(store, handle.names(), Oracle.SPEC));
  }

  /** No object has any of these bytes. */
  void requireGone(Iterable<String> erased) {
    for (String id : erased) {
      for (byte[] bytes : said.get(id)) {
        Bytes.requireNowhere(store, bytes, id);
      }
    }
  }

  /** The search would find what is there. */
  void requireFound(String id) {
    boolean found = false;
    for (byte[] bytes : said.get(id)) {
      found |= Bytes.isSomewhere(store, bytes);
    }
    assertTrue(found, id);
    assertFalse(said.get(id).isEmpty());
  }
}
