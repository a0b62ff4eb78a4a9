package io.slab.compaction;

import io.slab.error.MissingException;
import io.slab.format.SlabView;
import io.slab.manifest.Appends;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.CommitRules;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.namespace.CommitOutcome;
import io.slab.namespace.NamespaceHandle;
import io.slab.writer.CommitResult;
import io.slab.writer.CommitResult.State;
import io.slab.writer.DeletesWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Commits a manifest in which the slabs of a compaction take the place of its inputs, in the
 * process that built them or in another one. Rows that died since are found again by their ids and
 * die in the outputs; when another compaction took an input away this one gives up. It deletes no
 * slab, because another process may be committing the same ones. One thread only.
 */
final class CompactionCommit {
  /** Operations of manifests after which rows may live that were dead before. */
  private static final Set<String> REVIVES =
      Set.of(NamespaceManifest.RESTORE, NamespaceManifest.REPAIR);

  /** Operations that take no slab out of a manifest unless its rows are all dead. */
  private static final Set<String> KEEPING =
      Set.of(
          NamespaceManifest.FLUSH,
          "configure",
          NamespaceManifest.CHECKPOINT,
          NamespaceManifest.GC,
          NamespaceManifest.SEAL);

  private final NamespaceHandle namespace;
  private final BuiltSlabs built;
  private final boolean sole;
  private final List<String> files;

  /**
   * @param sole true when no other process has the description, and every attempt of this one is
   *     proved lost
   */
  CompactionCommit(NamespaceHandle namespace, BuiltSlabs built, boolean sole) {
    this.namespace = namespace;
    this.built = built;
    this.sole = sole;
    this.files = built.slabs().stream().map(slab -> namespace.names().slab(slab.id())).toList();
  }

  CommitResult run() {
    built.requireConserved();
    while (true) {
      CommitResult result = attempt(namespace.requireNewest());
      if (result != null) {
        return result;
      }
    }
  }

  /** Null when another process was first. */
  private CommitResult attempt(NamespaceManifest newest) {
    long before = sole ? 0 : namespace.manifests().committedIn(newest, built);
    if (before > 0) {
      return CommitResult.committed(before);
    }
    List<SlabEntry> inputs = survivors(built.replaced(), built.base(), newest);
    if (inputs == null || revived(newest, inputs)) {
      return CommitResult.not(State.INPUTS_TAKEN);
    }
    // Before they are read, for rows that died meanwhile.
    if (newest.id() != built.base() && !namespace.mayName(newest, files)) {
      return gone(newest);
    }
    List<String> vectors = new ArrayList<>();
    List<SlabEntry> slabs;
    try {
      slabs = replaced(newest, inputs, vectors);
    } catch (MissingException e) {
      if (newest.id() == built.base()) {
        throw e;
      }
      // An input whose rows all died since, or what a still newer manifest replaced, is collected.
      discard(newest, vectors);
      return gone(newest);
    }
    NamespaceManifest next = next(newest, slabs);
    List<String> own = new ArrayList<>(files);
    own.addAll(vectors);
    CommitOutcome outcome = namespace.commit(next, own);
    if (outcome == CommitOutcome.COMMITTED) {
      return CommitResult.committed(
          sole ? next.id() : CommitResult.whereCommitted(namespace, built, next));
    }
    discard(newest, vectors);
    return outcome == CommitOutcome.LOST ? null : gone(newest);
  }

  /**
   * Files are gone; null to look again where another process may have committed them since the
   * manifest was read, and a later compaction may have replaced them.
   */
  private CommitResult gone(NamespaceManifest newest) {
    boolean moved = !sole && namespace.newest().id() != newest.id();
    return moved ? null : CommitResult.not(State.FILES_GONE);
  }

  private NamespaceManifest next(NamespaceManifest newest, List<SlabEntry> slabs) {
    Edit edit =
        new Edit(
            built.operation().label(),
            newest.deleted(),
            newest.lsnFlushed(),
            newest.walFlushedThrough(),
            slabs,
            List.of());
    return newest.next(built.commit(), namespace.environment().now(), Version.PROGRAM, edit);
  }

  /**
   * Deletes deletion vectors of an attempt. Another process with the same slabs may have made a
   * manifest that names the very same files, so they go only when that is disproved.
   */
  private void discard(NamespaceManifest newest, List<String> vectors) {
    if (vectors.isEmpty()) {
      return;
    }
    CommitRules.CommitState state =
        CommitRules.manifest(namespace.newest(), newest.id() + 1, built.commit());
    if (sole || state == CommitRules.CommitState.LOST) {
      vectors.forEach(namespace.store()::delete);
    }
  }

