package io.slab.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CancellationToken;
import io.slab.error.CorruptException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.wal.WalLayout;
import io.slab.writer.NamespaceWriter;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a repair makes of log objects that lost no record, and of those that a drop ended. */
class LogFrameRepairTest {
  private final MemoryStore store = new MemoryStore();
  private long seed = 1;

  private NamespaceHandle handle() {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seed++));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(1, 0));
  }

  private void write(boolean flush, String... ids) {
    try (NamespaceHandle handle = handle();
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (String id : ids) {
        writer.append(
            List.of(
                new WriteOp.Upsert(
                    new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY))));
      }
      if (flush) {
        writer.flush();
      }
    }
  }

  private RepairReport repair() {
    Environment environment = new Environment(() -> 1_000L, new SplittableRandom(seed++));
    try (NamespaceRepair repair =
        new NamespaceRepair(store, "ns", Oracle.SPEC, environment, CancellationToken.NONE)) {
      assertFalse(repair.examine().isWhole());
      return repair.apply(false);
    }
  }

  private long count() {
    try (NamespaceHandle handle = handle();
        Snapshot snapshot = handle.snapshot()) {
      return snapshot.count();
    }
  }

  private void drop() {
    try (NamespaceHandle handle = handle()) {
      new NamespaceAdmin(handle).drop();
    }
  }

  private void replace(String name, byte[] content) {
    store.delete(name);
    store.create(name, content);
  }

  /** Adds a manifest that cannot be read. */
  private void damageNext() {
    try (NamespaceHandle handle = handle()) {
      store.create(handle.manifests().name(handle.newest().id() + 1), new byte[] {'x'});
    }
  }

  /** Bytes of the trailer, from its begin. */
  @ParameterizedTest
  @ValueSource(ints = {0, 8, 12, 31})
  void anObjectWhoseTrailerAloneIsDamagedIsFlushed(int at) {
    write(false, "a", "b", "c");
    String name;
    try (NamespaceHandle handle = handle()) {
      name = handle.wal().name(2);
    }
    byte[] content = store.read(name, 1 << 20);
    content[content.length - WalLayout.TRAILER_BYTES + at] ^= 0x55;
    replace(name, content);
    assertThrows(CorruptException.class, this::count);
    RepairReport report = repair();
    assertFalse(report.losesAny());
    assertEquals(List.of(), report.resurrected());
    assertEquals(3, count());
  }

  /** The manifest before the damaged one drops what the flushed log still has. */
  @Test
  void aDroppedNamespaceStaysDropped() {
    write(true, "a", "b");
    drop();
    damageNext();
    assertEquals(0, repair().records());
    try (NamespaceHandle handle = handle()) {
      assertTrue(handle.newest().deleted());
    }
  }

  @Test
  void whatWasWrittenAfterADropIsAllThatComesBack() {
    write(true, "a", "b");
    drop();
    write(false, "late");
    damageNext();
    assertEquals(1, repair().records());
    assertEquals(1, count());
  }
}
