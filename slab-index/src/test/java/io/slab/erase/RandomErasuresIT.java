package io.slab.erase;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random records of a random history, erased: no byte of them is left in any object. */
class RandomErasuresIT {
  private static EraseRequest all(List<String> ids) {
    return new EraseRequest(ids, null, ErasureRun.AGE, true, true, false);
  }

  @Test
  void noByteIsLeftAfterRandomErasures() {
    int rounds = Breadth.of(24, 1_000);
    long seed = Seeds.of(RandomErasuresIT.class);
    for (int round = 0; round < rounds; round++) {
      ErasureRun random = new ErasureRun(seed + round);
      random.live(25);
      if (random.handle.newest() == null || !random.handle.exists() || random.said.isEmpty()) {
        continue;
      }
      List<String> ids = random.chosen();
      EraseResult result = random.erase(all(ids));
      random.requireSame(ids);
      for (int again = 0; again < 4 && !result.finished(); again++) {
        assertTrue(result.nextMillis() > random.now(), random.story::toString);
        // Others go on meanwhile.
        random.live(4);
        random.pass(Math.max(0, result.nextMillis() - random.now()));
        result = random.erase(all(ids));
        random.requireSame(ids);
      }
      assertTrue(result.finished(), random.story::toString);
      random.requireGone(ids);
    }
  }
}