  /**
   * The inputs as the newest manifest has them, side by side and in order; null when another
   * compaction took one. A flush drops slabs that a delete of everything is later than, so without
   * a compaction since {@code base} a missing input is a dead one.
   */
  static List<SlabEntry> survivors(List<SlabEntry> planned, long base, NamespaceManifest newest) {
    List<Ulid> wanted = planned.stream().map(SlabEntry::id).toList();
    List<SlabEntry> inputs =
        newest.slabs().stream().filter(entry -> wanted.contains(entry.id())).toList();
    if (inputs.isEmpty() || (inputs.size() < wanted.size() && !noneTakenAway(base, newest))) {
      return null;
    }
    if (restored(base, newest)) {
      return null;
    }
    int at = newest.slabs().indexOf(inputs.getFirst());
    boolean together =
        at + inputs.size() <= newest.slabs().size()
            && newest.slabs().subList(at, at + inputs.size()).equals(inputs);
    return together ? inputs : null;
  }

  /**
   * True when an earlier state was brought back since: rows that the outputs leave out may live
   * again.
   */
  private static boolean restored(long base, NamespaceManifest newest) {
    return newest.history().stream()
        .anyMatch(c -> c.id() > base && REVIVES.contains(c.operation()));
  }

  /**
   * True when rows that the outputs leave out live again, as a restore so long ago makes them that
   * no history tells of it.
   */
  private boolean revived(NamespaceManifest newest, List<SlabEntry> inputs) {
    if (newest.history().getFirst().id() <= built.base() + 1) {
      return false;
    }
    Map<Ulid, SlabEntry> now = new LinkedHashMap<>();
    inputs.forEach(entry -> now.put(entry.id(), entry));
    for (SlabEntry planned : built.replaced()) {
      MutableRoaringBitmap left = Compaction.dropped(planned);
      if (now.containsKey(planned.id())) {
        left.andNot(namespace.dead(newest, now.get(planned.id())));
        if (!left.isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean noneTakenAway(long base, NamespaceManifest newest) {
    List<NamespaceManifest.Change> history = newest.history();
    return history.getFirst().id() <= base + 1
        && history.stream()
            .filter(change -> change.id() > base)
            .allMatch(change -> keeps(change.operation()));
  }

  private static boolean keeps(String operation) {
    return KEEPING.contains(operation) || Appends.isOne(operation);
  }

  private List<SlabEntry> replaced(
      NamespaceManifest newest, List<SlabEntry> inputs, List<String> vectors) {
    int at = newest.slabs().indexOf(inputs.getFirst());
    List<SlabEntry> slabs = new ArrayList<>(newest.slabs().subList(0, at));
    Map<Ulid, MutableRoaringBitmap> late = lateDeaths(newest, inputs);
    for (SlabEntry output : built.slabs()) {
      MutableRoaringBitmap dead = late.get(output.id());
      if (dead == null) {
        slabs.add(output);
      } else {
        SlabDeletes deletes =
            DeletesWriter.write(
                namespace, output.id(), newest.id() + 1, built.commit(), dead, vectors::add);
        slabs.add(output.withDeletes(deletes));
      }
    }
    slabs.addAll(newest.slabs().subList(at + inputs.size(), newest.slabs().size()));
    return slabs;
  }

  /** Rows of the inputs that died since the plan was made, as rows of the outputs. */
  private Map<Ulid, MutableRoaringBitmap> lateDeaths(
      NamespaceManifest newest, List<SlabEntry> inputs) {
    Map<Ulid, SlabEntry> now = new LinkedHashMap<>();
    inputs.forEach(entry -> now.put(entry.id(), entry));
    Map<Ulid, MutableRoaringBitmap> late = new LinkedHashMap<>();
    for (SlabEntry planned : built.replaced()) {
      MutableRoaringBitmap dead = new MutableRoaringBitmap();
      if (now.containsKey(planned.id())) {
        dead = namespace.dead(newest, now.get(planned.id()));
      } else {
        dead.add(0L, planned.rows());
      }
      dead.andNot(Compaction.dropped(planned));
      if (!dead.isEmpty()) {
        SlabView view = namespace.pool().acquire(planned);
        try {
          kill(view, dead, late);
        } finally {
          namespace.pool().release(planned.id());
        }
      }
    }
    return late;
  }

  private void kill(
      SlabView view, MutableRoaringBitmap dead, Map<Ulid, MutableRoaringBitmap> late) {
    for (IntIterator rows = dead.getIntIterator(); rows.hasNext(); ) {
      byte[] id = view.rowId(rows.next());
      boolean found = false;
      for (SlabEntry output : built.slabs()) {
        SlabView target = namespace.pool().acquire(output);
        try {
          int row = target.find(id);
          if (row >= 0) {
            late.computeIfAbsent(output.id(), o -> new MutableRoaringBitmap()).add(row);
            found = true;
            break;
          }
        } finally {
          namespace.pool().release(output.id());
        }
      }
      if (!found) {
        throw new IllegalStateException("a row of slab " + view.id() + " is in no output");
      }
    }
  }
}
