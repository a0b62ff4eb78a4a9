package io.slab.manifest;

import io.slab.manifest.NamespaceManifest.Change;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.model.Ulid;

/**
 * The decisions of the commit protocol (spec/index.md, "Commit protocol", rule 2) as pure functions
 * of the newest manifest, shared by the code and by the exhaustive state explorations among its
 * tests.
 *
 * <p>Why a successful create is not enough: gc frees the names of old objects, so a writer that
 * stalled long enough can create a name that was used before. Such an object lies below the newest
 * one and nobody will ever read it. A manifest remembers which commits were real.
 */
public final class CommitRules {
  /** What became of an attempt to commit. */
  public enum Fate {
    /** It took effect. */
    COMMITTED,
    /** It did not and never will. */
    LOST,
    /** The slot was never freed: the object that was in it before the manifest was read decides. */
    LOOK,
    /** The history does not reach back far enough to tell. */
    UNKNOWN
  }

  private CommitRules() {}

  /**
   * The fate of manifest {@code id} made by {@code commit}, after its create answered "created"
   * with newer manifests listed, or "exists", or nothing at all.
   */
  public static Fate manifest(NamespaceManifest newest, long id, Ulid commit) {
    for (Change change : newest.history()) {
      if (change.commit().equals(commit)) {
        return Fate.COMMITTED;
      }
    }
    if (id > newest.id()) {
      return Fate.LOOK;
    }
    return newest.history().getFirst().id() <= id ? Fate.LOST : Fate.UNKNOWN;
  }

  /** The fate of WAL object {@code sequence} made by {@code commit}, after the same answers. */
  public static Fate wal(NamespaceManifest newest, long sequence, Ulid commit) {
    if (sequence > newest.walFlushedThrough()) {
      return Fate.LOOK;
    }
    for (WalCommit flushed : newest.walHistory()) {
      if (flushed.commit().equals(commit)) {
        return Fate.COMMITTED;
      }
    }
    return newest.walHistory().getFirst().sequence() <= sequence ? Fate.LOST : Fate.UNKNOWN;
  }
}
