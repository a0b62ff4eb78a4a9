package io.slab.snapshot;

import io.slab.bytes.XxHash64;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterPruner;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.Memtable;
import io.slab.memtable.MergeRule;
import io.slab.memtable.WriteOp;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.RangeTombstone;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.store.Together;
import io.slab.wal.WalObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * A namespace at one point of its history: the slabs of a manifest, each with its dead rows, and a
 * memtable, moved forward by applying WAL objects in order. The result depends on nothing but the
 * manifest and the objects, so every process that has read the same ones holds the same state. One
 * thread only.
 */
public final class NamespaceState {
  private final IndexSpec spec;
  private final NamespaceManifest manifest;
  private final List<StateSlab> slabs;
  private final Memtable memtable;
  private final List<WalCommit> sinceFlush;
  private long applied;
  private Ulid lastCommit;
  private long lastLsn;
  private boolean reserved;
  private long lastWritten;
  private boolean sealed;

  /** The state that a manifest describes; {@code slabs} are those of the manifest. */
  public NamespaceState(IndexSpec spec, NamespaceManifest manifest, List<StateSlab> slabs) {
    this.spec = spec;
    this.manifest = manifest;
    this.slabs = List.copyOf(slabs);
    this.memtable = new Memtable();
    this.sinceFlush = new ArrayList<>();
    this.applied = manifest.walFlushedThrough();
    this.lastCommit = manifest.lastFlushedCommit();
    this.lastLsn = manifest.lsnFlushed();
  }

  private NamespaceState(NamespaceState other) {
    spec = other.spec;
    manifest = other.manifest;
    slabs = other.slabs.stream().map(StateSlab::copy).toList();
    memtable = other.memtable.copy();
    sinceFlush = new ArrayList<>(other.sinceFlush);
    applied = other.applied;
    lastCommit = other.lastCommit;
    lastLsn = other.lastLsn;
    reserved = other.reserved;
    lastWritten = other.lastWritten;
    sealed = other.sealed;
  }

  /**
   * An independent copy, to try something on. It shares the slabs that are open: only one of the
   * two may be given back.
   */
  public NamespaceState copy() {
    return new NamespaceState(this);
  }

  public NamespaceManifest manifest() {
    return manifest;
  }

  public List<StateSlab> slabs() {
    return slabs;
  }

  public Memtable memtable() {
    return memtable;
  }

  /** Number of the last WAL object in this state. */
  public long applied() {
    return applied;
  }

  /** Commit id of that object. */
  public Ulid lastCommit() {
    return lastCommit;
  }

  /** Largest LSN in this state. */
  public long lastLsn() {
    return lastLsn;
  }

  /**
   * True when something may have been written after an LSN: it was flushed, or is in the log above
   * the manifest. Objects without records write nothing.
   */
  public boolean writtenAfter(long lsn) {
    return lastWritten > lsn || manifest.lsnFlushed() > lsn;
  }

  /**
   * True when the last object is a seal, which a dropped index leaves behind, or looks like one:
   * before anything is written after it the index must be looked for.
   */
  public boolean sealed() {
    return sealed;
  }

  /** The objects applied on top of the manifest. */
  public List<WalCommit> sinceFlush() {
    return List.copyOf(sinceFlush);
  }

  /**
   * True when an object without records is among those since the manifest: a bulk load reserved its
   * place there and may commit a manifest with rows that this state does not have.
   */
  public boolean reserved() {
    return reserved;
  }

  /** False when the namespace was dropped and nothing was written since. */
  public boolean exists() {
    return !manifest.deleted() || !sinceFlush.isEmpty();
  }

  /**
   * Applies the object after {@link #applied}. Decodes all of it first: after an exception from
   * here the state is what it was, but for an operation that had to read a slab and could not;
   * callers throw the state away then.
   */
  public void apply(String resource, WalObject object) {
    apply(DecodedBatch.of(resource, object, spec), MergeRule.KEEP_SMALLER);
  }

  /**
   * Applies the object after {@link #applied} with what is to become of changes that are too large.
   */
  public void apply(DecodedBatch batch, MergeRule rule) {
    if (batch.sequence() != applied + 1) {
      throw new IllegalArgumentException(batch.sequence() + " applied after " + applied);
    }
    List<WriteOp> ops = batch.ops();
    if (!areBlind(ops)) {
      refreshSlabs();
    }
    for (int i = 0; i < ops.size(); i++) {
      if (ops.get(i) != null) {
        apply(batch.resource(), batch.firstLsn() + i, ops.get(i), rule);
      }
    }
    applied = batch.sequence();
    lastCommit = batch.commit();
    lastLsn = batch.lastLsn();
    lastWritten = ops.isEmpty() ? lastWritten : lastLsn;
    reserved |= ops.isEmpty();
    sealed = ops.isEmpty();
    sinceFlush.add(new WalCommit(applied, lastCommit));
  }

