package io.slab.manifest;

import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.model.Ulid;
import io.slab.wal.WalLayout;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * A state of the model of an append: one whole number for each of its fields, and what an object of
 * the log, a flush and a commit do to it.
 */
final class AppendState {
  private static final String FILE = NamespaceNames.slabFile(Ulid.of(1, 0, 7));
  private static final NamespaceNames NAMES = new NamespaceNames("ns");

  /** Objects of the log that there may be. */
  static final int SLOTS = 6;

  // Objects of the log.
  static final int RESERVATION = 1;
  static final int UPSERT_X = 2;
  static final int DELETE_X = 3;
  static final int UPDATE_X = 4;
  static final int DELETE_Y = 5;
  static final int DELETE_BY_FILTER = 6;

  // What is left of a row.
  static final int LIVE = 0;
  static final int DEAD = 1;
  static final int TOMBSTONE = 2;
  static final int GONE = 3;

  // Where the appender is.
  static final int RESERVE = 0;
  static final int BEGIN = 1;
  static final int LOOK = 2;
  static final int RESERVE_AGAIN = 3;
  static final int COMMIT = 4;
  static final int ENDED = 5;

  // What the compactor rewrites.
  static final int BEFORE = 0;
  static final int APPENDED = 1;
  static final int FLUSHED = 2;

  // Fields.
  static final int LOG = 0;
  static final int THROUGH = LOG + SLOTS + 1;
  static final int BEGUN = THROUGH + 1;
  static final int NO_MORE = BEGUN + 1;
  static final int NAMED = NO_MORE + 1;
  static final int PLACE = NAMED + 1;

  /** The row x of before, and the LSN up to which its slab takes account of writes. */
  static final int B = PLACE + 1;

  static final int B_AS_OF = B + 1;
  static final int A_X = B_AS_OF + 1;
  static final int A_Y = A_X + 1;

  /** The newest flushed version of x: its slot, what it is, and what an update made it of. */
  static final int F_SLOT = A_Y + 1;

  static final int F = F_SLOT + 1;
  static final int F_OF = F + 1;
  static final int Y_GONE = F_OF + 1;
  static final int FILTER = Y_GONE + 1;

  /** A compaction made slabs void up to this LSN that it does not know. */
  static final int VOID = FILTER + 1;

  static final int CONDEMNED = VOID + 1;
  static final int DELETED = CONDEMNED + 1;
  static final int WRITTEN = DELETED + 1;
  static final int APPENDER = WRITTEN + 1;
  static final int A_FRESH = APPENDER + 1;

  /** Dead rows as they were worked out first: of the rows of before, flushed, appended. */
  static final int A_DEAD = A_FRESH + 1;

  static final int FLUSHER = A_DEAD + 1;
  static final int COMPACTOR = FLUSHER + 1;
  static final int C_KIND = COMPACTOR + 1;
  static final int C_DEAD = C_KIND + 1;
  static final int C_AS_OF = C_DEAD + 1;
  static final int C_SLOT = C_AS_OF + 1;
  static final int C_KEEPS = C_SLOT + 1;
  static final int FIELDS = C_KEEPS + 1;

  /** Values of x: absent, or slot * 3 + what it was made of. */
  static final int ABSENT = -1;

  static final int OF_ITSELF = 0;
  static final int OF_BEFORE = 1;
  static final int OF_APPENDED = 2;

  private AppendState() {}

  static int end(int[] s) {
    int end = SLOTS;
    while (end > 0 && s[LOG + end] == 0) {
      end--;
    }
    return end;
  }

  /** A manifest is committed: who read the one before loses. */
  static int[] moved(int[] s) {
    int[] n = s.clone();
    n[A_FRESH] = 0;
    n[FLUSHER] = 0;
    return n;
  }

  static void flush(int[] n, int through) {
    for (int slot = n[THROUGH] + 1; slot <= through; slot++) {
      apply(n, slot);
    }
    n[THROUGH] = through;
  }

  /** What an object of the log does to a state. */
  static void apply(int[] n, int slot) {
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

  static void newest(int[] n, int slot, int what, int of) {
    n[B] = n[B] == LIVE ? DEAD : n[B];
    n[A_X] = n[NAMED] != 0 && n[A_X] == LIVE ? DEAD : n[A_X];
    n[F_SLOT] = slot;
    n[F] = what;
    n[F_OF] = of;
  }

  static int visible(int[] n) {
    if (n[F_SLOT] > 0 && n[F] == LIVE) {
      return n[F_SLOT] * 3 + n[F_OF];
    }
    if (n[NAMED] != 0 && n[A_X] == LIVE) {
      return n[PLACE] * 3 + OF_APPENDED;
    }
    return n[B] == LIVE ? OF_BEFORE : ABSENT;
  }

  static NamespaceManifest manifest(int[] s) {
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

  static boolean mayName(int[] s) {
    String file = NAMES.folder() + FILE;
    Set<String> there = s[DELETED] != 0 ? Set.of() : Set.of(file);
    return CommitRules.mayName(manifest(s), NAMES, List.of(file), there);
  }
}
