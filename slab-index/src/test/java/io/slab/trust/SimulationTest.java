package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** A slice of the simulation in every build; {@code bench/trust} runs more of it. */
class SimulationTest {
  private static final int SEEDS = Breadth.of(160, 20_000);

  @Test
  void nothingAcknowledgedIsLostUnderAnySchedule() {
    long first = Seeds.of("SimulationTest.nothingAcknowledgedIsLostUnderAnySchedule");
    long calls = 0;
    long crashes = 0;
    long faults = 0;
    for (long seed = first; seed < first + SEEDS; seed++) {
      Simulation.Outcome outcome = Simulation.run(seed);
      calls += outcome.calls();
      crashes += outcome.crashes();
      faults += outcome.faults();
    }
    System.out.printf(
        "simulation: seeds %d to %d, %,d calls, %,d crashes, %,d faults%n",
        first, first + SEEDS - 1, calls, crashes, faults);
    assertTrue(calls > 100L * SEEDS && crashes > 0 && faults > 0);
  }

  @Test
  void aSeedRepeatsItself() {
    for (long seed = 16; seed < 20; seed++) {
      assertEquals(Simulation.run(seed), Simulation.run(seed));
    }
  }
}