  /** True for operations that read no slab. */
  private static boolean areBlind(List<WriteOp> ops) {
    for (WriteOp op : ops) {
      if (op != null && !(op instanceof WriteOp.Upsert) && !(op instanceof WriteOp.DeleteId)) {
        return false;
      }
    }
    return true;
  }

  /** What is read of slabs from now on is read of the files that are there now. */
  private void refreshSlabs() {
    slabs.forEach(slab -> slab.view().refresh());
  }

  private void apply(String resource, long lsn, WriteOp op, MergeRule rule) {
    if (op instanceof WriteOp.Upsert u) {
      put(Utf8.bytes(u.record().id()), lsn, u.record());
    } else if (op instanceof WriteOp.DeleteId d) {
      put(Utf8.bytes(d.id()), lsn, null);
    } else if (op instanceof WriteOp.PartialUpdate u) {
      update(lsn, u, rule);
    } else if (op instanceof WriteOp.DeleteByFilter d) {
      deleteByFilter(lsn, d.filterJson(), DecodedBatch.filter(resource, d.filterJson()));
    } else if (op instanceof WriteOp.DeleteAll) {
      deleteAll(lsn);
    } else if (op instanceof WriteOp.DeleteByPrefix d) {
      deleteByPrefix(lsn, Utf8.bytes(d.prefix()));
    } else if (op instanceof WriteOp.UpdateByFilter u) {
      updateByFilter(lsn, DecodedBatch.filter(resource, u.filterJson()), u, rule);
    } else {
      throw new IllegalArgumentException("nothing is known of " + op);
    }
  }

  private void put(byte[] id, long lsn, VectorRecord record) {
    memtable.put(id, new Memtable.Entry(lsn, record));
  }

  private void update(long lsn, WriteOp.PartialUpdate update, MergeRule rule) {
    memtable.updated(lsn);
    byte[] id = Utf8.bytes(update.id());
    VectorRecord base = find(id);
    if (base == null) {
      return;
    }
    float[] values = update.values() == null ? base.values() : update.values();
    SparseVector sparse = update.sparse() == null ? base.sparse() : update.sparse();
    Metadata metadata = rule.merge(base, update.changes());
    if (metadata != null) {
      put(id, lsn, new VectorRecord(update.id(), values, sparse, metadata));
    }
  }

  /** The live record of an id, or null. */
  public VectorRecord find(byte[] id) {
    Memtable.Entry entry = memtable.get(id);
    if (entry != null) {
      return entry.record();
    }
    long hash = XxHash64.hash(id);
    for (int i = slabs.size() - 1; i >= 0; i--) {
      StateSlab slab = slabs.get(i);
      int row = allDead(slab) ? -1 : slab.view().find(id, hash);
      if (row >= 0 && !slab.dead().contains(row)) {
        return slab.view().record(row);
      }
    }
    return null;
  }

  private static boolean allDead(StateSlab slab) {
    return slab.dead().getLongCardinality() == slab.entry().rows();
  }

  private void deleteAll(long lsn) {
    memtable.deleteAll(lsn);
    slabs.forEach(StateSlab::killAll);
  }

  private void deleteByFilter(long lsn, String json, Filter filter) {
    memtable.add(RangeTombstone.filter(lsn, json));
    for (StateSlab slab : slabs) {
      if (mayMatch(slab, filter)) {
        // Rows that the memtable hides may be marked as well: they are dead in any case.
        slab.dead().or(slab.view().matching(filter));
      }
    }
    for (Map.Entry<byte[], Memtable.Entry> e : liveMatches(filter)) {
      put(e.getKey(), lsn, null);
    }
  }

  /** False when no row that is not dead can match; a slab need not be opened to know. */
  private static boolean mayMatch(StateSlab slab, Filter filter) {
    return !allDead(slab) && FilterPruner.mayMatch(filter, slab.entry().bounds());
  }

  private List<Map.Entry<byte[], Memtable.Entry>> liveMatches(Filter filter) {
    List<Map.Entry<byte[], Memtable.Entry>> matches = new ArrayList<>();
    for (Map.Entry<byte[], Memtable.Entry> e : memtable.all()) {
      if (e.getValue().live()
          && FilterEvaluator.matches(filter, e.getValue().record().metadata())) {
        matches.add(Map.entry(e.getKey(), e.getValue()));
      }
    }
    return matches;
  }

