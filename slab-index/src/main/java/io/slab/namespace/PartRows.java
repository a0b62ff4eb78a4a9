package io.slab.namespace;

import io.slab.error.ConflictException;
import io.slab.error.OnFailure;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.format.SlabInput;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.manifest.SnapshotPart;
import io.slab.memtable.MemRows;
import io.slab.snapshot.LiveRows;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.NamespaceState;
import io.slab.snapshot.PooledSlab;
import io.slab.snapshot.Snapshot;
import io.slab.wal.WalObject;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Divides a snapshot into parts, and reads a part, in the process that took the snapshot or in
 * another one. Thread-safe.
 */
public final class PartRows {
  private final NamespaceHandle namespace;

  public PartRows(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /** The parts of a snapshot that have live rows; together they have each of its records once. */
  public static List<SnapshotPart> of(Snapshot snapshot) {
    return of(snapshot, new Filter.All());
  }

  /** The same without slabs of which the manifest tells that none of their rows matches. */
  public static List<SnapshotPart> of(Snapshot snapshot, Filter filter) {
    List<SnapshotPart> parts = new ArrayList<>();
    for (LiveSlab slab : snapshot.slabs()) {
      if (!slab.mayMatch(filter)) {
        continue;
      }
      SlabEntry entry = slab.entry().withDeletes(inline(slab.dead()));
      parts.add(part(snapshot, entry.liveRows(), entry));
    }
    if (!snapshot.memtable().isEmpty()) {
      parts.add(part(snapshot, snapshot.memtable().size(), null));
    }
    return parts;
  }

  private static SnapshotPart part(Snapshot snapshot, long rows, SlabEntry slab) {
    NamespaceManifest manifest = snapshot.manifest();
    return new SnapshotPart(
        manifest.namespace(), manifest.id(), manifest.commit(), snapshot.walApplied(), rows, slab);
  }

  private static SlabDeletes inline(ImmutableRoaringBitmap dead) {
    return dead.isEmpty()
        ? SlabDeletes.NONE
        : new SlabDeletes(dead.getLongCardinality(), DeletionVector.encode(dead), null);
  }

  /**
   * Reads a part: its slab with ordinary reads, every byte checked, or its records from the log.
   *
   * @return in the order of the part: of a slab with cells it is not that of the ids; close it
   * @throws io.slab.error.MissingException when gc took what the part is made of
   * @throws ConflictException when the part is of another index
   */
  public SlabInput.Cursor open(SnapshotPart part) {
    return open(part, new Filter.All(), 0, 1);
  }

  /**
   * The same of the rows that match a filter, or of a piece of them.
   *
   * @param piece which one, from 0
   * @param pieces into how many the rows of a slab are divided; the log is all in the first
   */
  public SlabInput.Cursor open(SnapshotPart part, Filter filter, int piece, int pieces) {
    if (piece < 0 || piece >= pieces) {
      throw new IllegalArgumentException("piece " + piece + " of " + pieces);
    }
    if (!part.namespace().equals(namespace.names().namespace())) {
      throw new IllegalArgumentException("a part of the namespace '" + part.namespace() + "'");
    }
    return namespace.read(() ->
        part.slab() != null
            ? slab(part.slab(), filter, piece, pieces)
            : piece == 0 ? unflushed(part, filter) : new MemRows(List.of()).open());
  }

  private SlabInput.Cursor slab(SlabEntry entry, Filter filter, int piece, int pieces) {
    SlabDeletes deletes = entry.deletes();
    MutableRoaringBitmap dead =
        deletes.cardinality() == 0
            ? new MutableRoaringBitmap()
            : DeletionVector.decode(
                "dead rows of slab " + entry.id(),
                deletes.inline(),
                entry.rows(),
                deletes.cardinality());
    PooledSlab slab = namespace.pool().unmapped(entry);
    // Opened now, so that a slab that is gone is reported here.
    return OnFailure.undo(
        slab::release,
        () -> {
          slab.lsn(0);
          leaveOut(dead, slab, filter);
          dead.add(0L, (long) entry.rows() * piece / pieces);
          dead.add((long) entry.rows() * (piece + 1) / pieces, entry.rows());
          return new LiveRows(slab, dead, slab::release);
        });
  }

  /** Rows that do not match are passed over as dead ones are. */
  private static void leaveOut(MutableRoaringBitmap dead, PooledSlab slab, Filter filter) {
    if (!(filter instanceof Filter.All)) {
      MutableRoaringBitmap others = new MutableRoaringBitmap();
      others.add(0L, slab.rows());
      others.andNot(slab.matching(filter));
      dead.or(others);
    }
  }

  private SlabInput.Cursor unflushed(SnapshotPart part, Filter filter) {
    NamespaceManifest manifest = namespace.manifests().read(part.manifest());
    if (!manifest.commit().equals(part.commit())) {
      throw new ConflictException(
          "manifest " + part.manifest() + " is another one than that of the part",
          "the part was made of another index; take a snapshot of this one");
    }
    NamespaceState state = namespace.at(manifest);
    try {
      for (WalObject object : namespace.wal().readAfter(state.applied(), state.lastCommit())) {
        if (object.sequence() > part.walApplied()) {
          break;
        }
        state.apply(namespace.wal().name(object.sequence()), object);
      }
      return new MemRows(
              state.memtable().rows().stream()
                  .filter(row -> FilterEvaluator.matches(filter, row.record().metadata()))
                  .toList())
          .open();
    } finally {
      namespace.release(state);
    }
  }
}
