package io.slab.manifest;

import static io.slab.manifest.AppendState.*;

import io.slab.manifest.AppendProtocol.Rule;
import io.slab.wal.WalLayout;
import java.util.function.Consumer;

/** The compactor in the model of an append. It takes the slabs of one kind at a time. */
record AppendCompactor(Rule rule) {
  /** It plans, leaves out deletes by what the newest manifest names, and commits. */
  void steps(int[] s, Consumer<int[]> next) {
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
}
