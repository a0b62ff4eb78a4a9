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
  private final Ulid commit;
  private final List<SlabEntry> written = new ArrayList<>();
  private final List<String> files = new ArrayList<>();

  public Flush(NamespaceHandle namespace, NamespaceState state) {
    this.namespace = namespace;
    this.state = state;
    this.commit = namespace.environment().newId();
  }

  /**
   * Writes and commits.
   *
   * @return the new manifest, or null when another process committed first, or gc took what was
   *     written; the rest of it is deleted again then
   */
  public NamespaceManifest run() {
    List<SlabEntry> slabs = slabs(state.manifest().id() + 1);
    Edit edit =
        new Edit(
            NamespaceManifest.FLUSH,
            false,
            state.lastLsn(),
            state.applied(),
            slabs,
            state.sinceFlush());
    NamespaceManifest manifest =
        state.manifest().next(commit, namespace.environment().now(), Version.PROGRAM, edit);
    CommitOutcome outcome = namespace.commit(manifest, files);
    if (outcome == CommitOutcome.COMMITTED) {
      return manifest;
    }
    filesGone = outcome == CommitOutcome.FILES_GONE;
    // Proved lost, or never tried: no manifest names these files and none ever will.
    discard();
    return null;
  }

  /** True when gc took, or condemned, files of it before they could be named. */
  boolean filesGone() {
    return filesGone;
  }

  /** Deletes what was written, when it is proved that no manifest names it. */
  void discard() {
    files.forEach(namespace.store()::delete);
  }

  /**
   * Writes what the state has beyond its manifest.
   *
   * @param manifest number of the one that is going to name it
   * @return all slabs of the state
   */
  List<SlabEntry> slabs(long manifest) {
    state.resolve();
    SlabTombstones deleted = FlushedDeletes.of(state);
    writeSlabs(deleted);
    requireConserved();
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

  /** The slabs that were written. */
  public List<SlabEntry> written() {
    return written;
  }

  private void writeSlabs(SlabTombstones deleted) {
    List<MemRow> rows = state.memtable().rows();
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

  /** Compares the memtable with its slabs, which no manifest names yet. */
  private void requireConserved() {
    try {
      LedgerRule.require(
          "a flush of '" + namespace.names().namespace() + "'",
          written,
          LedgerSum.of(new MemRows(state.memtable().rows())),
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
        namespace, slab.entry().id(), manifest, commit, slab.dead(), files::add);
  }
}
