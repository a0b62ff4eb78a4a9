package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.check.CheckLevel;
import io.slab.manifest.IndexJson;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.PlainSlabs;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.trust.SimProcess.Deed;
import io.slab.verify.Checker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * One process that does everything once, with each single call to the store made to fail in each
 * way in turn: before its effect, after it, late, in the middle, for good, or with the process. The
 * operation is repeated, the rest goes on, and nothing that took effect is missing in the end.
 */
final class FaultPoints {
  /** What is wrong with the call. */
  enum Way {
    FAILS_BEFORE(CallOutcome.FAIL_BEFORE),
    FAILS_AFTER(CallOutcome.FAIL_AFTER),
    /** Takes effect once its process has said what became of it. */
    LANDS_LATE(CallOutcome.FAIL_LATE),
    /** Takes effect after everything else. */
    LANDS_LAST(CallOutcome.FAIL_LATE),
    DIES_BEFORE(CallOutcome.CRASH_BEFORE),
    DIES_AFTER(CallOutcome.CRASH_AFTER),
    DIES_WITHIN(CallOutcome.CRASH_TORN),
    /** Every call of the operation fails from this one on. */
    GONE(CallOutcome.FAIL_BEFORE),
    /** Every call that writes fails from this one on, as on a full disk. */
    FULL(CallOutcome.FAIL_BEFORE);

    private final CallOutcome outcome;

    Way(CallOutcome outcome) {
      this.outcome = outcome;
    }

    private boolean fits(Call call, String name, boolean late) {
      return switch (this) {
        case FAILS_BEFORE, DIES_BEFORE, GONE -> true;
        case FAILS_AFTER, DIES_AFTER -> call.writes();
        case FULL -> call.writes() || call == Call.WRITE;
        case LANDS_LATE, LANDS_LAST -> late && call == Call.CREATE;
        // A store without hard links showed half a log object; all else is seen whole or not.
        case DIES_WITHIN -> !late && call == Call.CREATE && name.contains("/wal/");
      };
    }
  }

  private static final List<Deed> DEEDS =
      List.of(
          Deed.APPEND,
          Deed.APPEND,
          Deed.FLUSH,
          Deed.APPEND,
          Deed.HOLD,
          Deed.FLUSH,
          Deed.CHECKPOINT,
          Deed.APPEND,
          Deed.FLUSH,
          Deed.COMPACT,
          Deed.APPEND,
          Deed.CHECKPOINT,
          Deed.READ_PAST,
          Deed.RESTORE,
          Deed.APPEND,
          Deed.FLUSH,
          Deed.COLLECT,
          Deed.RELEASE,
          Deed.READ,
          Deed.CONFIGURE,
          Deed.DROP,
          Deed.BULK,
          Deed.READ,
          Deed.APPEND,
          Deed.FLUSH,
          Deed.COMPACT,
          Deed.COLLECT,
          Deed.READ);

  /** So manieth run has slabs of the real format, and is verified by the checker. */
  private static final int FORMAT_EVERY = 10;

  private record Point(Call call, String name) {}

  private final Function<LongSupplier, ObjectStore> stores;
  private final long seed;
  private final boolean late;
  private final boolean real;
  private final long start;
  private long runs;
  private long worlds;

  /**
   * @param stores makes an empty store; it is given the simulation's clock
   * @param late as on a network: a request may take effect after it was given up
   * @param real whether the store has times of its own
   */
  FaultPoints(Function<LongSupplier, ObjectStore> stores, long seed, boolean late, boolean real) {
    this.stores = stores;
    this.seed = seed;
    this.late = late;
    this.real = real;
    this.start = 1_700_000_000_000L;
  }

