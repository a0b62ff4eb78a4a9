package io.slab.bench.trust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few kills in every build; {@code bench/trust} has thousands. */
class KillsIT {
  private static final int SECONDS = Breadth.of(4, 600);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAKilledProcessAcknowledgedIsThere(boolean strained) throws Exception {
    long seed = Seeds.of("KillsIT.whatAKilledProcessAcknowledgedIsThere." + strained);
    Kills kills = new Kills(folder, strained, seed);
    kills.run(System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS));
    assertTrue(kills.kills() > 0);
  }
}
