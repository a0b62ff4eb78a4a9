package io.slab.manifest;

import static io.slab.manifest.AppendState.*;

/** What readers of a state of the model of an append see, should see, and can prove. */
final class AppendReader {
  private AppendReader() {}

  /** What is wrong with a state; null when nothing is. */
  static String violation(int[] s) {
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
}
