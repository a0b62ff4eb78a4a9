package io.slab.writer;

import io.slab.bytes.XxHash64;
import io.slab.error.MissingException;
import io.slab.filter.FilterParser;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.format.SlabView;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.WriteOp;
import io.slab.model.RangeTombstone;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.PooledSlab;
import io.slab.store.Together;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Which rows die when an append is committed: older rows of its ids, and rows of its own of which a
 * slab has something later. Each slab of a manifest is compared once, however often the manifest
 * moves. One thread only.
 */
final class AppendDeaths implements AutoCloseable {
  /** Ids that are looked for in a remote slab after one request for what finding them reads. */
  private static final int AHEAD = 4_096;

  private final NamespaceHandle namespace;
  private final BuiltSlabs built;
  private final List<PooledSlab> own = new ArrayList<>();
  private final Map<Ulid, MutableRoaringBitmap> dead = new HashMap<>();
  private final Set<Ulid> seen = new HashSet<>();

  /** The log up to this object has no update that the rows would have missed. */
  private long looked;

  private Ulid lookedCommit;

  AppendDeaths(NamespaceHandle namespace, BuiltSlabs built) {
    this.namespace = namespace;
    this.built = built;
    looked = built.lsn() >>> WalLayout.LSN_SHIFT;
    lookedCommit = built.reservation();
    built.slabs().forEach(slab -> own.add(namespace.pool().acquire(slab)));
  }

  /** The dead rows by slab; of the append's own slabs too. */
  Map<Ulid, MutableRoaringBitmap> dead() {
    return dead;
  }

  @Override
  public void close() {
    own.forEach(slab -> namespace.pool().release(slab.id()));
  }

  /**
   * Looks at what a manifest names that was not looked at before.
   *
   * @return false when the rows cannot be there any more: everything was deleted since, or records
   *     were updated, as the flushed log tells, that are other ones now
   * @throws io.slab.error.MissingException when a slab is not there any more
   */
  boolean follow(NamespaceManifest newest) {
    if (missesAnUpdate(newest)) {
      return false;
    }
    for (SlabEntry slab : newest.slabs()) {
      if (!seen.contains(slab.id())) {
        if (!compare(slab)) {
          return false;
        }
        seen.add(slab.id());
      }
    }
    return true;
  }

  /**
   * True when an update was flushed that would have changed a row of the append: what it changed is
   * the record of before. What is not flushed yet is applied to the rows.
   */
  private boolean missesAnUpdate(NamespaceManifest newest) {
    try {
      return namespace
          .wal()
          .anyBetween(looked, lookedCommit, newest.walFlushedThrough(), this::updates);
    } catch (MissingException e) {
      // Collected, so that it cannot be told.
      return true;
    }
  }

  private boolean updates(WalObject object) {
    String name = namespace.wal().name(object.sequence());
    for (WriteOp op : DecodedBatch.of(name, object, namespace.spec()).ops()) {
      if (op instanceof WriteOp.UpdateByFilter
          || op instanceof WriteOp.PartialUpdate update && owns(Utf8.bytes(update.id()))) {
        return true;
      }
    }
    looked = object.sequence();
    lookedCommit = object.commit();
    return false;
  }

  private boolean owns(byte[] id) {
    long hash = XxHash64.hash(id);
    return own.stream().anyMatch(slab -> slab.find(id, hash) >= 0);
  }

  /** False when everything was deleted after the rows. */
  private boolean compare(SlabEntry slab) {
    PooledSlab view = namespace.pool().acquire(slab);
    try {
      if (slab.lsnMax() > built.lsn() && slab.tombstones() > 0 && !bury(view.tombstones())) {
        return false;
      }
      for (PooledSlab mine : slab.rows() == 0 ? List.<PooledSlab>of() : own) {
        boolean fewer = mine.rows() <= slab.rows();
        compare(fewer ? mine : view, fewer ? view : mine);
      }
      return true;
    } finally {
      namespace.pool().release(slab.id());
    }
  }

  /** Looks for the ids of a slab in another one; one of the two is the append's. */
  private void compare(PooledSlab few, PooledSlab many) {
    if (few.isRemote()) {
      few.ahead().idTable().run();
    }
    List<byte[]> ids = new ArrayList<>();
    for (int rank = 0; rank < few.rows(); rank++) {
      ids.add(few.idAt(rank));
      if (ids.size() == AHEAD || rank + 1 == few.rows()) {
        compare(few, rank + 1 - ids.size(), ids, many);
        ids.clear();
      }
    }
  }

  private void compare(PooledSlab few, int firstRank, List<byte[]> ids, PooledSlab many) {
    if (many.isRemote()) {
      Together.run(List.of(() -> many.ahead().find(ids).run()));
    }
    for (int i = 0; i < ids.size(); i++) {
      int row = many.find(ids.get(i), XxHash64.hash(ids.get(i)));
      if (row >= 0) {
        older(few, few.rowAt(firstRank + i), many, row);
      }
    }
  }

  /** Of two rows of one id the older one dies. */
  private void older(SlabView a, int rowOfA, SlabView b, int rowOfB) {
    boolean first = a.lsn(rowOfA) < b.lsn(rowOfB);
    kill(first ? a : b, first ? rowOfA : rowOfB);
  }

  private void kill(SlabView slab, int row) {
    dead.computeIfAbsent(slab.id(), id -> new MutableRoaringBitmap()).add(row);
  }

  /** Kills own rows to which deletes apply that are later; false for a delete of everything. */
  private boolean bury(SlabTombstones deletes) {
    for (RangeTombstone range : deletes.ranges()) {
      if (range.lsn() > built.lsn()) {
        switch (range.kind()) {
          case ALL -> {
            return false;
          }
          case PREFIX -> own.forEach(slab -> killPrefix(slab, range));
          case FILTER -> own.forEach(slab -> killMatching(slab, range));
          case OTHER_SLABS, RESTORED -> {
            return false;
          }
          case FLUSHED -> {
            // Another append began.
          }
        }
      }
    }
    for (Tombstone gone : deletes.ids()) {
      if (gone.lsn() > built.lsn()) {
        killId(gone.id());
      }
    }
    return true;
  }

  private void killId(byte[] id) {
    long hash = XxHash64.hash(id);
    for (PooledSlab slab : own) {
      int row = slab.find(id, hash);
      if (row >= 0) {
        kill(slab, row);
      }
    }
  }

  private void killPrefix(PooledSlab slab, RangeTombstone range) {
    int rank = slab.lowerBound(range.argument());
    while (rank < slab.rows() && range.covers(slab.idAt(rank), built.lsn())) {
      kill(slab, slab.rowAt(rank));
      rank++;
    }
  }

  private void killMatching(PooledSlab slab, RangeTombstone range) {
    var matching = slab.matching(FilterParser.parse(Utf8.string(range.argument())));
    dead.computeIfAbsent(slab.id(), id -> new MutableRoaringBitmap()).or(matching);
  }
}
