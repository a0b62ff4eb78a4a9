package io.slab.compaction;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.NotFoundException;
import io.slab.namespace.AsOf;
import io.slab.namespace.Moment;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import io.slab.writer.Checkpoints;
import io.slab.writer.Restore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Writes, merges and gc happen to a namespace between checkpoints and restores. The state that was
 * restored is there, its slabs and its log prove it, and each checkpoint stays what it was.
 */
class ProvedRestoresIT {
  private static final int STEPS = 60;
  private static final int ROUNDS = Breadth.of(5, 200);

  private long restores;

  private final class Run extends ProvedRun {
    private final Map<String, Oracle> checkpoints = new TreeMap<>();
    private final Map<String, Oracle> states = new TreeMap<>();

    Run(long seed) {
      super(seed);
    }

    @Override
    void step(int kind) {
      if (kind < 30) {
        append();
      } else if (kind < 44) {
        flush(store);
      } else if (kind < 60) {
        compact(store, true);
      } else if (kind < 66) {
        collect();
      } else if (kind < 69) {
        trimLog();
      } else if (kind < 73) {
        stall();
      } else if (kind < 77) {
        land();
      } else if (kind < 79) {
        load();
      } else if (kind < 80) {
        drop();
      } else if (kind < 86) {
        checkpoint();
      } else {
        restore();
      }
    }

    private void checkpoint() {
      try (NamespaceHandle handle = handle(store)) {
        String name = "c" + random.nextInt(4);
        if (handle.newest() == null || !handle.exists()) {
          return;
        }
        if (checkpoints.containsKey(name)) {
          story.append(" release ").append(name);
          new Checkpoints(handle).delete(name);
          checkpoints.remove(name);
        } else {
          story.append(" checkpoint ").append(name);
          new Checkpoints(handle).create(name, 0);
          checkpoints.put(name, oracle.copy());
        }
      }
    }

    /** To a checkpoint, or to right after some write, where that is still kept. */
    private void restore() {
      Map<String, Oracle> all = new TreeMap<>(checkpoints);
      all.putAll(states);
      if (all.isEmpty()) {
        return;
      }
      String to = List.copyOf(all.keySet()).get(random.nextInt(all.size()));
      try (NamespaceHandle handle = handle(store)) {
        Moment moment = new PastStates(handle).find(AsOf.parse(to));
        if (moment.manifest().deleted() && moment.isManifest()) {
          states.remove(to); // It was dropped after that write.
          return;
        }
        Restore.Result result = new Restore(handle).run(moment);
        story.append(" restore ").append(to).append(" to ").append(result.manifest());
        states.put("lsn:" + result.replacedLsn(), oracle);
        oracle = all.get(to).copy();
        restores++;
      } catch (NotFoundException e) {
        assertFalse(checkpoints.containsKey(to), to);
        states.remove(to);
      }
    }

    @Override
    void written(long lsn) {
      states.put("lsn:" + lsn, oracle.copy());
    }

    @Override
    void check(NamespaceHandle handle) {
      for (Map.Entry<String, Oracle> kept : checkpoints.entrySet()) {
        try (Snapshot then = new PastStates(handle).snapshot(AsOf.checkpoint(kept.getKey()))) {
          kept.getValue().assertSame(then);
        }
      }
    }
  }

  @Test
  void slabsAndLogProveWhatWasRestored() {
    for (int round = 0; round < ROUNDS; round++) {
      new Run(Seeds.of("ProvedRestoresIT.slabsAndLogProveWhatWasRestored." + round)).run(STEPS);
    }
    assertTrue(restores > ROUNDS, restores + " restores");
  }
}
