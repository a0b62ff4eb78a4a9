package io.slab.manifest;

import static io.slab.manifest.AppendState.*;

import io.slab.wal.WalLayout;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The model of an append beside a writer, a flusher, a compactor and gc.
 *
 * @param slots objects of the log that there may be
 * @param writes how often the writer writes
 */
record AppendProtocol(Rule rule, int slots, int writes) implements StateExplorer.Model {
  enum Rule {
    /** Dead rows are worked out once, and not again when the manifest moved. */
    ONCE,
    /** Updates that were flushed are not looked for. */
    NO_UPDATES,
    /** Compactions know nothing of appends. */
    NO_AS_OF,
    /** Appends do not look for what gc condemned. */
    NO_GC,
    FULL
  }

  @Override
  public int[] widths() {
    int[] widths = new int[FIELDS];
    Arrays.fill(widths, 1);
    for (int slot = 0; slot <= SLOTS; slot++) {
      widths[LOG + slot] = 3;
    }
    for (int three :
        new int[] {
          THROUGH, PLACE, B_AS_OF, F_SLOT, Y_GONE, FILTER, VOID, APPENDER, FLUSHER, C_AS_OF, C_SLOT,
          C_KEEPS
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
    new AppendCompactor(rule).steps(s, next);
    collector(s, next);
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

  @Override
  public String violation(int[] s) {
    return AppendReader.violation(s);
  }

  @Override
  public String describe(int[] s) {
    return Arrays.toString(s);
  }
}
