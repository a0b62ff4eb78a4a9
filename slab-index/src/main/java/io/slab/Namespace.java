package io.slab;

import io.slab.compaction.CompactionRequest;
import io.slab.erase.EraseRequest;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.error.StoreException;
import io.slab.filter.Filter;
import io.slab.format.SlabInput;
import io.slab.gc.GcRequest;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.search.QueryEngine;
import io.slab.writer.Append;
import io.slab.writer.GroupCommit;
import io.slab.writer.NamespaceWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * The records under one name of an {@link Index}. A write returns when it is on storage; from then
 * on every read of every process sees it. The first write creates the namespace.
 *
 * <p><b>Threads.</b> Thread-safe. Writes of several threads go to the storage together: those that
 * come while it works on others share its next object, and each returns when its own is durable, or
 * throws what happened to its own. What they filled is flushed beside them, on a thread of its own;
 * {@link #flush} takes turns with them. Reads run beside both and beside each other. A thread that
 * is interrupted before its write is on its way ends with a {@link
 * java.util.concurrent.CancellationException}, and nothing of it is written. Any number of
 * processes may do the same at once. A thread that is interrupted while it compacts or builds ends
 * with a {@link java.util.concurrent.CancellationException}, and nothing of its work stays.
 *
 * <p><b>Memory.</b> From the first write on it holds the records that are in no slab yet, until
 * {@link #release}: 10,000, or 128 MB of them, unless configured otherwise, and as many again while
 * these are flushed (three times as many while compactions are in the way of that); a write that
 * would pass this waits. A flush and a compaction hold the ids and metadata columns of what they
 * write, and about 12 bytes a row.
 *
 * <p><b>Exceptions.</b> As the package says. Reads of a namespace that does not exist find nothing.
 */
public final class Namespace {
  /** The name of the namespace that the empty name means too. */
  public static final String DEFAULT = Limits.DEFAULT_NAMESPACE;

  private final SlabIndex index;
  private final QueryEngine engine;
  private final String name;

  private final NamespaceWriter writer;
  private final GroupCommit commits;
  private final Builds builds;
  private volatile boolean closed;

  Namespace(SlabIndex index, QueryEngine engine, String name) {
    this.index = index;
    this.engine = engine;
    this.name = name;
    this.writer = index.writer(name);
    this.commits = new GroupCommit(writer);
    this.builds = new Builds(index, name);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Whether it was created, or written to, and not deleted since. */
  public boolean exists() {
    return index.namespaceExists(name);
  }

  /**
   * What is there now, for any number of reads that agree. Costs a listing of the manifests and of
   * the log, and the reading of log objects that are not flushed yet: take one for several reads.
   * On S3 a listing counts for half an hour, and each further snapshot makes one small read instead
   * of it.
   */
  public Snapshot snapshot() {
    return new Snapshot(index.spec(), engine, index.snapshot(name));
  }

  /** Its checkpoints and earlier states. */
  public History history() {
    return new History(index, engine, name);
  }

  /**
   * What this process knows to be there, for programs that read often: it has all that was written
   * through this object, and what others wrote before the last {@link #refresh}. Costs no request
   * to the storage but for the first time, after {@link #release}, and when slabs of what was
   * written here are new. It waits for a write that is on its way.
   */
  public Snapshot latest() {
    io.slab.snapshot.Snapshot held = writer.held();
    if (held == null && exists()) {
      writer.refresh();
      held = writer.held();
    }
    return held == null ? snapshot() : new Snapshot(index.spec(), engine, held);
  }

  /**
   * Looks for what other processes wrote, so that {@link #latest} has it. Costs what {@link
   * #changedSince} costs, and the reading of what came since.
   *
   * @throws NotFoundException when the index was dropped, or another one is at its place
   */
  public void refresh() {
    index.requireSame();
    index.requireLive();
    // Of a namespace that was deleted meanwhile the writer must hear; for one that never was it
    // would make it.
    if (writer.isOpen() || exists()) {
      writer.refresh();
    }
  }

  /**
   * Whether a snapshot may miss something that is there now: false is certain, true may be a
   * writer's reservation that came to nothing. Costs two listings (on S3 two small reads within
   * half an hour of them) and, where a flush or a compaction came since, the reading of one
   * manifest; nothing of the log is read.
   *
   * @param snapshot of this namespace, open or closed
   */
  public boolean changedSince(Snapshot snapshot) {
    return index.freshness(name).changedSince(snapshot.snapshot);
  }

  /**
   * Reads a part of a snapshot, which another process may have taken. Any number of parts may be
   * read side by side, each by one thread.
   *
   * @param part of {@link Snapshot#parts}; the snapshot need not be open any more
   * @throws io.slab.error.MissingException when gc removed what the part is made of, which it does
   *     when that was replaced longer ago than its minimum age: take another snapshot
   * @throws ConflictException when the part is of another index
   * @throws IllegalArgumentException when it is of another namespace
   */
  public RecordScan scan(ScanPart part) {
    return records(index.parts(name).open(part.part));
  }

  /**
   * Reads those records of a part that match a filter, or a piece of them: as {@link
   * #scan(ScanPart)}.
   *
   * @param filter JSON of the filter language, or null for every record
   * @param piece which piece, from 0
   * @param pieces into how many the rows of a slab are divided, at least 1; what is in no slab is
   *     all in the first
   * @throws InvalidInputException for a filter that is none, or on a field that is not indexed
   */
  public RecordScan scan(ScanPart part, String filter, int piece, int pieces) {
    Filter matching = Snapshot.parse(index.spec(), filter);
    return records(index.parts(name).open(part.part, matching, piece, pieces));
  }

  /** The records as they were given: the terms of a text index are not shown. */
  private RecordScan records(SlabInput.Cursor rows) {
    return new RecordScan(rows, index.spec().textIndex() != null);
  }

  private <T> T read(Function<Snapshot, T> read) {
    try (Snapshot snapshot = snapshot()) {
      return read.apply(snapshot);
    }
  }

  /** As {@link Snapshot#query(Query)}, of what is there now. */
  public List<Match> query(Query query) {
    return read(snapshot -> snapshot.query(query));
  }

  /** As {@link Snapshot#fetch}, of what is there now. */
  public Map<String, VectorRecord> fetch(SequencedCollection<String> ids) {
    return read(snapshot -> snapshot.fetch(ids));
  }

  /** As {@link Snapshot#list}, of what is there now. */
  public Page<String> list(String prefix, int limit, String token) {
    return read(snapshot -> snapshot.list(prefix, limit, token));
  }

  /** As {@link Snapshot#stats}, of what is there now. */
  public NamespaceStats stats() {
    return read(Snapshot::stats);
  }

  /** Adds records, or replaces whole records of the same ids. As {@link #upsert(List)}. */
  public Commit upsert(VectorRecord... records) {
    return upsert(List.of(records));
  }

  /**
   * Adds records, or replaces whole records of the same ids; of two with one id the later counts.
   *
   * @param records 1 to 1,000, of together at most 16 MiB; all of them or none
   */
  public Commit upsert(List<VectorRecord> records) {
    return append(records.stream().map(record -> (WriteOp) new WriteOp.Upsert(record)).toList());
  }

  /**
   * Changes parts of one record; an id that is not there is no error and nothing changes.
   *
   * @param values new dense values, or null to keep them
   * @param sparse new sparse values, or null to keep them
   * @param metadata fields to add or overwrite, or null to keep all; no field is removed
   */
  public Commit update(String id, float[] values, SparseVector sparse, Metadata metadata) {
    return append(List.of(new WriteOp.PartialUpdate(id, values, sparse, metadata)));
  }

  /**
   * Adds or overwrites metadata fields of every record that matches.
   *
   * @param filter JSON of the filter language, not empty; at most 100,000 records may match
   */
  public Commit updateByFilter(String filter, Metadata metadata) {
    return append(List.of(new WriteOp.UpdateByFilter(canonical(filter), metadata)));
  }

  /**
   * Deletes records; an id that is not there is no error.
   *
   * @param ids 1 to 1,000
   */
  public Commit delete(List<String> ids) {
    return append(ids.stream().map(id -> (WriteOp) new WriteOp.DeleteId(id)).toList());
  }

  /**
   * Deletes every record that matches.
   *
   * @param filter JSON of the filter language, not empty: {@link #deleteAll} deletes every record
   * @throws InvalidInputException for an empty filter; nothing is deleted
   */
  public Commit deleteByFilter(String filter) {
    return append(List.of(new WriteOp.DeleteByFilter(canonical(filter))));
  }

  /** Deletes every record whose id begins with {@code prefix}, which is not empty. */
  public Commit deleteByPrefix(String prefix) {
    if (prefix.isEmpty()) {
      throw new InvalidInputException("an empty prefix means every record", "use deleteAll()");
    }
    return append(List.of(new WriteOp.DeleteByPrefix(prefix)));
  }

  /** Deletes every record; the namespace stays. */
  public Commit deleteAll() {
    return append(List.of(new WriteOp.DeleteAll()));
  }

  /** A filter as the log takes it; null is an empty one, which the writer refuses. */
  private String canonical(String filter) {
    return Snapshot.parse(index.spec(), filter).toJson();
  }

  private Commit append(List<WriteOp> batch) {
    io.slab.writer.Commit commit = commits.append(batch);
    return new Commit(commit.firstLsn(), commit.lastLsn(), commit.operations());
  }

  /**
   * Moves what is in the log only into slabs. Never needed for the data's sake; reads are quicker
   * afterwards.
   *
   * @return records that were written
   */
  public long flush() {
    requireOpen();
    return writer.flush().rows();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the index is closed");
    }
  }

  /**
   * Gives back what the namespace holds while nothing is asked of it: the records that are in no
   * slab yet, and open slabs that no snapshot uses. Nothing is lost, and it stays usable: the next
   * write reads the log again, the next read opens its slabs again. For programs with many
   * namespaces of which few are busy.
   */
  public void release() {
    writer.close();
    index.closeIdleSlabs(name);
  }

  /**
   * Merges slabs as far as the thresholds call for it, dropping deleted records.
   *
   * @return how many compactions were committed
   * @throws ConflictException when another process compacted the same slabs first
   */
  public int compact() {
    return compact(CompactionRequest.auto());
  }

  /** Merges all slabs into as few as their largest size allows. As {@link #compact}. */
  public int compactAll() {
    return compact(CompactionRequest.full());
  }

  private int compact(CompactionRequest request) {
    return index.compactor(name).run(request, interrupted(), done -> {}).size();
  }

  /** Whether the thread that calls now was interrupted since; asked by others as well. */
  private static CancellationToken interrupted() {
    Thread caller = Thread.currentThread();
    return caller::isInterrupted;
  }

  /**
   * Removes objects that no reader can need any more.
   *
   * @param minAge objects younger than this stay, for readers that hold an older state; a day is
   *     usual. Manifests and log objects stay for an hour in any case
   * @return how many objects were removed
   */
  public int collectGarbage(Duration minAge) {
    GcRequest request = new GcRequest(minAge.toMillis(), 1, Integer.MAX_VALUE, false);
    return index.collector(name).run(request).removed().size();
  }

  /**
   * Deletes records so that no object keeps anything of them, and with them their tombstones and
   * what the cache of this machine holds. What readers of an older state may still need stays until
   * it is old enough: called again, at {@link Erased#nextMillis}, it removes the rest.
   *
   * @param ids 1 to 1,000,000; such that are not there any more count too
   * @param minAge as for {@link #collectGarbage}
   * @throws NotFoundException when the namespace does not exist
   */
  public Erased erase(List<String> ids, Duration minAge) {
    requireOpen();
    EraseRequest request = new EraseRequest(ids, null, minAge.toMillis(), false, false, false);
    return Erased.of(index.erasure(name).run(request, interrupted()));
  }

  /**
   * Changes thresholds by which flushes and compactions go, by their names in the specification;
   * the others stay.
   *
   * @throws NotFoundException when the namespace does not exist
   */
  public void configure(Map<String, Long> thresholds) {
    index.configure(name, thresholds);
  }

  /** The thresholds in force; empty when the namespace does not exist. */
  public Optional<SortedMap<String, Long>> thresholds() {
    return Optional.ofNullable(index.thresholds(name));
  }

  /**
   * Begins to fill an empty namespace with slabs that are built in any number of processes: each
   * calls {@link #build(BuiltSlabs, List)} with this order, one merges and calls {@link #commit}.
   *
   * @throws ConflictException when the namespace has records
   */
  public BuiltSlabs beginLoad() {
    return builds.beginLoad();
  }

  /**
   * As {@link #beginLoad}, of a load that takes the place of all records that are there now: they
   * stay visible until {@link #commitReplacing}.
   */
  public BuiltSlabs beginReplacing() {
    return builds.beginReplacing();
  }

  /**
   * Commits a load in the place of all records that were there when it began, in one step. As
   * {@link #commit} otherwise; what the records were before stays a state of {@link #history}.
   *
   * @param built of an order of {@link #beginReplacing}, or the order itself for no records at all
   * @throws ConflictException when anything was written since it began
   */
  public long commitReplacing(BuiltSlabs built) {
    return builds.commitReplacing(built);
  }

  /**
   * Begins to add records that are built as slabs in any number of processes, beside other writers
   * of the namespace, which may have records or none. They have their place in the order of writes
   * here: they replace records of the same ids that were written before, and what is written from
   * now on counts as later than they. What is in the log is flushed first.
   *
   * <p>Readers see them from {@link #commit} on. Who does not come to that calls {@link #abandon};
   * else a garbage collection does, when the slabs are old enough. When 256 manifests were
   * committed since the beginning it is over, as if it had been given up.
   */
  public BuiltSlabs beginAppend() {
    return builds.beginAppend();
  }

  /**
   * Gives an append up that {@link #beginAppend} began: it cannot be committed any more. Does
   * nothing when it was committed. Until then compactions keep deletes that it might need.
   *
   * @param order of {@link #beginAppend}, with slabs or without
   */
  public void abandon(BuiltSlabs order) {
    builds.abandon(order);
  }

  /**
   * As {@link #commit(BuiltSlabs)}, of an append.
   *
   * @param attempts how often others may change the namespace in between, at least 1; 20 is usual
   * @throws ConflictException also when they did so each time: the slabs are as they were, and may
   *     be committed later
   */
  public long commitAppend(BuiltSlabs built, int attempts) {
    // What this object knows is read anew then, with the records of the append.
    return builds.commitAppend(built, attempts, writer::close);
  }

  /**
   * Builds slabs of a load or an append.
   *
   * @param order of {@link #beginLoad}, {@link #beginReplacing} or {@link #beginAppend}
   * @param records in any order, all in memory; no id may occur twice, here or in another part. The
   *     commit finds those of other parts
   */
  public BuiltSlabs build(BuiltSlabs order, List<VectorRecord> records) {
    return builds.rows(order, records, interrupted());
  }

  /**
   * Begins a compaction that another process builds.
   *
   * @return an order for {@link #build(BuiltSlabs)}; empty when nothing is due
   */
  public Optional<BuiltSlabs> beginCompaction() {
    return builds.beginCompaction();
  }

  /**
   * Begins compactions that other processes build side by side, each of slabs of its own. What they
   * make can call for more: call it again when they are committed.
   *
   * @return an order for {@link #build(BuiltSlabs)} each; none when nothing is to be done
   */
  public List<BuiltSlabs> beginCompactions(CompactionScope scope) {
    return builds.beginCompactions(scope);
  }

  /** Builds the slabs of a compaction, of an order of {@link #beginCompaction}. */
  public BuiltSlabs build(BuiltSlabs order) {
    return builds.compacted(order, interrupted());
  }

  /**
   * Commits what was built, all of it at once. Repeated, by any process, it changes nothing more
   * and gives the same number. Of the parts of a load whose ranges of ids reach into each other it
   * reads the ids, which takes about a second a million on a disk.
   *
   * @return number of the manifest that committed it
   * @throws InvalidInputException when an id is in two parts of a load, or the slabs are not the
   *     whole of a compaction; nothing was committed
   * @throws ConflictException when a load finds records or what became of some, an append that it
   *     came too late, or a compaction that another one was first
   * @throws StoreException when gc took the slabs since: build them again
   */
  public long commit(BuiltSlabs built) {
    return switch (built.built.operation()) {
      case BULK -> builds.commitLoad(built);
      case APPEND -> commitAppend(built, Append.ROUNDS);
      case COMPACT -> builds.commitCompaction(built);
    };
  }

  void close() {
    closed = true;
    commits.close();
    writer.close();
  }
}
