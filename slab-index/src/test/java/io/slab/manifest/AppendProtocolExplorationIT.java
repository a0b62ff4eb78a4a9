package io.slab.manifest;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.AppendProtocol.Rule;
import io.slab.testkit.LongTest;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of an append with a writer, a flusher, a compactor and gc, each of which may
 * stop between any two steps (spec/index.md, "Append"). A slab of before has the id x, the slab of
 * the append x and y. The writer upserts, updates and deletes x, deletes y, and deletes by a filter
 * that the appended x matches and no other one does. In every state a reader must see what a log
 * would say in which the rows stand at the reservation, once the append is committed, and without
 * them before; and slabs and log without dead rows must prove the same. Commits are one step, as
 * the other explorations show them to be; what a history says of an append is decided by {@link
 * Appends}, and what may be named by {@link CommitRules#mayName}.
 */
class AppendProtocolExplorationIT {
  private static StateExplorer.Result explore(Rule rule, int slots, int writes) {
    long start = System.nanoTime();
    StateExplorer.Result result = StateExplorer.explore(new AppendProtocol(rule, slots, writes));
    System.out.printf(
        "append, rule %s: %,d states in %d ms: %s%n",
        rule, result.states(), (System.nanoTime() - start) / 1_000_000, result.violation());
    result.trace().forEach(line -> System.out.println("  " + line));
    return result;
  }

  private static void assertFound(String expected, StateExplorer.Result result) {
    assertNotNull(result.violation());
    assertTrue(result.violation().contains(expected), result.violation());
  }

  @Test
  void deadRowsThatAreWorkedOutOnceAreNotEnough() {
    assertFound("x is there twice", explore(Rule.ONCE, 5, 1));
  }

  @Test
  void anUpdateThatWasFlushedWouldHaveBeenOfTheRow() {
    assertFound("readers see another state", explore(Rule.NO_UPDATES, 3, 1));
  }

  @Test
  void whatACompactionLeavesOutWouldBeNeeded() {
    assertFound("prove another state", explore(Rule.NO_AS_OF, 3, 1));
  }

  @Test
  void gcWouldDeleteWhatIsNamed() {
    assertFound("is deleted", explore(Rule.NO_GC, 3, 0));
  }

  /** One write and an attempt that is lost, or two writes. */
  @Test
  void theFullRuleHoldsInEveryState() {
    assertNull(explore(Rule.FULL, 4, 1).violation());
    assertNull(explore(Rule.FULL, 3, 2).violation());
  }

  /** 30 million states. */
  @LongTest
  @Test
  void theFullRuleHoldsInEveryStateOfTwoWrites() {
    assertNull(explore(Rule.FULL, AppendState.SLOTS, 2).violation());
  }
}
