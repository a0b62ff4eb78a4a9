package io.slab.trust;

import java.util.concurrent.TimeUnit;

/** Simulates seed after seed for some seconds. Arguments: seconds, first seed. */
public final class SimulationPart {
  private SimulationPart() {}

  public static void main(String[] args) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
    long first = args.length > 1 ? Long.parseLong(args[1]) : System.currentTimeMillis();
    long calls = 0;
    long batches = 0;
    long manifests = 0;
    long crashes = 0;
    long faults = 0;
    long found = 0;
    long seed = first;
    while (System.nanoTime() < end) {
      try {
        Simulation.Outcome outcome = Simulation.run(seed);
        calls += outcome.calls();
        batches += outcome.batches();
        manifests += outcome.manifests();
        crashes += outcome.crashes();
        faults += outcome.faults();
      } catch (AssertionError e) {
        found++;
        e.printStackTrace(System.out);
        if (found >= 3) {
          break;
        }
      }
      seed++;
    }
    System.out.printf(
        "simulation: seeds %d to %d, %,d seeds, %,d store calls, %,d log objects, %,d manifests, %,d"
            + " crashes, %,d faults; failed %d%n",
        first, seed - 1, seed - first, calls, batches, manifests, crashes, faults, found);
    System.exit(found == 0 ? 0 : 1);
  }
}
