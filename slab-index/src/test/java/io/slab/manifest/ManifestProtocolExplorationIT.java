package io.slab.manifest;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.CommitRules.CommitState;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.model.Ulid;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of a few writers on one sequence of manifests, each of which commits one
 * change on top of what it read and may stall between any two requests, with a gc of zero age that
 * keeps only the newest manifest, and PUTs that land (now, later, or never) though they were
 * reported to have failed, and are repeated. The steps are those of {@link ManifestLog#commit} and
 * its caller; what a manifest proves is decided by {@link CommitRules#manifest}, the production
 * code. {@code CommitSchedulesIT} runs the rest of it.
 */
class ManifestProtocolExplorationIT {
  private enum Rule {
    NAIVE,
    FULL
  }

  private static final int READ_BASE = 0;
  private static final int CREATE = 1;
  private static final int LIST_AFTER_OWN = 2;
  private static final int ASK_NEWEST = 3;
  private static final int ACKNOWLEDGED = 4;

  /**
   * Manifests are 0 (there from the start) to {@code ids}; one is the set of the commits in its
   * history, as bits. Fields: a flag that some change went in twice; per id whether it is there,
   * and its set; per writer its place, its base, the base's set, whether a PUT of it may still
   * fail, whether an unanswered one is on its way, with id and set.
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

    private static final int OBJECT_FIELDS = 2;
    private static final int WRITER_FIELDS = 7;

    int ids() {
      return writers + 1;
    }

    int object(int id) {
      return 1 + OBJECT_FIELDS * id;
    }

    int writer(int w) {
      return object(ids() + 1) + WRITER_FIELDS * w;
    }

    @Override
    public int[] widths() {
      int[] widths = new int[writer(writers)];
      widths[0] = 1;
      for (int id = 0; id <= ids(); id++) {
        widths[object(id)] = 1;
        widths[object(id) + 1] = writers;
      }
      for (int w = 0; w < writers; w++) {
        int[] fields = {3, 3, writers, 1, late ? 1 : 0, late ? 3 : 0, late ? writers : 0};
        System.arraycopy(fields, 0, widths, writer(w), WRITER_FIELDS);
      }
      return widths;
    }

    @Override
    public int[] initial() {
      int[] state = new int[writer(writers)];
      state[object(0)] = 1;
      for (int w = 0; w < writers; w++) {
        state[writer(w) + 3] = faults ? 1 : 0;
      }
      return state;
    }

    private int newest(int[] s) {
      for (int id = ids(); id > 0; id--) {
        if (s[object(id)] != 0) {
          return id;
        }
      }
      return 0;
    }

    private static int[] with(int[] s, int field, int value) {
      int[] n = s.clone();
      n[field] = value;
      return n;
    }

    @Override
    public void steps(int[] s, Consumer<int[]> next) {
      int newest = newest(s);
      for (int id = 0; id < newest; id++) {
        if (s[object(id)] != 0) {
          int[] n = with(s, object(id), 0);
          n[object(id) + 1] = 0;
          next.accept(n);
        }
      }
      for (int w = 0; w < writers; w++) {
        writerSteps(s, w, newest, next);
        if (s[writer(w) + 4] != 0) {
          int at = writer(w);
          int[] n = with(s, at + 4, 0);
          land(n, w, s[at + 5], s[at + 6]);
          n[at + 5] = 0;
          n[at + 6] = 0;
          next.accept(n);
        }
      }
    }

    private void writerSteps(int[] s, int w, int newest, Consumer<int[]> next) {
      int at = writer(w);
      switch (s[at]) {
        case READ_BASE -> {
          if (newest < ids()) {
            int[] n = with(s, at, CREATE);
            n[at + 1] = newest;
            n[at + 2] = s[object(newest) + 1];
            next.accept(n);
          }
        }
        case CREATE -> create(s, w, next);
        case LIST_AFTER_OWN ->
            next.accept(done(s, at, newest > s[at + 1] + 1 ? ASK_NEWEST : ACKNOWLEDGED));
        case ASK_NEWEST -> next.accept(done(s, at, judge(s, w, newest, s[at + 1] + 1)));
        default -> {
          // Acknowledged: nothing more to do.
        }
      }
    }

    private int judge(int[] s, int w, int newest, int id) {
      CommitState state = CommitRules.manifest(manifest(s, newest), id + 1L, commit(w));
      return switch (state) {
        case COMMITTED -> ACKNOWLEDGED;
        // LOOK: its PUT failed and its slot was never taken, so that it may try again there.
        case LOST, LOOK -> READ_BASE;
        case UNKNOWN -> throw new IllegalStateException("the whole history is there");
      };
    }

    private static Ulid commit(int writer) {
      return Ulid.of(1, 0, writer);
    }

    /** The newest manifest of a state, as the code has it: a change by each writer of its set. */
    private NamespaceManifest manifest(int[] s, int id) {
      int set = s[object(id) + 1];
      return manifests.computeIfAbsent(id << writers | set, any -> manifestOf(id, set));
    }

    /** Manifest {@code id} in the model is {@code id + 1} in the code, which counts from one. */
    private static NamespaceManifest manifestOf(int id, int set) {
      NamespaceManifest manifest =
          NamespaceManifest.first("ns", commit(100), commit(101), 0, "model", new TreeMap<>());
      for (int w = 0; set >> w != 0; w++) {
        if ((set >> w & 1) != 0) {
          Edit edit = Edit.unchanged(manifest, "change");
          manifest = manifest.next(commit(w), 0, "model", edit);
        }
      }
      if (manifest.id() != id + 1) {
        throw new IllegalStateException("manifest " + id + " with the changes " + set);
      }
      return manifest;
    }

    /** Moves on; what is no longer needed is forgotten so that equal states are equal. */
    private static int[] done(int[] s, int at, int place) {
      int[] n = with(s, at, place);
      if (place == ACKNOWLEDGED || place == READ_BASE) {
        n[at + 1] = 0;
        n[at + 2] = 0;
      }
      return n;
    }

    private boolean land(int[] n, int w, int id, int baseSet) {
      if (n[object(id)] != 0) {
        return false;
      }
      boolean becomesNewest = id > newest(n);
      n[object(id)] = 1;
      n[object(id) + 1] = baseSet | 1 << w;
      if (becomesNewest && (baseSet >> w & 1) != 0) {
        n[0] = 1;
      }
      return true;
    }

    private void create(int[] s, int w, Consumer<int[]> next) {
      int at = writer(w);
      int id = s[at + 1] + 1;
      int[] n = s.clone();
      boolean created = land(n, w, id, s[at + 2]);
      int place = created ? LIST_AFTER_OWN : ASK_NEWEST;
      if (rule == Rule.NAIVE) {
        place = created ? ACKNOWLEDGED : READ_BASE;
      }
      next.accept(done(n, at, place));
      if (s[at + 3] != 0) {
        int[] landed = n.clone();
        landed[at + 3] = 0;
        next.accept(landed);
        if (late) {
          int[] onItsWay = with(s, at + 3, 0);
          onItsWay[at + 4] = 1;
          onItsWay[at + 5] = id;
          onItsWay[at + 6] = s[at + 2];
          next.accept(onItsWay);
        }
      }
    }

    @Override
    public String violation(int[] s) {
      if (s[0] != 0) {
        return "a change went in 2 times";
      }
      int set = s[object(newest(s)) + 1];
      for (int w = 0; w < writers; w++) {
        if (s[writer(w)] == ACKNOWLEDGED && (set >> w & 1) == 0) {
          return "the acknowledged change of " + w + " is lost";
        }
      }
      return null;
    }

    @Override
    public String describe(int[] s) {
      StringBuilder out = new StringBuilder("manifests");
      for (int id = 0; id <= ids(); id++) {
        out.append(s[object(id)] != 0 ? " " + Integer.toBinaryString(s[object(id) + 1]) : " -");
      }
      for (int w = 0; w < writers; w++) {
        out.append(" | ").append(w).append(" at ").append(s[writer(w)]);
        out.append(" base ").append(s[writer(w) + 1]);
      }
      return out.toString();
    }
  }

  private static StateExplorer.Result explore(
      Rule rule, int writers, boolean faults, boolean late) {
    long start = System.nanoTime();
    StateExplorer.Result result = StateExplorer.explore(new Protocol(rule, writers, faults, late));
    System.out.printf(
        "manifests, rule %s, %d writers%s: %,d states in %d ms: %s%n",
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
    assertFound("2 times", explore(Rule.NAIVE, 3, true, false));
  }

  @Test
  void theFullRuleHoldsInEveryState() {
    assertNull(explore(Rule.FULL, 3, true, true).violation());
    assertNull(explore(Rule.FULL, 4, true, false).violation());
  }
}
