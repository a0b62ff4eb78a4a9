package io.slab.erase;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.namespace.NamespaceHandle;
import io.slab.store.ObjectStore;
import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random records of a random history, erased: no byte of them is left in any object. */
class RandomErasuresIT {
  private static EraseRequest all(List<String> ids) {
    return new EraseRequest(ids, null, ErasureRun.AGE, true, true, false);
  }

  /** A store at which others do something between any two calls, now and then. */
  private static ObjectStore beside(ErasureRun run, boolean[] busy) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              if (!busy[0] && run.random.nextInt(25) == 0) {
                busy[0] = true;
                run.live(1);
                busy[0] = false;
              }
              try {
                return method.getName().equals("passingMisplaced")
                    ? proxy
                    : method.invoke(run.store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void othersAtWorkMeanwhileBringNothingBackAndLoseNothing() {
    int rounds = Breadth.of(12, 500);
    long seed = Seeds.of("RandomErasuresIT beside others");
    for (int round = 0; round < rounds; round++) {
      ErasureRun random = new ErasureRun(seed + round);
      random.live(20);
      if (random.handle.newest() == null || !random.handle.exists() || random.said.isEmpty()) {
        continue;
      }
      List<String> ids = random.chosen();
      random.avoid(ids);
      NamespaceHandle by = random.handle(beside(random, new boolean[1]), seed - 1 - round);
      EraseResult result = random.erase(by, all(ids));
      for (int again = 0; again < 12 && !result.finished(); again++) {
        random.requireSame(ids);
        random.pass(Math.max(1, result.nextMillis() - random.now()));
        result = random.erase(by, all(ids));
      }
      // What others committed after the last look may still have a manifest that it needs.
      assertTrue(result.finished(), random.story::toString);
      random.requireSame(ids);
      random.requireGone(ids);
    }
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
