package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.UnsupportedException;
import io.slab.filter.FilterParser;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.AsOf;
import io.slab.query.SnapshotSource;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.testkit.Breadth;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.writer.NamespaceWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Bits flipped in every object of a small index, and pieces cut off: who opens it and reads all
 * gets what was there or one of the three errors about data.
 */
class IndexFlipsIT {
  private static final IndexSpec SPEC =
      new IndexSpec("test", 3, Metric.DOTPRODUCT, VectorType.HYBRID, null, 1);
  private static final Duration SOON = Duration.ofMinutes(Breadth.of(2, 240));

  private final MemoryStore store = new MemoryStore(() -> 1_000);
  private final List<String> names = new ArrayList<>();
  private List<String> whole;

  private static SlabIndex open(ObjectStore store) {
    return SlabIndex.open(store, new Environment(() -> 1_000, new SplittableRandom(5)));
  }

  private static VectorRecord record(String id, int n) {
    Map<String, MetaValue> fields = new TreeMap<>();
    fields.put("n", new MetaValue.Num(n));
    fields.put("text", new MetaValue.Str("text " + n));
    fields.put("list", new MetaValue.StrList(List.of("a", "b" + n)));
    fields.put("yes", new MetaValue.Bool(n % 2 == 0));
    SparseVector sparse = new SparseVector(new int[] {n, n + 9}, new float[] {1, n});
    return new VectorRecord(id, new float[] {n, 1, n / 3f}, sparse, Metadata.of(fields));
  }

  private void make() {
    Environment environment = new Environment(() -> 1_000, new SplittableRandom(3));
    try (SlabIndex index = SlabIndex.create(store, SPEC, true, environment)) {
      index.configure(null, before -> "{\"tags\":{\"a\":\"b\"}}");
      try (NamespaceWriter writer = index.writer("ns")) {
        for (int i = 0; i < 8; i++) {
          writer.append(List.of(new WriteOp.Upsert(record("r" + i, i))));
        }
        writer.flush();
        writer.append(List.of(new WriteOp.DeleteId("r1"), new WriteOp.DeleteByPrefix("r2")));
        writer.flush();
        index.checkpoints("ns").create("kept", 0);
        writer.append(
            List.of(
                new WriteOp.Upsert(record("later", 40)),
                new WriteOp.PartialUpdate("r3", new float[] {1, 2, 3}, null, null),
                new WriteOp.DeleteByFilter("{\"n\":{\"$eq\":5}}"),
                new WriteOp.UpdateByFilter(
                    "{\"n\":{\"$eq\":6}}",
                    Metadata.of(Map.of("text", new MetaValue.Str("changed")))),
                new WriteOp.DeleteId("r7")));
      }
    }
    list("");
    whole = read(store);
    assertTrue(whole.size() > 6, whole::toString);
  }

  private void list(String folder) {
    for (ObjectInfo object : store.list(folder, null)) {
      names.add(object.name());
    }
    store.listFolders(folder).forEach(inner -> list(folder + inner + "/"));
  }

  private static String text(VectorRecord record) {
    return record.id()
        + Arrays.toString(record.values())
        + Arrays.toString(record.sparse().indices())
        + Arrays.toString(record.sparse().weights())
        + record.metadata();
  }

  /** All that the index says. */
  private static List<String> read(ObjectStore store) {
    List<String> all = new ArrayList<>();
    try (SlabIndex index = open(store)) {
      all.add(index.spec() + " " + index.deletionProtected() + index.service());
      all.add(index.namespaces().toString());
      try (Snapshot snapshot = index.snapshot("ns")) {
        Oracle.read(snapshot).values().forEach(record -> all.add(text(record)));
        all.add(
            "n > 3: " + SnapshotSource.count(snapshot, FilterParser.parse("{\"n\":{\"$gt\":3}}")));
      }
      try (Snapshot snapshot = index.past("ns").snapshot(AsOf.checkpoint("kept"))) {
        Oracle.read(snapshot).values().forEach(record -> all.add("kept " + text(record)));
      }
    }
    return all;
  }

  private MemoryStore with(String changed, byte[] content) {
    MemoryStore copy = new MemoryStore(() -> 1_000);
    for (String name : names) {
      copy.create(name, name.equals(changed) ? content : store.read(name, Integer.MAX_VALUE));
    }
    return copy;
  }

  private void check(String name, byte[] content, String what) {
    try {
      assertEquals(whole, read(with(name, content)), what);
    } catch (CorruptException | UnsupportedException | MissingException e) {
      // It was noticed.
      assertTrue(e.getMessage().length() > 10, what);
    } catch (RuntimeException | OutOfMemoryError e) {
      fail(what + ": " + e, e);
    }
  }

  @Test
  void damageOfAnyObjectIsNoticedOrDoesNotMatter() {
    make();
    Random random = new Random(Seeds.of(IndexFlipsIT.class));
    assertTimeoutPreemptively(
        SOON,
        () -> {
          for (String name : names) {
            byte[] content = store.read(name, Integer.MAX_VALUE);
            int step = Breadth.of(Math.max(1, content.length * 8 / 25), 1);
            for (int bit = random.nextInt(step); bit < content.length * 8; bit += step) {
              byte[] damaged = content.clone();
              damaged[bit >> 3] ^= (byte) (1 << (bit & 7));
              check(name, damaged, name + " bit " + bit);
            }
            int cut = Breadth.of(Math.max(1, content.length / 6), 1);
            for (int length = random.nextInt(cut); length < content.length; length += cut) {
              check(name, Arrays.copyOf(content, length), name + " cut at " + length);
            }
          }
        });
  }
}
