package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest.Kind;
import io.slab.error.CancellationToken;
import io.slab.format.LedgerSum;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Ledger;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.CellSlabs;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.SlabFiles;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Slabs whose rows lie in the order of cells are written to, listed and compacted as any other. */
class CellOrderCompactionIT {
  private final AtomicLong clock = new AtomicLong(1_000);
  private long seeds = 31;

  private NamespaceHandle handle(ObjectStore store, SlabFiles files) {
    Environment environment = new Environment(clock::get, new SplittableRandom(seeds++));
    return new NamespaceHandle(store, "ns", Oracle.SPEC, environment, files, new Retry(3, 0));
  }

  private static void compact(NamespaceHandle handle) {
    CompactionRequest request =
        new CompactionRequest(Kind.FULL, 0, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
    Compactor.of(handle).run(request, () -> false, result -> {});
  }

  private static String id(int i) {
    return (i % 3 == 0 ? "a/" : "b/") + (i * 7919 % 1_000);
  }

  private static WriteOp upsert(int i) {
    Random random = new Random(i);
    float[] values = {i % 5 == 0 ? 1 : random.nextFloat(), random.nextInt(4)};
    Metadata metadata = Metadata.of(Map.of("n", new MetaValue.Num(i % 20)));
    return new WriteOp.Upsert(new VectorRecord(id(i), values, null, metadata));
  }

  private static void write(Oracle oracle, NamespaceWriter writer, List<WriteOp> batch) {
    oracle.apply(batch);
    writer.append(batch);
  }

  private static void upserts(Oracle oracle, NamespaceWriter writer, int from, int to) {
    List<WriteOp> batch = new ArrayList<>();
    for (int i = from; i < to; i++) {
      batch.add(upsert(i));
    }
    write(oracle, writer, batch);
    writer.flush();
  }

  private static void cells(Snapshot snapshot) {
    assertFalse(snapshot.slabs().isEmpty());
    for (LiveSlab slab : snapshot.slabs()) {
      assertFalse(slab.view().inIdOrder());
    }
  }

  private static List<String> list(Snapshot snapshot, String prefix, String after) {
    byte[] token = after == null ? null : Utf8.bytes(after);
    LiveIds ids = new LiveIds(snapshot, prefix, token, CancellationToken.NONE);
    List<String> found = new ArrayList<>();
    for (byte[] id = ids.next(); id != null; id = ids.next()) {
      found.add(Utf8.string(id));
      assertEquals(Utf8.string(id), ids.record().id());
    }
    return found;
  }

  /** Listings by prefix, from the start and from the middle. */
  private static void listed(Oracle oracle, Snapshot snapshot) {
    for (String prefix : List.of("", "a/", "b/1", "b/99", "c")) {
      List<String> all = oracle.ids().stream().filter(id -> id.startsWith(prefix)).toList();
      assertEquals(all, list(snapshot, prefix, null));
      for (int at = 0; at < all.size(); at += 37) {
        assertEquals(all.subList(at + 1, all.size()), list(snapshot, prefix, all.get(at)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 9, 40})
  void writesListingsAndCompaction(int cells) {
    ObjectStore store = new MemoryStore(clock::get);
    Oracle oracle = new Oracle();
    try (NamespaceHandle handle = handle(store, new CellSlabs(cells));
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      upserts(oracle, writer, 0, 400);
      upserts(oracle, writer, 300, 700);
      write(oracle, writer, List.of(new WriteOp.DeleteByPrefix("a/1")));
      write(oracle, writer, List.of(new WriteOp.DeleteId(id(401)), upsert(2), upsert(701)));
      write(oracle, writer, List.of(new WriteOp.DeleteByFilter("{\"n\":{\"$eq\":3}}")));
      same(oracle, handle);
      writer.flush();
      same(oracle, handle);
      compact(handle);
      same(oracle, handle);
      write(oracle, writer, List.of(new WriteOp.DeleteByPrefix("b/2")));
      write(
          oracle,
          writer,
          List.of(
              new WriteOp.UpdateByFilter(
                  "{\"n\":{\"$lt\":5}}", Metadata.of(Map.of("m", new MetaValue.Bool(true))))));
      upserts(oracle, writer, 650, 900);
      same(oracle, handle);
      compact(handle);
      same(oracle, handle);
    }
  }

  private static void same(Oracle oracle, NamespaceHandle handle) {
    try (Snapshot snapshot = handle.snapshot()) {
      oracle.assertSame(snapshot);
      listed(oracle, snapshot);
    }
  }

  /**
   * The rows that come out of a merge are those that went in; the order inside makes no difference.
   */
  @Test
  void mergedRowsDoNotDependOnTheOrderInsideTheSlabs() {
    List<Ledger> sums = new ArrayList<>();
    List<Ledger> compacted = new ArrayList<>();
    for (SlabFiles files : List.of(new FormatSlabs(), new CellSlabs(12), new CellSlabs(50))) {
      seeds = 31;
      Oracle oracle = new Oracle();
      try (NamespaceHandle handle = handle(new MemoryStore(clock::get), files);
          NamespaceWriter writer = new NamespaceWriter(handle)) {
        upserts(oracle, writer, 0, 400);
        upserts(oracle, writer, 350, 800);
        write(oracle, writer, List.of(new WriteOp.DeleteByPrefix("b/3")));
        writer.flush();
        sums.add(ledger(handle, files));
        compact(handle);
        compacted.add(ledger(handle, files));
      }
    }
    for (int i = 0; i < 3; i++) {
      assertEquals(sums.getFirst(), sums.get(i));
      assertEquals(sums.getFirst(), compacted.get(i));
    }
  }

  private static Ledger ledger(NamespaceHandle handle, SlabFiles files) {
    try (Snapshot snapshot = handle.snapshot()) {
      assertTrue(snapshot.memtable().isEmpty());
      if (files instanceof CellSlabs) {
        cells(snapshot);
      }
      List<MutableRoaringBitmap> dead = new ArrayList<>();
      for (LiveSlab slab : snapshot.slabs()) {
        MutableRoaringBitmap rows = new MutableRoaringBitmap();
        for (int row = 0; row < slab.view().rows(); row++) {
          if (slab.dead() != null && slab.dead().contains(row)) {
            rows.add(row);
          }
        }
        dead.add(rows);
      }
      return LedgerSum.of(
          MergedRows.of(
              snapshot.slabs().stream().map(LiveSlab::view).toList(),
              dead,
              CancellationToken.NONE));
    }
  }

  /** Random writes, flushes and compactions; what is there is compared after each step. */
  @Test
  void nothingIsLostOrResurrected() {
    for (int round = 0; round < 6; round++) {
      Random random = new Random(100 + round);
      Oracle oracle = new Oracle();
      try (NamespaceHandle handle = handle(new MemoryStore(clock::get), new CellSlabs(4));
          NamespaceWriter writer = new NamespaceWriter(handle)) {
        for (int step = 0; step < 50; step++) {
          clock.addAndGet(1_000);
          switch (random.nextInt(6)) {
            case 0 -> writer.flush();
            case 1 -> compact(handle);
            default -> write(oracle, writer, Oracle.batch(random));
          }
          writer.refresh();
          same(oracle, handle);
        }
      }
    }
  }
}
