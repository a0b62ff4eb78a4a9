package io.slab.trust;

import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.PlainSlabs;
import io.slab.store.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Some processes on one store, interleaved at their calls by a seed: writers, flushes, compactions,
 * collectors, readers, checkpoints, restores, drops and bulk loads, with calls that fail, processes
 * that die or sleep for longer than gc waits, and clocks that disagree. The same seed makes the
 * same calls.
 */
final class Simulation {
  private static final int MAX_CALLS = 200_000;
  private static final int[] WEIGHTS = {40, 9, 10, 6, 9, 7, 3, 1, 5, 2, 1, 2, 5};

  /** What a run did. */
  record Outcome(long calls, long manifests, long batches, int crashes, int faults, long hash) {}

  private final long seed;
  private final boolean realSlabs;
  private final Random random;
  private final SimWorld world;
  private final Schedule schedule;
  private final List<SimProcess> processes = new ArrayList<>();
  private final boolean late;
  private final double faultRate;
  private final double crashRate;
  private final double jumpRate;
  private final long minAge;
  private final Retry retry;
  private Throwable failure;
  private int crashes;
  private int faults;

  private Simulation(long seed, boolean realSlabs) {
    this.seed = seed;
    this.realSlabs = realSlabs;
    this.random = new Random(seed);
    this.world = new SimWorld(realSlabs ? new FormatSlabs() : new PlainSlabs());
    this.schedule = new Schedule(random, new double[] {0.03, 0.2, 0.7}[random.nextInt(3)]);
    this.late = random.nextInt(4) == 0;
    this.faultRate = random.nextInt(2) * 0.01;
    this.crashRate = random.nextInt(2) * 0.003;
    this.jumpRate = random.nextInt(2) * 0.004;
    this.minAge =
        new long[] {0, TimeUnit.HOURS.toMillis(1), TimeUnit.DAYS.toMillis(1)}[random.nextInt(3)];
    this.retry = new Retry(1 + random.nextInt(3), 0);
  }

  /**
   * Runs one seed.
   *
   * @param realSlabs false for slabs without the format, which are quicker
   * @param deeds of each process
   * @throws AssertionError with the last calls when something does not hold
   */
  static Outcome run(long seed, boolean realSlabs, int deeds) {
    Simulation simulation = new Simulation(seed, realSlabs);
    return simulation.run(2 + simulation.random.nextInt(4), deeds);
  }

  /**
   * The run of a seed: short histories mostly, now and then a long one; with plain slabs mostly,
   * and each sixteenth with real ones.
   */
  static Outcome run(long seed) {
    return run(seed, seed % 16 == 0, seed % 8 == 1 ? 40 : 12);
  }

  /** Runs a seed, for those that look at what is left. */
  static SimWorld world(long seed, boolean realSlabs, int deeds) {
    Simulation simulation = new Simulation(seed, realSlabs);
    simulation.world.keepJournal();
    simulation.run(1 + simulation.random.nextInt(3), deeds);
    return simulation.world;
  }

  private Outcome run(int count, int deeds) {
    try {
      world.begin();
    } catch (Throwable e) {
      throw failed(e);
    }
    List<Runnable> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int me = i;
      Random own = new Random(random.nextLong());
      SimProcess process = new SimProcess(world, () -> start(me), () -> pause(me), minAge, own);
      processes.add(process);
      runs.add(() -> live(me, process, own, deeds));
    }
    schedule.run(runs);
    if (failure == null) {
      try {
        world.assertHolds();
      } catch (Throwable e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failed(failure);
    }
    return new Outcome(
        world.calls(),
        world.history.newestManifest(),
        world.history.newestLog(),
        crashes,
        faults,
        world.traceHash());
  }

  private AssertionError failed(Throwable why) {
    return new AssertionError("simulation with -Dslab.seed=" + seed + "\n" + world.trace(), why);
  }

