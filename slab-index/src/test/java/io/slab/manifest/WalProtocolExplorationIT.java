package io.slab.manifest;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.CommitRules.CommitState;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.model.Ulid;
import io.slab.testkit.LongTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of a few writers on one WAL, each of which commits one object and may stall
 * between any two requests, with flushes, a gc of zero age that keeps only the newest object, and
 * PUTs that land (now, later, or never) though they were reported to have failed, and are repeated.
 * The steps are those of {@link WalLog#commit} and its caller; what a manifest proves is decided by
 * {@link CommitRules#wal}, the production code. {@code CommitSchedulesIT} runs the rest of it.
 */
class WalProtocolExplorationIT {
  private enum Rule {
    /** Created means committed. */
    NAIVE,
    /**
     * Acknowledge by listing, but move on at once from a slot that holds another writer's object.
     */
    NO_LOOKUP,
    /** Ask the manifest whether the slot was flushed, and only then read the object in it. */
    SWAPPED,
    /** What the code does, by its own rule. */
    FULL
  }

  // Where a writer stands: the request it sends next.
  private static final int FIND_SLOT = 0;
  private static final int CREATE = 1;
  private static final int LIST_AFTER_OWN = 2;
  private static final int READ_OBJECT = 3;
  private static final int ASK_MANIFEST_MINE = 4;
  private static final int ASK_MANIFEST_NOT_MINE = 5;
  private static final int LOOK_AGAIN = 6;
  private static final int ACKNOWLEDGED = 7;

  /**
   * Slots are 1 to {@code slots}; writer {@code w}'s commit is {@code w + 1}, 0 means none. Fields:
   * flushed-through; per slot the object that is there and what the history says about it; per
   * writer its place, its slot, whether a PUT of it may still fail, and the slot for which an
   * unanswered PUT is on its way.
   */
  private record Protocol(
      Rule rule,
      int writers,
      boolean faults,
      boolean late,
      Map<Integer, NamespaceManifest> manifests)
      implements StateExplorer.Model {
    Protocol(Rule rule, int writers, boolean faults, boolean late) {
      this(rule, writers, faults, late, new HashMap<>());
    }

    int slots() {
      return writers + 1;
    }

    int object(int slot) {
      return 1 + 2 * (slot - 1);
    }

    int history(int slot) {
      return 2 + 2 * (slot - 1);
    }

    int writer(int w) {
      return 1 + 2 * slots() + 4 * w;
    }

    @Override
    public int[] widths() {
      int[] widths = new int[writer(writers)];
      Arrays.fill(widths, 3);
      return widths;
    }

    @Override
    public int[] initial() {
      int[] state = new int[writer(writers)];
      for (int w = 0; w < writers; w++) {
        state[writer(w) + 2] = faults ? 1 : 0;
      }
      return state;
    }

    private int highest(int[] s) {
      for (int slot = slots(); slot > 0; slot--) {
        if (s[object(slot)] != 0) {
          return slot;
        }
      }
      // The anchor, or the last flushed object's place in it: nothing is ever created at slot 0.
      return 0;
    }

    @Override
    public void steps(int[] s, Consumer<int[]> next) {
      int flushed = s[0];
      if (flushed < slots() && s[object(flushed + 1)] != 0) {
        int[] n = s.clone();
        n[0] = flushed + 1;
        n[history(flushed + 1)] = s[object(flushed + 1)];
        next.accept(n);
      }
      int highest = highest(s);
      for (int slot = 1; slot <= flushed; slot++) {
        if (s[object(slot)] != 0 && slot != highest) {
          next.accept(with(s, object(slot), 0));
        }
      }
      for (int w = 0; w < writers; w++) {
        writerSteps(s, w, next);
        int pending = s[writer(w) + 3];
        if (pending != 0) {
          int[] n = with(s, writer(w) + 3, 0);
          if (n[object(pending)] == 0) {
            n[object(pending)] = w + 1;
          }
          next.accept(n);
        }
      }
    }

    private static int[] with(int[] s, int field, int value) {
      int[] n = s.clone();
      n[field] = value;
      return n;
    }

    /** Moves a writer; what it no longer needs is forgotten so that equal states are equal. */
    private static int[] move(int[] s, int at, int place) {
      int[] n = with(s, at, place);
      if (place == ACKNOWLEDGED || place == FIND_SLOT) {
        n[at + 1] = 0;
      }
      if (place == ACKNOWLEDGED) {
        n[at + 2] = 0;
      }
      return n;
    }

    private void writerSteps(int[] s, int w, Consumer<int[]> next) {
      int at = writer(w);
      int slot = s[at + 1];
      switch (s[at]) {
        case FIND_SLOT -> {
          // Everything up to the newest object is applied, so the next slot is the one after it.
          int free = Math.max(highest(s), s[0]) + 1;
          if (free <= slots()) {
            int[] n = with(s, at, CREATE);
            n[at + 1] = free;
            next.accept(n);
          }
        }
        case CREATE -> create(s, w, slot, next);
        case LIST_AFTER_OWN ->
            next.accept(move(s, at, highest(s) > slot ? ASK_MANIFEST_MINE : ACKNOWLEDGED));
        case ASK_MANIFEST_MINE -> next.accept(move(s, at, judge(s, w, slot, ACKNOWLEDGED)));
        case ASK_MANIFEST_NOT_MINE -> next.accept(move(s, at, judge(s, w, slot, FIND_SLOT)));
        case READ_OBJECT -> readObject(s, w, slot, next);
        case LOOK_AGAIN ->
            next.accept(move(s, at, s[object(slot)] == w + 1 ? ACKNOWLEDGED : FIND_SLOT));
        default -> {
          // Acknowledged: nothing more to do.
        }
      }
    }

    /**
     * Where a writer goes when it has looked into its slot and then at the newest manifest.
     *
     * @param looked where it goes when what it saw in the slot decides
     */
    private int judge(int[] s, int w, int slot, int looked) {
      CommitState state = CommitRules.wal(manifest(s), slot, commit(w + 1));
      return switch (state) {
        case COMMITTED -> ACKNOWLEDGED;
        case LOST -> FIND_SLOT;
        case LOOK -> looked;
        case UNKNOWN -> throw new IllegalStateException("the whole history is there");
      };
    }

    private static Ulid commit(int number) {
      return Ulid.of(1, 0, number);
    }

    /** The newest manifest of a state, as the code has it. */
    private NamespaceManifest manifest(int[] s) {
      int key = s[0];
      for (int slot = 1; slot <= s[0]; slot++) {
        key = key << 3 | s[history(slot)];
      }
      NamespaceManifest known = manifests.get(key);
      if (known == null) {
        List<Integer> flushed = new ArrayList<>();
        for (int slot = 1; slot <= s[0]; slot++) {
          flushed.add(s[history(slot)]);
        }
        known = manifestOf(flushed);
        manifests.put(key, known);
      }
      return known;
    }

    private static NamespaceManifest manifestOf(List<Integer> flushed) {
      NamespaceManifest first =
          NamespaceManifest.first("ns", commit(100), commit(0), 0, "model", new TreeMap<>());
      if (flushed.isEmpty()) {
        return first;
      }
      List<WalCommit> commits = new ArrayList<>();
      for (int slot = 1; slot <= flushed.size(); slot++) {
        commits.add(new WalCommit(slot, commit(flushed.get(slot - 1))));
      }
      Edit edit = new Edit("flush", false, 0, flushed.size(), List.of(), commits);
      return first.next(commit(101), 0, "model", edit);
    }

    private void create(int[] s, int w, int slot, Consumer<int[]> next) {
      int at = writer(w);
      boolean free = s[object(slot)] == 0;
      int created = rule == Rule.NAIVE ? ACKNOWLEDGED : LIST_AFTER_OWN;
      int[] answered = move(s, at, free ? created : READ_OBJECT);
      answered[object(slot)] = free ? w + 1 : s[object(slot)];
      next.accept(answered);
      if (s[at + 2] != 0) {
        // No answer: it landed all the same, or is still on its way. The writer sends the same
        // bytes again.
        int[] landed = with(s, at + 2, 0);
        landed[object(slot)] = answered[object(slot)];
        next.accept(landed);
        if (late) {
          int[] onItsWay = with(s, at + 2, 0);
          onItsWay[at + 3] = slot;
          next.accept(onItsWay);
        }
      }
    }

    /**
     * The object is read before the manifest is asked: the other way round, it could be swapped in
     * between.
     */
    private void readObject(int[] s, int w, int slot, Consumer<int[]> next) {
      boolean mine = s[object(slot)] == w + 1;
      int place =
          switch (rule) {
            case NAIVE -> mine ? ACKNOWLEDGED : FIND_SLOT;
            case NO_LOOKUP -> mine ? LIST_AFTER_OWN : FIND_SLOT;
            case SWAPPED -> judge(s, w, slot, LOOK_AGAIN);
            case FULL -> mine ? ASK_MANIFEST_MINE : ASK_MANIFEST_NOT_MINE;
          };
      next.accept(move(s, writer(w), place));
    }

    /** What a reader sees: the flushed commits and the objects above them. */
    @Override
    public String violation(int[] s) {
      for (int w = 0; w < writers; w++) {
        int times = 0;
        for (int slot = 1; slot <= slots(); slot++) {
          int commit = slot <= s[0] ? s[history(slot)] : s[object(slot)];
          times += commit == w + 1 ? 1 : 0;
        }
        if (times > 1) {
          return "the write of " + w + " is applied " + times + " times";
        }
        if (times == 0 && s[writer(w)] == ACKNOWLEDGED) {
          return "the acknowledged write of " + w + " is lost";
        }
      }
      return null;
    }

    @Override
    public String describe(int[] s) {
      StringBuilder out = new StringBuilder("flushed " + s[0] + " objects");
      for (int slot = 1; slot <= slots(); slot++) {
        out.append(' ').append(s[object(slot)]).append('/').append(s[history(slot)]);
      }
      for (int w = 0; w < writers; w++) {
        out.append(" | ").append(w + 1).append(" at ").append(s[writer(w)]);
        out.append(" slot ").append(s[writer(w) + 1]).append(" late ").append(s[writer(w) + 3]);
      }
      return out.toString();
    }
  }

  private static StateExplorer.Result explore(
      Rule rule, int writers, boolean faults, boolean late) {
    long start = System.nanoTime();
    StateExplorer.Result result = StateExplorer.explore(new Protocol(rule, writers, faults, late));
    System.out.printf(
        "WAL, rule %s, %d writers%s: %,d states in %d ms: %s%n",
        rule,
        writers,
        late ? ", failed and late PUTs" : faults ? ", failed PUTs" : "",
        result.states(),
        (System.nanoTime() - start) / 1_000_000,
        result.violation());
    result.trace().forEach(line -> System.out.println("  " + line));
    return result;
  }

  private static void assertFound(String expected, StateExplorer.Result result) {
    assertNotNull(result.violation());
    assertTrue(result.violation().contains(expected), result.violation());
  }

  @Test
  void createdIsNotCommitted() {
    assertNull(explore(Rule.NAIVE, 2, false, false).violation());
    assertFound("is lost", explore(Rule.NAIVE, 3, false, false));
    assertFound("2 times", explore(Rule.NAIVE, 2, true, false));
  }

  @Test
  void withoutALookUpBeforeTheRetryAWriteIsAppliedTwice() {
    assertFound("2 times", explore(Rule.NO_LOOKUP, 3, true, false));
  }

  @Test
  void readingTheObjectAfterAskingTheManifestAppliesAWriteTwice() {
    assertFound("2 times", explore(Rule.SWAPPED, 2, true, false));
  }

  @Test
  void theFullRuleHoldsInEveryState() {
    assertNull(explore(Rule.FULL, 3, true, true).violation());
  }

  @LongTest
  @Test
  void theFullRuleHoldsInEveryStateOfFourWriters() {
    assertNull(explore(Rule.FULL, 4, true, false).violation());
  }
}
