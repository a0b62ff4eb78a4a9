package io.slab.trust;

import java.util.ArrayList;
import java.util.List;
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
  private final Semaphore ended = new Semaphore(0);

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
          .start(
              () -> {
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
    if (random.nextDouble() < switches) {
      give(me, awake.get(random.nextInt(awake.size())));
    }
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
      turns.get(awake.get(random.nextInt(awake.size()))).release();
    }
  }
}
