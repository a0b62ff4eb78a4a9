package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.InvalidInputException;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.BuiltSlabsJson;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A commit of built slabs takes each row once. */
class SharedIdsTest {
  private final MemoryStore memory = new MemoryStore();
  private final NamespaceHandle namespace =
      new NamespaceHandle(
          memory,
          "ns",
          Oracle.SPEC,
          new Environment(() -> 1_000_000, new SplittableRandom(7)),
          new FormatSlabs(),
          new Retry(3, 0));
  private final BulkLoad load = new BulkLoad(namespace);

  private static VectorRecord record(int i) {
    return new VectorRecord("r%06d".formatted(i), new float[] {i, 1}, null, Metadata.EMPTY);
  }

  private BuiltSlabs part(BuiltSlabs order, int... ids) {
    List<VectorRecord> records = new ArrayList<>();
    for (int id : ids) {
      records.add(record(id));
    }
    BuiltSlabs built = load.build(order, new ListRows(records), () -> false);
    return BuiltSlabsJson.decode(BuiltSlabsJson.encode(built));
  }

  private long count() {
    try (Snapshot snapshot = namespace.snapshot()) {
      return snapshot.count();
    }
  }

  @Test
  void anIdOfTwoPartsIsRefusedWithBothFiles() {
    BuiltSlabs order = load.begin();
    BuiltSlabs one = part(order, 1, 3, 5, 7);
    BuiltSlabs two = part(order, 2, 4, 5, 9);
    BuiltSlabs both = BuiltSlabs.merge(List.of(one, two));
    String message =
        assertThrows(InvalidInputException.class, () -> load.commit(both)).getMessage();
    assertTrue(message.contains("'r000005'"), message);
    for (BuiltSlabs part : List.of(one, two)) {
      String file = namespace.names().slab(part.slabs().getFirst().id());
      assertTrue(message.contains(file), message);
    }
    assertEquals(0, count());
    BuiltSlabs mended = BuiltSlabs.merge(List.of(one, part(order, 2, 4, 9)));
    assertTrue(load.commit(mended).committed());
    assertEquals(7, count());
  }

  @Test
  void aPartThatWasBuiltTwiceIsRefused() {
    BuiltSlabs order = load.begin();
    BuiltSlabs twice = BuiltSlabs.merge(List.of(part(order, 1), part(order, 1)));
    assertThrows(InvalidInputException.class, () -> load.commit(twice));
  }

  /**
   * Parts that meet at one id, that lie inside each other, that alternate in short and long runs.
   */
  @Test
  void theMergeAgreesWithSets() {
    BuiltSlabs order = load.begin();
    int refused = 0;
    for (int seed = 0; seed < 150; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Set<Integer> seen = new HashSet<>();
      boolean shared = false;
      List<BuiltSlabs> parts = new ArrayList<>();
      for (int p = random.nextInt(2, 5); p > 0; p--) {
        int from = random.nextInt(400);
        int width = random.nextInt(1, 600);
        boolean avoid = random.nextInt(4) > 0;
        Set<Integer> ids = new TreeSet<>();
        for (int i = random.nextInt(1, 60); i > 0; i--) {
          int id = from + random.nextInt(width);
          if (!avoid || !seen.contains(id)) {
            ids.add(id);
          }
        }
        if (ids.isEmpty()) {
          continue;
        }
        for (int id : ids) {
          shared |= !seen.add(id);
        }
        parts.add(part(order, ids.stream().mapToInt(i -> i).toArray()));
      }
      SharedIds check = new SharedIds(namespace, BuiltSlabs.merge(parts));
      if (shared) {
        assertThrows(InvalidInputException.class, check::refuse, "seed " + seed);
        refused++;
      } else {
        assertDoesNotThrow(check::refuse, "seed " + seed);
      }
    }
    assertTrue(refused > 20 && refused < 130, "both happen: " + refused);
  }

  @Test
  void aCompactionReplacesEachRowOnce() {
    try (NamespaceWriter writer = new NamespaceWriter(namespace)) {
      for (int i = 0; i < 3; i++) {
        writer.append(List.of(new WriteOp.Upsert(record(i)), new WriteOp.Upsert(record(i + 1))));
        writer.flush();
      }
    }
    Compactor compactor = Compactor.of(namespace);
    BuiltSlabs order = compactor.begin(compactor.plan(CompactionRequest.full()));
    BuiltSlabs one = compactor.build(order, () -> false);
    BuiltSlabs two = compactor.build(order, () -> false);
    assertThrows(InvalidInputException.class, () -> compactor.commit(order));
    BuiltSlabs both = BuiltSlabs.merge(List.of(one, two));
    assertThrows(InvalidInputException.class, () -> compactor.commit(both));
    assertEquals(4, count());
    assertTrue(compactor.commit(one).committed());
    assertEquals(4, count());
  }
}
