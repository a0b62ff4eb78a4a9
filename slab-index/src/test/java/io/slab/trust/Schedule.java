package io.slab.trust;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * Hands one baton from process to process: only who has it runs, so that nothing but the seed
 * decides the order of their calls. A process is a virtual thread that waits for its turn.
 */
final class Schedule {
  private final Random random;
  private final double switches;
  private final List<Semaphore> turns = new ArrayList<>();
  private final List<Integer> awake = new ArrayList<>();
  private final Map<Integer, Long> until = new HashMap<>();
  private final Semaphore ended = new Semaphore(0);

  private long passes;

  /**
   * @param switches how likely another process goes on at a call, 0 to 1
   */
  Schedule(Random random, double switches) {
    this.random = random;
    this.switches = switches;
  }

  /** Runs all to their ends, on threads of their own; the first begins. */
  void run(List<Runnable> processes) {
    for (int i = 0; i < processes.size(); i++) {
      int me = i;
      Semaphore turn = new Semaphore(0);
      turns.add(turn);
      awake.add(i);
      Runnable process = processes.get(i);
      Thread.ofVirtual()
          .start(() -> {
            turn.acquireUninterruptibly();
            try {
              process.run();
            } finally {
              end(me);
            }
          });
    }
    turns.getFirst().release();
    ended.acquireUninterruptibly();
  }

  /** A process is about to make a call: perhaps others go on first, for as long as chance will. */
  void pass(int me) {
    passes++;
    if (sleeps(me) || random.nextDouble() < switches) {
      give(me, next());
    }
  }

  /** From its next call on a process sleeps while others make so many, unless all of them sleep. */
  void sleep(int process, int calls) {
    until.put(process, passes + calls);
  }

  private boolean sleeps(int process) {
    return until.getOrDefault(process, 0L) > passes;
  }

  private int next() {
    List<Integer> ready = awake.stream().filter(process -> !sleeps(process)).toList();
    List<Integer> some = ready.isEmpty() ? awake : ready;
    return some.get(random.nextInt(some.size()));
  }

  private void give(int me, int next) {
    if (next != me) {
      turns.get(next).release();
      turns.get(me).acquireUninterruptibly();
    }
  }

  private void end(int me) {
    awake.remove((Integer) me);
    if (awake.isEmpty()) {
      ended.release();
    } else {
      turns.get(next()).release();
    }
  }
}
