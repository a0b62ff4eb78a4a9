package io.slab.compaction;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** After each random step its slabs and its log prove what is in a namespace. */
class ProvedDeletesIT {
  private static final int STEPS = 70;
  private static final int ROUNDS = Breadth.of(12, 400);

  private static final class Run extends ProvedRun {
    Run(long seed) {
      super(seed);
    }

    @Override
    void step(int kind) {
      if (kind < 35) {
        append();
      } else if (kind < 52) {
        flush(store);
      } else if (kind < 72) {
        compact(store, true);
      } else if (kind < 79) {
        collect();
      } else if (kind < 87) {
        trimLog();
      } else if (kind < 90) {
        stall();
      } else if (kind < 94) {
        land();
      } else if (kind < 96) {
        load();
      } else {
        drop();
      }
    }
  }

  @Test
  void slabsAndLogProveTheRecords() {
    for (int round = 0; round < ROUNDS; round++) {
      new Run(Seeds.of("ProvedDeletesIT.slabsAndLogProveTheRecords." + round)).run(STEPS);
    }
  }
}
