package io.slab.trust;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.Compactor;
import io.slab.error.DataException;
import io.slab.memtable.WriteOp;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.trust.SimWorld.Change;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A disk that says that it wrote, and did not: after a history of the simulation the power fails,
 * and of what came after the last write that really was on disk some is missing or cut short. What
 * was lost that way cannot be known to be lost when it was the end of the log; but what is shown
 * must be one state that was, or a data error.
 */
final class LyingDisk {
  /** What the disk did with the writes that it still had to do. */
  enum Loss {
    /** None of the last ones is there, as when writes keep their order. */
    END,
    /** Some are there, in no order. */
    SOME,
    /** As {@link #SOME}, and of the others some are there in part, or as zeros. */
    TORN
  }

  /** How it ended. */
  enum End {
    SHOWN,
    REFUSED
  }

  private LyingDisk() {}

  /**
   * Runs one seed.
   *
   * @throws AssertionError when a state is shown that never was
   */
  static End run(long seed, Loss loss) {
    SimWorld world = Simulation.world(seed, true, 10);
    Random random = new Random(seed);
    List<Change> journal = world.journal();
    int written = random.nextInt(journal.size() + 1);
    int end = written + random.nextInt(Math.min(12, journal.size() - written) + 1);
    MemoryStore left = new MemoryStore(world::now);
    world.base().forEach(left::create);
    List<String> lost = new ArrayList<>();
    for (int i = 0; i < end; i++) {
      Change change = journal.get(i);
      if (i < written || (loss != Loss.END && random.nextBoolean())) {
        apply(left, change);
      } else {
        lost.add(change.content() == null ? "not deleted " + change.name() : change.name());
        if (loss == Loss.TORN && change.content() != null && random.nextBoolean()) {
          left.create(change.name(), torn(change.content(), random));
        }
      }
    }
    try {
      return look(world, left, random);
    } catch (DataException e) {
      if (loss == Loss.END) {
        throw new AssertionError("refused after -Dslab.seed=" + seed + " lost " + lost, e);
      }
      return End.REFUSED;
    } catch (Throwable e) {
      throw new AssertionError("-Dslab.seed=" + seed + " " + loss + " lost " + lost, e);
    }
  }

  private static void apply(MemoryStore store, Change change) {
    if (change.content() == null) {
      store.delete(change.name());
    } else {
      boolean unused = store.create(change.name(), change.content());
    }
  }

  /** A part of it, or all of its length with zeros at the end: blocks that were not written. */
  private static byte[] torn(byte[] content, Random random) {
    int there = random.nextInt(content.length);
    byte[] part = Arrays.copyOf(content, there);
    return random.nextBoolean() ? part : Arrays.copyOf(part, content.length);
  }

  /** What is shown is a state that was; and what is written now is there afterwards. */
  private static End look(SimWorld world, MemoryStore left, Random random) {
    Oracle then;
    try (NamespaceHandle handle =
            world.handle(left, new Random(random.nextLong()), 0, Retry.NEVER);
        Snapshot snapshot = handle.snapshot()) {
      if (snapshot.manifest() == null) {
        return End.SHOWN;
      }
      then = world.history.content(snapshot.manifest().id(), snapshot.walApplied());
      then.assertSame(snapshot);
    }
    try (NamespaceHandle handle =
            world.handle(left, new Random(random.nextLong()), 0, Retry.NEVER);
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int i = 0; i < 3; i++) {
        List<WriteOp> batch = Oracle.batch(random);
        writer.append(batch);
        then.apply(batch);
        writer.flush();
      }
      Compactor.of(handle).run(CompactionRequest.full(), () -> false, r -> {});
      try (Snapshot snapshot = handle.snapshot()) {
        then.assertSame(snapshot);
      }
    }
    return End.SHOWN;
  }
}