  private void updateByFilter(
      long lsn, Filter filter, WriteOp.UpdateByFilter update, MergeRule rule) {
    memtable.updated(lsn);
    // Afterwards every row that the memtable hides is dead, and each match is met exactly once.
    resolve();
    List<Map.Entry<byte[], Memtable.Entry>> fresh = liveMatches(filter);
    List<ImmutableRoaringBitmap> rows = new ArrayList<>();
    long count = fresh.size();
    for (StateSlab slab : slabs) {
      rows.add(mayMatch(slab, filter) ? matches(slab, filter) : new MutableRoaringBitmap());
      count += rows.getLast().getLongCardinality();
    }
    rule.checkCount(count);
    long before = memtable.bytes();
    fresh.forEach(e -> change(e.getKey(), lsn, e.getValue().record(), update, rule));
    for (int i = 0; i < rows.size(); i++) {
      StateSlab slab = slabs.get(i);
      for (IntIterator row = rows.get(i).getIntIterator(); row.hasNext(); ) {
        VectorRecord record = slab.view().record(row.next());
        change(Utf8.bytes(record.id()), lsn, record, update, rule);
        rule.checkBytes(memtable.bytes() - before);
      }
    }
  }

  private static ImmutableRoaringBitmap matches(StateSlab slab, Filter filter) {
    ImmutableRoaringBitmap rows = slab.view().matching(filter);
    return ImmutableRoaringBitmap.andNot(rows, slab.dead());
  }

  private void change(
      byte[] id, long lsn, VectorRecord r, WriteOp.UpdateByFilter update, MergeRule rule) {
    Metadata metadata = rule.merge(r, update.changes());
    if (metadata != null) {
      SparseVector sparse = update.sparse() == null ? r.sparse() : update.sparse();
      put(id, lsn, new VectorRecord(r.id(), r.values(), sparse, metadata));
    }
  }

  private void deleteByPrefix(long lsn, byte[] prefix) {
    if (prefix.length == 0) {
      deleteAll(lsn);
      return;
    }
    if (prefix.length > Limits.MAX_ID_BYTES) {
      return; // No id is so long.
    }
    memtable.add(RangeTombstone.prefix(lsn, prefix));
    byte[] end = Memtable.successor(prefix);
    for (StateSlab slab : slabs) {
      if (!allDead(slab)) {
        int from = slab.view().lowerBound(prefix);
        int to = end == null ? slab.entry().rows() : slab.view().lowerBound(end);
        kill(slab, from, to);
      }
    }
    for (Map.Entry<byte[], Memtable.Entry> e : memtable.withPrefix(prefix)) {
      if (e.getValue().live()) {
        put(e.getKey(), lsn, null);
      }
    }
  }

  /** Marks the rows of a range of ids dead. */
  private static void kill(StateSlab slab, int fromRank, int toRank) {
    if (slab.view().inIdOrder()) {
      slab.dead().add((long) fromRank, (long) toRank);
      return;
    }
    for (int rank = fromRank; rank < toRank; rank++) {
      slab.dead().add(slab.view().rowAt(rank));
    }
  }

  /**
   * Marks every slab row dead of which the memtable has a newer state. Costs a bloom probe per new
   * id and slab. What could not be looked up, since the store failed, is looked up the next time.
   */
  public void resolve() {
    List<byte[]> ids = memtable.unresolved();
    if (!slabs.isEmpty() && !ids.isEmpty()) {
      killOlder(ids);
    }
    memtable.resolved();
  }

  private void killOlder(List<byte[]> ids) {
    refreshSlabs();
    findAhead(ids);
    long[] hashes = new long[ids.size()];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = XxHash64.hash(ids.get(i));
    }
    for (StateSlab slab : slabs) {
      if (!allDead(slab)) {
        slab.view().findAll(ids, hashes, slab.dead()::add);
      }
    }
  }

  /** Fetches at once what finding ids in remote slabs reads. */
  private void findAhead(List<byte[]> ids) {
    List<Runnable> tasks = new ArrayList<>();
    for (StateSlab slab : slabs) {
      if (slab.view().isRemote() && !ids.isEmpty() && !allDead(slab)) {
        tasks.add(() -> slab.view().ahead().find(ids).run());
      }
    }
    Together.run(tasks);
  }
}
