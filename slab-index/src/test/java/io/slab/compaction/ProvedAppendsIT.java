package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.WriteOp;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.testkit.Breadth;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import io.slab.writer.Append;
import io.slab.writer.CommitResult;
import io.slab.writer.CommitResult.State;
import io.slab.writer.ListRows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Appends beside writes, deletes, merges and gc of a namespace: one that is committed has its place
 * where it began, one that is not changes nothing, and slabs and log prove what is there.
 */
class ProvedAppendsIT {
  private static final int STEPS = 70;
  private static final int ROUNDS = Breadth.of(4, 400);

  private long committed;
  private long overtaken;

  private final class Run extends ProvedRun {
    /** What was written, by place. */
    private final TreeMap<Long, List<WriteOp>> events = new TreeMap<>();

    private final List<BuiltSlabs> underWay = new ArrayList<>();
    private final Map<BuiltSlabs, List<WriteOp>> rows = new java.util.HashMap<>();
    private final Set<String> hidden = new HashSet<>();

    Run(long seed) {
      super(seed);
    }

    @Override
    void step(int kind) {
      if (kind < 30) {
        append();
      } else if (kind < 46) {
        flush(store);
      } else if (kind < 62) {
        compact(store, true);
      } else if (kind < 64) {
        collect();
      } else if (kind < 66) {
        trimLog();
      } else if (kind < 69) {
        stall();
      } else if (kind < 72) {
        land();
      } else if (kind < 73) {
        load();
      } else if (kind < 74) {
        drop();
      } else if (kind < 86) {
        begin();
      } else {
        commit();
      }
    }

    @Override
    void written(long lsn, List<WriteOp> batch) {
      events.put(lsn, batch);
    }

    @Override
    void dropped() {
      events.clear();
    }

    @Override
    void loaded(long lsn, List<WriteOp> batch) {
      events.clear();
      events.put(lsn, batch);
    }

    /** Slabs of which no manifest says anything look like those of a load that was committed. */
    @Override
    MemoryStore proving() {
      MemoryStore copy = copy();
      hidden.forEach(copy::delete);
      return copy;
    }

    private void begin() {
      try (NamespaceHandle handle = handle(store)) {
        Append append = new Append(handle);
        BuiltSlabs order = append.begin();
        List<VectorRecord> records = records();
        BuiltSlabs built = append.build(order, new ListRows(records), () -> false);
        story.append(" begin").append(built.lsn() >> 20).append(records);
        for (SlabEntry slab : built.slabs()) {
          hidden.add(NAMES.slab(slab.id()));
        }
        underWay.add(built);
        rows.put(built, records.stream().<WriteOp>map(WriteOp.Upsert::new).toList());
      }
    }

    private List<VectorRecord> records() {
      TreeMap<String, VectorRecord> records = new TreeMap<>();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        String id = "" + (char) ('a' + random.nextInt(2)) + random.nextInt(6);
        Metadata n = Metadata.of(Map.of("n", new MetaValue.Num(random.nextInt(3))));
        records.put(id, new VectorRecord(id, new float[] {random.nextInt(100), 3}, null, n));
      }
      return List.copyOf(records.values());
    }

    private void commit() {
      if (underWay.isEmpty()) {
        return;
      }
      BuiltSlabs built = underWay.remove(random.nextInt(underWay.size()));
      story.append(" commit").append(built.lsn() >> 20);
      try (NamespaceHandle handle = handle(store)) {
        if (random.nextInt(6) == 0) {
          new Append(handle).abandon(built);
          assertEquals(State.OVERTAKEN, new Append(handle).commit(built).state());
          return;
        }
        CommitResult result = new Append(handle).commit(built);
        story.append(result.state());
        if (!result.committed()) {
          overtaken++;
          return;
        }
        committed++;
        built.slabs().forEach(slab -> hidden.remove(NAMES.slab(slab.id())));
        events.put(built.lsn(), rows.get(built));
        oracle = new Oracle();
        events.values().forEach(oracle::apply);
      }
    }
  }

  @Test
  void slabsAndLogProveTheRecords() {
    for (int round = 0; round < ROUNDS; round++) {
      new Run(Seeds.of("ProvedAppendsIT.slabsAndLogProveTheRecords." + round)).run(STEPS);
    }
    System.out.printf("%d appends committed, %d overtaken%n", committed, overtaken);
    assertTrue(committed > ROUNDS / 2 && overtaken > 0, committed + " and " + overtaken);
  }
}