  /**
   * Tries every so manieth call in every way until the time is over, and of those that may land
   * late all.
   *
   * @param from number of the first call, below {@code every}
   * @param end by {@link System#nanoTime}
   * @return how many faults were tried
   */
  long explore(int from, int every, long end) {
    List<Point> points = run(-1, Way.FAILS_BEFORE);
    for (int at = 0; at < points.size(); at++) {
      Point point = points.get(at);
      for (Way way : Way.values()) {
        if (System.nanoTime() - end > 0) {
          return runs;
        }
        boolean chosen = at % every == from || way == Way.LANDS_LATE;
        if (chosen && way.fits(point.call, point.name, late)) {
          runs++;
          run(at, way);
        }
      }
    }
    return runs;
  }

  private List<Point> run(int at, Way way) {
    long now = real ? System.currentTimeMillis() : start;
    boolean format = ++worlds % FORMAT_EVERY == 0;
    SimWorld world = new SimWorld(stores, now, format ? new FormatSlabs() : new PlainSlabs());
    world.store().create(IndexJson.NAME, IndexJson.encode(Oracle.SPEC, new Ulid(1, 2)));
    world.begin();
    Run run = new Run(world, at, way);
    try {
      run.all();
      world.land();
      world.assertHolds();
      if (format) {
        assertEquals(List.of(), Checker.index(world.store(), CheckLevel.DEEP).problems());
      }
    } catch (Throwable e) {
      throw new AssertionError(
          "fault " + way + " at call " + at + ", -Dslab.seed=" + seed + "\n" + world.trace(), e);
    } finally {
      world.store().close();
    }
    return run.points;
  }

  /** One pass over the deeds. */
  private final class Run implements SimStore.Gate {
    private final SimWorld world;
    private final int at;
    private final Way way;
    private final List<Point> points = new ArrayList<>();
    private final Random random = new Random(seed);
    private final SimProcess process;
    private boolean lasting;

    Run(SimWorld world, int at, Way way) {
      this.world = world;
      this.at = at;
      this.way = way;
      this.process =
          new SimProcess(
              world, this::start, () -> {}, TimeUnit.HOURS.toMillis(1), new Random(seed));
    }

    private NamespaceHandle start() {
      SimStore.Traits traits = new SimStore.Traits(late, !late, false, Retry.NEVER);
      SimStore store = new SimStore(world.store(), this, traits);
      return world.handle(store, new Random(random.nextLong()), 0, Retry.NEVER);
    }

    void all() {
      for (Deed deed : DEEDS) {
        if (deed == Deed.COLLECT) {
          world.sleep(TimeUnit.DAYS.toMillis(2));
        }
        world.note(0, deed);
        if (!done(deed)) {
          world.note(0, deed + " again");
          done(deed);
        }
      }
      process.end();
    }

    /** False when the fault was met: it is gone now, and the operation is repeated. */
    private boolean done(Deed deed) {
      int before = points.size();
      try {
        process.run(deed);
      } catch (Crash e) {
        process.died();
      }
      lasting = false;
      if (way == Way.LANDS_LATE) {
        world.land();
      }
      return at < before || at >= points.size();
    }

    @Override
    public CallOutcome pass(Call call, String name) {
      boolean hit = points.size() == at;
      points.add(new Point(call, name));
      lasting |= hit && (way == Way.GONE || way == Way.FULL);
      boolean fails = hit || (lasting && (way == Way.GONE || call.writes() || call == Call.WRITE));
      CallOutcome outcome = fails ? way.outcome : CallOutcome.PASS;
      if (fails && !outcome.crashes()) {
        process.met();
      }
      world.log(0, call, name, outcome);
      return outcome;
    }

    @Override
    public void done(Call call, String name, boolean effective) {
      world.done(call, name, effective, process.intent());
    }

    @Override
    public void later(Runnable create) {
      History.Intent intent = process.intent();
      world.later(() -> {
        History.Intent other = process.replaceIntent(intent);
        try {
          create.run();
        } finally {
          History.Intent unused = process.replaceIntent(other);
        }
      });
    }

    @Override
    public long now() {
      return world.now();
    }
  }
}