  private NamespaceHandle start(int process) {
    Random ids = new Random(random.nextLong());
    long skew = random.nextInt(3) == 0 ? random.nextLong(-200_000_000, 200_000_000) : 0;
    SimStore.Traits traits = new SimStore.Traits(late, false, !realSlabs, retry);
    SimStore store = new SimStore(world.store(), gate(process), traits);
    return world.handle(store, ids, skew, retry);
  }

  private void live(int me, SimProcess process, Random own, int deeds) {
    try {
      for (int i = 0; i < deeds && failure == null; i++) {
        SimProcess.Deed deed = pick(own);
        world.note(me, deed);
        try {
          process.run(deed);
        } catch (Crash e) {
          process.died();
        }
      }
      process.end();
    } catch (Throwable e) {
      if (failure == null && !(e instanceof Crash)) {
        failure = e;
      }
    }
  }

  private static SimProcess.Deed pick(Random own) {
    int sum = 0;
    for (int weight : WEIGHTS) {
      sum += weight;
    }
    int at = own.nextInt(sum);
    int i = 0;
    while (at >= WEIGHTS[i]) {
      at -= WEIGHTS[i++];
    }
    return SimProcess.Deed.values()[i];
  }

  private void pause(int process) {
    pause(process, 1);
  }

  /**
   * @param odds of a long sleep, against those of other calls
   */
  private void pause(int process, int odds) {
    advance(process, odds);
    schedule.pass(process);
    if (failure != null) {
      throw new Crash();
    }
  }

  private void advance(int process, int odds) {
    world.sleep(random.nextInt(20));
    if (random.nextDouble() < odds * jumpRate) {
      // This one sleeps for as long as that takes, and the others go on.
      world.sleep(random.nextLong(TimeUnit.HOURS.toMillis(2) + 2 * minAge));
      schedule.sleep(process, random.nextInt(300));
    }
    if (late && random.nextInt(4) == 0) {
      world.land();
    }
  }

  private SimStore.Gate gate(int process) {
    return new SimStore.Gate() {
      @Override
      public CallOutcome pass(Call call, String name) {
        // What a process decided upon what it read may be long out of date when it says so.
        pause(process, call == Call.CREATE ? 12 : 1);
        CallOutcome outcome = outcome(call);
        if (outcome.crashes()) {
          crashes++;
        } else if (outcome != CallOutcome.PASS) {
          faults++;
          processes.get(process).met();
        }
        world.log(process, call, name, outcome);
        if (world.calls() > MAX_CALLS) {
          throw new AssertionError("no end after " + MAX_CALLS + " calls");
        }
        return outcome;
      }

      @Override
      public void done(Call call, String name, boolean effective) {
        world.done(call, name, effective, processes.get(process).intent());
      }

      @Override
      public void later(Runnable create) {
        // It is about what the process wanted when it was sent.
        History.Intent intent = processes.get(process).intent();
        world.later(() -> withIntent(process, intent, create));
      }

      @Override
      public long now() {
        return world.now();
      }
    };
  }

  private void withIntent(int process, History.Intent intent, Runnable create) {
    History.Intent other = processes.get(process).replaceIntent(intent);
    try {
      create.run();
    } finally {
      processes.get(process).replaceIntent(other);
    }
  }

  private CallOutcome outcome(Call call) {
    double dice = random.nextDouble();
    if (dice < crashRate) {
      return random.nextBoolean() ? CallOutcome.CRASH_BEFORE : CallOutcome.CRASH_AFTER;
    }
    if (dice > 1 - faultRate) {
      if (!call.writes()) {
        return CallOutcome.FAIL_BEFORE;
      }
      int kind = random.nextInt(call == Call.CREATE && late ? 3 : 2);
      return new CallOutcome[] {
            CallOutcome.FAIL_BEFORE, CallOutcome.FAIL_AFTER, CallOutcome.FAIL_LATE
          }
          [kind];
    }
    return CallOutcome.PASS;
  }
}
