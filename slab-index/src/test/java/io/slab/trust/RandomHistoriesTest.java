package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few random histories in every build; {@code bench/trust} tries many, and S3. */
class RandomHistoriesTest {
  private static final int HISTORIES = Breadth.of(3, 400);

  @TempDir Path folder;

  @Test
  void answersAreThoseOfAPlainMap() {
    long first = Seeds.of("RandomHistoriesTest.answersAreThoseOfAPlainMap");
    int queries = 0;
    for (long seed = first; seed < first + HISTORIES; seed++) {
      RandomHistory history = new RandomHistory(seed);
      try {
        RandomHistory.Outcome outcome = history.run(folder.resolve("i" + seed), 150, null, null);
        queries += outcome.queries();
        assertTrue(outcome.recall() >= 0.9, () -> "recall " + outcome.recall());
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-Dslab.seed=" + seed + ", " + history, e);
      }
    }
    assertTrue(queries > 20 * HISTORIES);
  }
}
