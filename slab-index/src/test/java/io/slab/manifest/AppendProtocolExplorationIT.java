package io.slab.manifest;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.model.Ulid;
import io.slab.testkit.LongTest;
import io.slab.wal.WalLayout;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
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
  private enum Rule {
    /** Dead rows are worked out once, and not again when the manifest moved. */
    ONCE,
    /** Updates that were flushed are not looked for. */
    NO_UPDATES,
    /** Compactions know nothing of appends. */
    NO_AS_OF,
    /** Nobody looks for what gc condemned. */
    NO_GC,
    FULL
  }

  /** Objects of the log that there may be. */
  private static final int SLOTS = 6;

  // Objects of the log.
  private static final int RESERVATION = 1;
  private static final int UPSERT_X = 2;
  private static final int DELETE_X = 3;
  private static final int UPDATE_X = 4;
  private static final int DELETE_Y = 5;
  private static final int DELETE_BY_FILTER = 6;

  // What is left of a row.
  private static final int LIVE = 0;
  private static final int DEAD = 1;
  private static final int TOMBSTONE = 2;
  private static final int GONE = 3;

  // Where the appender is.
  private static final int RESERVE = 0;
  private static final int BEGIN = 1;
  private static final int LOOK = 2;
  private static final int RESERVE_AGAIN = 3;
  private static final int COMMIT = 4;
  private static final int ENDED = 5;

  // What the compactor rewrites.
  private static final int BEFORE = 0;
  private static final int APPENDED = 1;
  private static final int FLUSHED = 2;

  // Fields.
  private static final int LOG = 0;
  private static final int THROUGH = LOG + SLOTS + 1;
  private static final int BEGUN = THROUGH + 1;
  private static final int NO_MORE = BEGUN + 1;
  private static final int NAMED = NO_MORE + 1;
  private static final int PLACE = NAMED + 1;

  /** The row x of before, and the LSN up to which its slab takes account of writes. */
  private static final int B = PLACE + 1;

  private static final int B_AS_OF = B + 1;
  private static final int A_X = B_AS_OF + 1;
  private static final int A_Y = A_X + 1;

  /** The newest flushed version of x: its slot, what it is, and what an update made it of. */
  private static final int F_SLOT = A_Y + 1;

  private static final int F = F_SLOT + 1;
  private static final int F_OF = F + 1;
  private static final int Y_GONE = F_OF + 1;
  private static final int FILTER = Y_GONE + 1;

  /** A compaction made slabs void up to this LSN that it does not know. */
  private static final int VOID = FILTER + 1;

  private static final int CONDEMNED = VOID + 1;
  private static final int DELETED = CONDEMNED + 1;
  private static final int WRITTEN = DELETED + 1;
  private static final int APPENDER = WRITTEN + 1;
  private static final int A_FRESH = APPENDER + 1;

  /** Dead rows as they were worked out first: of the rows of before, flushed, appended. */
  private static final int A_DEAD = A_FRESH + 1;

  private static final int FLUSHER = A_DEAD + 1;
  private static final int COMPACTOR = FLUSHER + 1;
  private static final int C_KIND = COMPACTOR + 1;
  private static final int C_DEAD = C_KIND + 1;
  private static final int C_AS_OF = C_DEAD + 1;
  private static final int C_SLOT = C_AS_OF + 1;
  private static final int C_KEEPS = C_SLOT + 1;
  private static final int FIELDS = C_KEEPS + 1;

  /** Values of x: absent, or slot * 3 + what it was made of. */
  private static final int ABSENT = -1;

  private static final int OF_ITSELF = 0;
  private static final int OF_BEFORE = 1;
  private static final int OF_APPENDED = 2;

  private record Protocol(Rule rule, int slots, int writes) implements StateExplorer.Model {
    @Override
    public int[] widths() {
      int[] widths = new int[FIELDS];
      java.util.Arrays.fill(widths, 1);
      for (int slot = 0; slot <= SLOTS; slot++) {
        widths[LOG + slot] = 3;
      }
      for (int three :
          new int[] {
            THROUGH, PLACE, B_AS_OF, F_SLOT, Y_GONE, FILTER, VOID, APPENDER, FLUSHER, C_AS_OF,
            C_SLOT, C_KEEPS
          }) {
        widths[three] = 3;
      }
      for (int two : new int[] {B, A_X, A_Y, F, F_OF, WRITTEN, COMPACTOR, C_KIND, C_DEAD}) {
        widths[two] = 2;
      }
      widths[A_DEAD] = 4;
      return widths;
    }

    @Override
    public int[] initial() {
      return new int[FIELDS];
    }

    private static int end(int[] s) {
      int end = SLOTS;
      while (end > 0 && s[LOG + end] == 0) {
        end--;
      }
      return end;
    }

    @Override
    public void steps(int[] s, Consumer<int[]> next) {
      int free = end(s) + 1;
      if (s[WRITTEN] < writes && free <= slots) {
        for (int op = UPSERT_X; op <= DELETE_BY_FILTER; op++) {
          int[] n = s.clone();
          n[LOG + free] = op;
          n[WRITTEN]++;
          next.accept(n);
        }
      }
      flusher(s, next);
      appender(s, free, next);
      compactor(s, next);
      collector(s, next);
    }

    /** A manifest is committed: who read the one before loses. */
    private static int[] moved(int[] s) {
      int[] n = s.clone();
      n[A_FRESH] = 0;
      n[FLUSHER] = 0;
      return n;
    }

    /** It reads the newest manifest and the log, and commits unless the manifest moved. */
    private static void flusher(int[] s, Consumer<int[]> next) {
      if (s[FLUSHER] == 0 && end(s) > s[THROUGH]) {
        int[] n = s.clone();
        n[FLUSHER] = end(s);
        next.accept(n);
      } else if (s[FLUSHER] > 0) {
        int[] n = moved(s);
        flush(n, s[FLUSHER]);
        next.accept(n);
      }
    }

    private static void flush(int[] n, int through) {
      for (int slot = n[THROUGH] + 1; slot <= through; slot++) {
        apply(n, slot);
      }
      n[THROUGH] = through;
    }

    /** What an object of the log does to a state. */
    private static void apply(int[] n, int slot) {
      int x = visible(n);
      switch (n[LOG + slot]) {
        case UPSERT_X -> newest(n, slot, LIVE, OF_ITSELF);
        case DELETE_X -> newest(n, slot, TOMBSTONE, OF_ITSELF);
        case UPDATE_X -> {
          if (x != ABSENT) {
            newest(n, slot, LIVE, x % 3);
          }
        }
        case DELETE_Y -> {
          n[A_Y] = n[NAMED] != 0 ? Math.max(n[A_Y], DEAD) : n[A_Y];
          n[Y_GONE] = slot;
        }
        case DELETE_BY_FILTER -> {
          n[A_X] = n[NAMED] != 0 && n[A_X] == LIVE ? DEAD : n[A_X];
          n[FILTER] = slot;
        }
        default -> {
          // A reservation does nothing.
        }
      }
    }

    private static void newest(int[] n, int slot, int what, int of) {
      n[B] = n[B] == LIVE ? DEAD : n[B];
      n[A_X] = n[NAMED] != 0 && n[A_X] == LIVE ? DEAD : n[A_X];
      n[F_SLOT] = slot;
      n[F] = what;
      n[F_OF] = of;
    }

    private static int visible(int[] n) {
      if (n[F_SLOT] > 0 && n[F] == LIVE) {
        return n[F_SLOT] * 3 + n[F_OF];
      }
      if (n[NAMED] != 0 && n[A_X] == LIVE) {
        return n[PLACE] * 3 + OF_APPENDED;
      }
      return n[B] == LIVE ? OF_BEFORE : ABSENT;
    }

    private void appender(int[] s, int free, Consumer<int[]> next) {
      int[] n = s.clone();
      switch (s[APPENDER]) {
        case RESERVE -> {
          if (free <= slots) {
            n[LOG + free] = RESERVATION;
            n[PLACE] = free;
            n[APPENDER] = BEGIN;
            n[A_FRESH] = 1;
            next.accept(n);
          }
        }
        case BEGIN -> {
          if (s[A_FRESH] == 0) {
            // Lost; its reservation is one object without records more.
            n[APPENDER] = RESERVE;
            n[PLACE] = 0;
            next.accept(n);
          } else if (s[THROUGH] < s[PLACE]) {
            n = moved(s);
            flush(n, s[PLACE]);
            n[BEGUN] = 1;
            n[APPENDER] = LOOK;
            next.accept(n);
          }
        }
        case LOOK -> look(s, next);
        case RESERVE_AGAIN -> {
          if (free <= slots) {
            n[LOG + free] = RESERVATION;
            n[APPENDER] = COMMIT;
            next.accept(n);
          }
        }
        case COMMIT -> commit(s, next);
        default -> {
          // Committed, or given up.
        }
      }
    }

    /** Reads the newest manifest: whether the append may be committed, and what dies. */
    private void look(int[] s, Consumer<int[]> next) {
      int[] n = s.clone();
      boolean updated = false;
      for (int slot = s[PLACE] + 1; slot <= s[THROUGH]; slot++) {
        updated |= s[LOG + slot] == UPDATE_X;
      }
      long lsn = WalLayout.firstLsn(s[PLACE]);
      boolean under = Appends.underWay(manifest(s)).containsKey(lsn);
      boolean gone = rule != Rule.NO_GC && !mayName(s);
      if (!under || gone || updated && rule != Rule.NO_UPDATES || s[VOID] > s[PLACE]) {
        n[APPENDER] = ENDED;
      } else {
        n[APPENDER] = RESERVE_AGAIN;
        n[A_FRESH] = 1;
        if (rule == Rule.ONCE && s[A_DEAD] == 0) {
          n[A_DEAD] = 8 | deaths(s);
        }
      }
      next.accept(n);
    }

    private static int deaths(int[] s) {
      boolean later = s[F_SLOT] > s[PLACE] || s[FILTER] > s[PLACE];
      boolean older = s[F_SLOT] > 0 && s[F_SLOT] < s[PLACE];
      return (later ? 1 : 0) | (s[Y_GONE] > s[PLACE] ? 2 : 0) | (older ? 4 : 0);
    }

    private void commit(int[] s, Consumer<int[]> next) {
      if (s[A_FRESH] == 0) {
        int[] n = s.clone();
        n[APPENDER] = LOOK;
        next.accept(n);
        return;
      }
      int[] n = moved(s);
      int dead = rule == Rule.ONCE ? s[A_DEAD] : deaths(s);
      n[NAMED] = 1;
      n[B] = n[B] == LIVE ? DEAD : n[B];
      n[A_X] = (dead & 1) != 0 ? DEAD : LIVE;
      n[A_Y] = (dead & 2) != 0 ? DEAD : LIVE;
      n[F] = (dead & 4) != 0 && n[F] == LIVE ? DEAD : n[F];
      flush(n, end(s));
      n[NO_MORE] = 1;
      n[APPENDER] = ENDED;
      next.accept(n);
    }

    private static NamespaceManifest manifest(int[] s) {
      Ulid any = Ulid.of(1, 0, 1);
      NamespaceManifest manifest =
          NamespaceManifest.first("ns", any, any, 0, "model", new TreeMap<>());
      long lsn = WalLayout.firstLsn(s[PLACE]);
      if (s[BEGUN] != 0) {
        manifest = manifest.next(any, 0, "model", Edit.unchanged(manifest, Appends.begin(lsn)));
      }
      if (s[NO_MORE] != 0) {
        manifest = manifest.next(any, 0, "model", Edit.unchanged(manifest, Appends.end(lsn)));
      }
      return s[CONDEMNED] == 0 ? manifest : manifest.withCondemned(List.of(FILE));
    }

    private static final String FILE = NamespaceNames.slabFile(Ulid.of(1, 0, 7));
    private static final NamespaceNames NAMES = new NamespaceNames("ns");

    private static boolean mayName(int[] s) {
      String file = NAMES.folder() + FILE;
      Set<String> there = s[DELETED] != 0 ? Set.of() : Set.of(file);
      return CommitRules.mayName(manifest(s), NAMES, List.of(file), there);
    }

    private void collector(int[] s, Consumer<int[]> next) {
      if (s[BEGUN] != 0 && s[NO_MORE] == 0) {
        int[] n = moved(s);
        n[NO_MORE] = 1;
        next.accept(n);
      }
      if (s[APPENDER] >= LOOK && s[NAMED] == 0 && s[CONDEMNED] == 0 && s[DELETED] == 0) {
        int[] n = moved(s);
        n[CONDEMNED] = 1;
        next.accept(n);
      }
      if (s[CONDEMNED] != 0 && s[DELETED] == 0) {
        int[] n = s.clone();
        n[DELETED] = 1;
        next.accept(n);
      }
    }

    /** It plans, leaves out deletes by what the newest manifest names, and commits. */
    private void compactor(int[] s, Consumer<int[]> next) {
      switch (s[COMPACTOR]) {
        case 0 -> {
          for (int kind = BEFORE; kind <= FLUSHED; kind++) {
            plan(s, kind, next);
          }
        }
        case 1 -> build(s, next);
        default -> replace(s, next);
      }
    }

    private void plan(int[] s, int kind, Consumer<int[]> next) {
      boolean there =
          switch (kind) {
            case BEFORE -> s[B] <= DEAD;
            case APPENDED -> s[NAMED] != 0 && (s[A_X] <= TOMBSTONE || s[A_Y] <= DEAD);
            default -> s[F_SLOT] + s[Y_GONE] + s[FILTER] > 0;
          };
      if (!there) {
        return;
      }
      int[] n = s.clone();
      n[COMPACTOR] = 1;
      n[C_KIND] = kind;
      n[C_DEAD] = s[B] != LIVE && kind == BEFORE || s[A_X] != LIVE && kind == APPENDED ? 1 : 0;
      n[C_DEAD] |= s[A_Y] != LIVE && kind == APPENDED ? 2 : 0;
      n[C_SLOT] = s[THROUGH];
      long first = Appends.first(manifest(s));
      // The end of the object before the place of an append is the LSN right below it.
      int below = first == Long.MAX_VALUE ? SLOTS : (int) (first >> WalLayout.LSN_SHIFT) - 1;
      n[C_AS_OF] = rule == Rule.NO_AS_OF ? s[THROUGH] : Math.min(s[THROUGH], below);
      next.accept(n);
    }

    /** Bits: keeps the tombstone of x, that of y, the delete by filter. */
    private void build(int[] s, Consumer<int[]> next) {
      int[] n = s.clone();
      n[COMPACTOR] = 2;
      int keeps = 0;
      if (s[C_KIND] == APPENDED) {
        boolean flushed = s[F_SLOT] > 0 && s[F_SLOT] < s[PLACE] && s[F] <= DEAD;
        keeps = flushed || counts(s, s[PLACE]) ? 1 : 0;
      } else if (s[C_KIND] == FLUSHED) {
        keeps = counts(s, s[F_SLOT]) || counted(s, A_X, s[F_SLOT]) ? 1 : 0;
        keeps |= s[Y_GONE] > s[C_AS_OF] || counted(s, A_Y, s[Y_GONE]) ? 2 : 0;
        keeps |= s[FILTER] > s[C_AS_OF] || counted(s, A_X, s[FILTER]) ? 4 : 0;
      }
      n[C_KEEPS] = keeps;
      next.accept(n);
    }

    /** Whether a delete of x at a slot is kept: it is late, or the row of before may need it. */
    private static boolean counts(int[] s, int slot) {
      return slot > s[C_AS_OF] || s[B] <= DEAD && slot > s[B_AS_OF];
    }

    /** The same for a row of the append. */
    private static boolean counted(int[] s, int row, int slot) {
      return s[NAMED] != 0 && s[row] <= DEAD && slot > s[PLACE];
    }

    private void replace(int[] s, Consumer<int[]> next) {
      int[] n = moved(s);
      boolean left = false;
      if (s[C_KIND] == BEFORE && s[B] <= DEAD) {
        n[B] = s[C_DEAD] != 0 ? GONE : s[B];
        n[B_AS_OF] = s[C_AS_OF];
      } else if (s[C_KIND] == APPENDED) {
        boolean gone = (s[C_DEAD] & 1) != 0 && s[A_X] <= TOMBSTONE;
        n[A_X] = !gone ? s[A_X] : s[C_KEEPS] != 0 ? TOMBSTONE : GONE;
        n[A_Y] = (s[C_DEAD] & 2) != 0 ? GONE : s[A_Y];
        left = n[A_X] != s[A_X] && n[A_X] == GONE || n[A_Y] != s[A_Y];
      } else if (s[C_KIND] == FLUSHED
          && Math.max(s[F_SLOT], Math.max(s[Y_GONE], s[FILTER])) <= s[C_SLOT]) {
        if (s[F_SLOT] > 0 && s[F] != LIVE) {
          left = (s[C_KEEPS] & 1) == 0;
          n[F_SLOT] = left ? 0 : s[F_SLOT];
          n[F] = left ? 0 : TOMBSTONE;
          n[F_OF] = left ? 0 : s[F_OF];
        }
        left |= s[Y_GONE] > 0 && (s[C_KEEPS] & 2) == 0;
        n[Y_GONE] = (s[C_KEEPS] & 2) != 0 ? s[Y_GONE] : 0;
        left |= s[FILTER] > 0 && (s[C_KEEPS] & 4) == 0;
        n[FILTER] = (s[C_KEEPS] & 4) != 0 ? s[FILTER] : 0;
      }
      n[VOID] = left ? Math.max(s[VOID], s[C_AS_OF]) : s[VOID];
      for (int field = COMPACTOR; field < FIELDS; field++) {
        n[field] = 0;
      }
      next.accept(n);
    }

    @Override
    public String violation(int[] s) {
      if (s[NAMED] != 0 && s[DELETED] != 0) {
        return "a slab that is named is deleted";
      }
      int[] n = s.clone();
      for (int slot = s[THROUGH] + 1; slot <= end(s); slot++) {
        apply(n, slot);
      }
      int live = n[F_SLOT] > 0 && n[F] == LIVE ? 1 : 0;
      live += (n[NAMED] != 0 && n[A_X] == LIVE ? 1 : 0) + (n[B] == LIVE ? 1 : 0);
      if (live > 1) {
        return "x is there twice";
      }
      int expected = expected(s);
      boolean y = n[NAMED] != 0 && n[A_Y] == LIVE;
      if (visible(n) != expected || y != expectedY(s)) {
        return "readers see another state";
      }
      return provedX(s) == expected && provedY(s) == y ? null : "slabs and log prove another state";
    }

    /** What a log says that has the rows of the append in their place. */
    private static int expected(int[] s) {
      int x = OF_BEFORE;
      for (int slot = 1; slot <= end(s); slot++) {
        if (s[NAMED] != 0 && slot == s[PLACE]) {
          x = slot * 3 + OF_APPENDED;
        }
        x = after(s, slot, x, s[PLACE]);
      }
      return x;
    }

    private static int after(int[] s, int slot, int x, int place) {
      return switch (s[LOG + slot]) {
        case UPSERT_X -> slot * 3 + OF_ITSELF;
        case DELETE_X -> ABSENT;
        case UPDATE_X -> x == ABSENT ? ABSENT : slot * 3 + x % 3;
        case DELETE_BY_FILTER -> x == place * 3 + OF_APPENDED ? ABSENT : x;
        default -> x;
      };
    }

    private static boolean expectedY(int[] s) {
      boolean y = false;
      for (int slot = 1; slot <= end(s); slot++) {
        y = s[NAMED] != 0 && slot == s[PLACE] || y && s[LOG + slot] != DELETE_Y;
      }
      return y;
    }

    /** By section 10 of the specification: no dead rows, and of the log what is not flushed. */
    private static int provedX(int[] s) {
      int lsn = -1;
      int x = ABSENT;
      if (s[B] <= DEAD) {
        lsn = 0;
        x = OF_BEFORE;
      }
      if (s[NAMED] != 0 && s[A_X] < GONE && s[PLACE] > lsn) {
        lsn = s[PLACE];
        boolean row = s[A_X] <= DEAD && s[FILTER] < s[PLACE];
        x = row ? s[PLACE] * 3 + OF_APPENDED : ABSENT;
      }
      if (s[F_SLOT] > Math.max(lsn, 0)) {
        x = s[F] == TOMBSTONE ? ABSENT : s[F_SLOT] * 3 + s[F_OF];
      }
      for (int slot = s[THROUGH] + 1; slot <= end(s); slot++) {
        x = after(s, slot, x, s[PLACE]);
      }
      return x;
    }

    private static boolean provedY(int[] s) {
      boolean y = s[NAMED] != 0 && s[A_Y] <= DEAD && s[Y_GONE] < s[PLACE];
      for (int slot = s[THROUGH] + 1; slot <= end(s); slot++) {
        y &= s[LOG + slot] != DELETE_Y;
      }
      return y;
    }

    @Override
    public String describe(int[] s) {
      return java.util.Arrays.toString(s);
    }
  }

  private static StateExplorer.Result explore(Rule rule, int slots, int writes) {
    long start = System.nanoTime();
    StateExplorer.Result result = StateExplorer.explore(new Protocol(rule, slots, writes));
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
    assertNull(explore(Rule.FULL, SLOTS, 2).violation());
  }
}
