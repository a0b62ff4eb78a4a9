package io.slab.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Each object of the log names the one before it. One that names another was written by a writer
 * that had slept while gc freed its slot: replaying it would bring back what was never committed.
 */
class WalChainTest {
  private static final String LOG = "ns/ns/wal/";

  private final MemoryStore store = new MemoryStore();
  private long seeds = 1;

  private NamespaceHandle handle() {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seeds++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new PlainSlabs(), new Retry(1, 0));
  }

  private static List<WriteOp> batch(String id) {
    return List.of(
        new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY)));
  }

  /** Objects 1 and 2 are flushed, 3 to 5 are not. */
  private void fill() {
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int i = 1; i <= 5; i++) {
        writer.append(batch("r" + i));
        if (i == 2) {
          writer.flush();
        }
      }
    }
  }

  private static String name(long number) {
    return LOG + "0".repeat(19) + number + ".wal";
  }

  /** The same object with another predecessor and right checksums. */
  private void rename(long number, Ulid previous) {
    String name = name(number);
    WalObject is = WalReader.decode(name, number, store.read(name, Integer.MAX_VALUE));
    store.delete(name);
    store.create(
        name,
        WalWriter.encode(new WalObject(number, is.writer(), is.commit(), previous, is.records())));
  }

  private long count() {
    try (NamespaceHandle handle = handle();
        Snapshot snapshot = handle.snapshot()) {
      return snapshot.count();
    }
  }

  @Test
  void anObjectThatNamesAnotherPredecessorIsNotReplayed() {
    fill();
    assertEquals(5, count());
    Ulid stranger = new Environment(() -> 7, new SplittableRandom(99)).newId();
    // The first after what is flushed, one in the middle, the last one.
    for (long number = 3; number <= 5; number++) {
      WalObject good =
          WalReader.decode(name(number), number, store.read(name(number), Integer.MAX_VALUE));
      rename(number, stranger);
      CorruptException e = assertThrows(CorruptException.class, this::count);
      assertEquals(name(number), e.resource());
      assertTrue(e.getMessage().contains("predecessor " + stranger), e.getMessage());
      try (NamespaceHandle handle = handle();
          NamespaceWriter writer = new NamespaceWriter(handle)) {
        assertThrows(CorruptException.class, () -> writer.append(batch("more")));
      }
      assertEquals(6, store.list(LOG, null).size(), "nothing was written after it");
      rename(number, good.previous());
    }
    assertEquals(5, count());
  }

  /** A writer that could not know its predecessor says so with zeros. */
  @Test
  void noPredecessorAtAllIsRight() {
    fill();
    rename(4, Ulid.ZERO);
    assertEquals(5, count());
  }
}
