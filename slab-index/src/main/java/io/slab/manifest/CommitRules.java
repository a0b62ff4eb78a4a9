package io.slab.manifest;

import io.slab.manifest.NamespaceManifest.Change;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.model.Ulid;
import io.slab.wal.WalLayout;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The decisions of the commit protocol (spec/index.md, "Commit protocol", rules 2 and 4) as pure
 * functions of the newest manifest, shared by the code and by the exhaustive state explorations
 * among its tests.
 *
 * <p>Why a successful create is not enough: gc frees the names of old objects, so a writer that
 * stalled long enough can create a name that was used before. Such an object lies below the newest
 * one and no reader will ever come to it. A manifest remembers which commits were real.
 */
public final class CommitRules {
  /** What became of an attempt to commit. */
  public enum CommitState {
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
   * What became of manifest {@code id} made by {@code commit}, after its create answered "created"
   * with newer manifests listed, or "exists", or nothing at all.
   */
  public static CommitState manifest(NamespaceManifest newest, long id, Ulid commit) {
    for (Change change : newest.history()) {
      if (change.commit().equals(commit)) {
        return CommitState.COMMITTED;
      }
    }
    if (id > newest.id()) {
      return CommitState.LOOK;
    }
    return newest.history().getFirst().id() <= id ? CommitState.LOST : CommitState.UNKNOWN;
  }

  /** What became of WAL object {@code sequence} made by {@code commit}, after the same answers. */
  public static CommitState wal(NamespaceManifest newest, long sequence, Ulid commit) {
    if (sequence > newest.walFlushedThrough()) {
      return CommitState.LOOK;
    }
    for (WalCommit flushed : newest.walHistory()) {
      if (flushed.commit().equals(commit)) {
        return CommitState.COMMITTED;
      }
    }
    return newest.walHistory().getFirst().sequence() <= sequence
        ? CommitState.LOST
        : CommitState.UNKNOWN;
  }

  /**
   * True when a manifest may be committed as far as its writer's own files go: none of them is
   * condemned, and all are there. Gc deletes nothing that no committed manifest condemns, and takes
   * a name from the list only when the file is gone, so a file that passes cannot be deleted before
   * the manifest that names it is in its slot.
   *
   * @param next made from the newest manifest, whose condemned files it has
   * @param own full names of files that the writer made for it
   * @param there full names of files listed after the newest manifest was read
   */
  public static boolean mayName(
      NamespaceManifest next, NamespaceNames names, Collection<String> own, Set<String> there) {
    Set<String> condemned = new HashSet<>();
    next.condemned().forEach(file -> condemned.add(names.folder() + file));
    return there.containsAll(own) && own.stream().noneMatch(condemned::contains);
  }

  /**
   * True when a slab that the newest manifest does not name proves that a newer manifest is lost:
   * it holds writes that no manifest calls flushed and that are not in the log either.
   *
   * @param newest read after the log was listed, and the log after the slabs
   * @param lsnMax largest LSN of the slab
   * @param log numbers of the log objects that are there
   */
  public static boolean provesLoss(NamespaceManifest newest, long lsnMax, Set<Long> log) {
    return lsnMax > newest.lsnFlushed() && !log.contains(lsnMax >>> WalLayout.LSN_SHIFT);
  }
}
