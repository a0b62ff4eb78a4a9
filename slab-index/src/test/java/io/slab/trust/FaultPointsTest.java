package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A slice of the faults in every build; {@code bench/trust} tries all of them. */
class FaultPointsTest {
  private static final int EVERY = Breadth.of(29, 1);
  private static final int POWER_FAILURES = Breadth.of(8, 2_000);

  @ParameterizedTest
  @ValueSource(strings = {"memory", "network"})
  void nothingIsLostWhereverACallFails(String where) {
    long seed = Seeds.of("FaultPointsTest.nothingIsLostWhereverACallFails");
    int from = Math.floorMod(seed, EVERY);
    long tried = FaultPointsPart.points(where, seed).explore(from, EVERY, Long.MAX_VALUE);
    System.out.printf("%,d faults of every %dth call, %s%n", tried, EVERY, where);
    assertTrue(tried > 20, tried + " faults");
  }

  @ParameterizedTest
  @EnumSource
  void whatADiskThatLiesLeavesIsAStateThatWasOrRefused(LyingDisk.Loss loss) {
    long first = Seeds.of("FaultPointsTest.whatADiskThatLiesLeavesIsAStateThatWasOrRefused");
    int shown = 0;
    for (long seed = first; seed < first + POWER_FAILURES; seed++) {
      shown += LyingDisk.run(seed, loss) == LyingDisk.End.SHOWN ? 1 : 0;
    }
    System.out.printf("%s: %d of %d shown, the others refused%n", loss, shown, POWER_FAILURES);
    assertTrue(shown > 0);
  }

  /** A few calls of the scenario on a disk of this machine. */
  @Test
  void theSameHoldsOnADisk() {
    long seed = Seeds.of("FaultPointsTest.theSameHoldsOnADisk");
    int every = Breadth.of(90, 5);
    long tried = FaultPointsPart.points("local", seed).explore(3, every, Long.MAX_VALUE);
    assertTrue(tried > 3, tried + " faults");
  }
}
