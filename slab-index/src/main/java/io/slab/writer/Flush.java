package io.slab.writer;

import io.slab.error.CorruptException;
import io.slab.format.LedgerSum;
import io.slab.format.SlabTombstones;
import io.slab.manifest.LedgerRule;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.MemRow;
import io.slab.memtable.MemRows;
import io.slab.model.Limits;
import io.slab.model.RangeTombstone;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.namespace.CommitOutcome;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.StateSlab;
import java.util.ArrayList;
import java.util.List;

/**
 * One attempt to turn the memtable of a state into slabs: writes the slabs and deletion vectors
 * first and then the manifest that names them, so that a crash anywhere before leaves nothing but
 * files that no manifest names. One thread only.
 */
public final class Flush {
  private boolean filesGone;
  private final NamespaceHandle namespace;
  private final NamespaceState state;
  private final Ulid attempt;
  private final boolean beginsAppend;
  private final List<SlabEntry> written = new ArrayList<>();
  private final List<String> files = new ArrayList<>();

  public Flush(NamespaceHandle namespace, NamespaceState state) {
    this(namespace, state, false);
  }

  /**
   * @param beginsAppend true when the state ends with the place of rows that are named later: these
   *     are taken no account of, and a slab of deletes says that the log before is in slabs
   */
  Flush(NamespaceHandle namespace, NamespaceState state, boolean beginsAppend) {
    this.namespace = namespace;
    this.state = state;
    this.attempt = namespace.environment().newId();
    this.beginsAppend = beginsAppend;
  }

  /**
   * Writes and commits.
   *
   * @return the new manifest, or null when another process committed first, or gc took what was
   *     written; the rest of it is deleted again then
   */
  public NamespaceManifest run() {
    NamespaceManifest next = next(NamespaceManifest.FLUSH, attempt);
    return commit(next, List.of()) == CommitOutcome.COMMITTED ? next : null;
  }

  /**
   * Writes the slabs and deletion vectors, and makes the manifest that names them.
   *
   * @param operation of the manifest
   * @param commit of the manifest
   */
  NamespaceManifest next(String operation, Ulid commit) {
    List<SlabEntry> slabs = slabs(state.manifest().id() + 1);
    Edit edit =
        new Edit(operation, false, state.lastLsn(), state.applied(), slabs, state.sinceFlush());
    return state.manifest().next(commit, namespace.environment().now(), Version.PROGRAM, edit);
  }

  /**
   * Commits that manifest; when that is lost, what was written for it is deleted again.
   *
   * @param built full names of further new files that it names, which stay in any case
   */
  CommitOutcome commit(NamespaceManifest next, List<String> built) {
    List<String> own = new ArrayList<>(files);
    own.addAll(built);
    CommitOutcome outcome = namespace.commit(next, own);
    filesGone = outcome == CommitOutcome.FILES_GONE;
    if (outcome != CommitOutcome.COMMITTED) {
      // Proved lost, or never tried: no manifest names these files and none ever will.
      discard();
    }
    return outcome;
  }

  /** True when gc took, or condemned, files of it before they could be named. */
  boolean filesGone() {
    return filesGone;
  }

  /**
   * Deletes what was written, when it is proved that no manifest names it. What was written last
   * goes first: it may say that the log is in the slabs before it.
   */
  void discard() {
    files.reversed().forEach(namespace.store()::delete);
  }

  /**
   * Writes what the state has beyond its manifest.
   *
   * @param manifest number of the one that is going to name it
   * @return all slabs of the state
   */
  List<SlabEntry> slabs(long manifest) {
    state.resolve();
    SlabTombstones deleted = FlushedDeletes.of(state, asOf());
    List<MemRow> rows = state.memtable().rows();
    writeSlabs(rows, deleted);
    if (beginsAppend) {
      writeTrace();
    }
    requireConserved(rows);
    List<SlabEntry> slabs = new ArrayList<>();
    for (StateSlab slab : state.slabs()) {
      // What a delete of everything is later than is not named any more; gc removes the file.
      if (!FlushedDeletes.deleteAll(deleted, slab.entry())) {
        slabs.add(
            slab.changed() ? slab.entry().withDeletes(deletes(slab, manifest)) : slab.entry());
      }
    }
    slabs.addAll(written);
    return slabs;
  }

  private long asOf() {
    return beginsAppend ? state.lastLsn() - 1 : state.lastLsn();
  }

  /** The slabs that were written. */
  public List<SlabEntry> written() {
    return written;
  }

  private void writeSlabs(List<MemRow> rows, SlabTombstones deleted) {
    if (rows.isEmpty()) {
      if (!deleted.isEmpty()) {
        writeSlab(rows, deleted);
      }
      return;
    }
    long limit = state.manifest().threshold(Thresholds.SLAB_ROWS, Limits.MAX_MEMTABLE_RECORDS);
    List<RowRanges.Range> even = RowRanges.even(rows.size(), Math.ceilDiv(rows.size(), limit));
    for (RowRanges.Range range : RowRanges.cut(even, new MemRows(rows), namespace.spec())) {
      byte[] from = range.from() == 0 ? null : rows.get(range.from()).idBytes();
      byte[] below = range.to() == rows.size() ? null : rows.get(range.to()).idBytes();
      writeSlab(rows.subList(range.from(), range.to()), deleted.part(from, below));
    }
  }

  /** Says, after the slabs that it needs are there, that the log before the append is in slabs. */
  private void writeTrace() {
    List<RangeTombstone> trace = new ArrayList<>();
    if (state.slabs().isEmpty() && written.isEmpty()) {
      // Nothing was alive then.
      trace.add(RangeTombstone.all(state.lastLsn()));
    }
    trace.add(RangeTombstone.flushed(state.lastLsn()));
    writeSlab(List.of(), new SlabTombstones(List.of(), trace, asOf()));
  }

  /** Compares the memtable with its slabs, which no manifest names yet. */
  private void requireConserved(List<MemRow> rows) {
    try {
      LedgerRule.require(
          "a flush of '" + namespace.names().namespace() + "'",
          written,
          LedgerSum.of(new MemRows(rows)),
          "that of the memtable");
    } catch (CorruptException e) {
      discard();
      throw e;
    }
  }

  private void writeSlab(List<MemRow> rows, SlabTombstones deleted) {
    SlabEntry slab =
        new SlabWriter(namespace).write(0, List.of(), deleted, new MemRows(rows), () -> false);
    files.add(namespace.names().slab(slab.id()));
    written.add(slab);
  }

  private SlabDeletes deletes(StateSlab slab, long manifest) {
    return DeletesWriter.write(
        namespace, slab.entry().id(), manifest, attempt, slab.dead(), files::add);
  }
}
