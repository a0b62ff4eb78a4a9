package io.slab.compaction;

import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.format.SlabCapacity;
import io.slab.format.SlabRequest;
import io.slab.format.SlabView;
import io.slab.manifest.ColumnStatistics;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.namespace.LevelRules;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.PooledSlab;
import io.slab.snapshot.SlabFiles;
import io.slab.store.ObjectUpload;
import io.slab.writer.DeletesWriter;
import io.slab.writer.RowRanges;
import io.slab.writer.WatchedInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One compaction: merges neighbouring slabs into new ones and commits a manifest in which these
 * take their place. Writers and readers go on meanwhile. Rows that die while it runs are found
 * again by their ids and die in the outputs; when another compaction took an input away this one
 * gives up. It never deletes an input; that is gc's business. One thread only.
 *
 * <p>Memory: 8 bytes a row for the order, and what the builder holds (about 12 bytes a row, the ids
 * and the columns).
 */
final class Compaction {
  /** Operations that take no slab out of a manifest unless its rows are all dead. */
  private static final Set<String> KEEPING =
      Set.of("flush", "configure", NamespaceManifest.GC, NamespaceManifest.SEAL);

  private final NamespaceHandle namespace;
  private final CompactionPlan plan;
  private final boolean rebuild;
  private final CancellationToken cancellation;
  private final Ulid commit;
  private final List<SlabEntry> outputs = new ArrayList<>();
  private final List<String> files = new ArrayList<>();

  /** The inputs and, to be proved, the outputs: read from the store, whatever was read before. */
  private final List<PooledSlab> own = new ArrayList<>();

  /** Dead rows of each input that the outputs do not hold. */
  private final Map<Ulid, MutableRoaringBitmap> dropped = new LinkedHashMap<>();

  private RowChecksums content;

  /**
   * @param rebuild to prove, before the commit, that the rows came through bit for bit
   */
  Compaction(
      NamespaceHandle namespace,
      CompactionPlan plan,
      boolean rebuild,
      CancellationToken cancellation) {
    this.namespace = namespace;
    this.plan = plan;
    this.rebuild = rebuild;
    this.cancellation = cancellation;
    this.commit = namespace.environment().newId();
  }

  /**
   * Writes and commits.
   *
   * @param base the manifest that the plan was made from
   * @return null when gc took slabs of it meanwhile, the new ones before they could be named, or
   *     inputs that a newer manifest does not name; nothing is changed then
   * @throws ConflictException when another process compacted one of the inputs first
   */
  CompactionResult run(NamespaceManifest base) {
    long start = System.nanoTime();
    try {
      NamespaceManifest committed = write(base) ? commit(base) : null;
      if (committed == null) {
        return null;
      }
      long gone = dropped.values().stream().mapToLong(d -> d.getLongCardinality()).sum();
      return new CompactionResult(
          plan, committed.id(), outputs, gone, content, System.nanoTime() - start);
    } finally {
      own.forEach(PooledSlab::release);
    }
  }

  /** False when inputs were collected that a newer manifest does not name any more. */
  private boolean write(NamespaceManifest base) {
    List<SlabView> views = new ArrayList<>();
    for (SlabEntry entry : plan.inputs()) {
      views.add(open(entry));
    }
    try {
      for (SlabEntry entry : plan.inputs()) {
        dropped.put(entry.id(), namespace.dead(base, entry));
      }
      if (plan.rowsOut() > 0) {
        writeOutputs(base, views);
      }
      return true;
    } catch (MissingException e) {
      files.forEach(namespace.store()::delete);
      NamespaceManifest newest = namespace.newest();
      if (newest.id() == base.id()) {
        throw e;
      }
      if (survivors(base, newest) == null) {
        throw takenAway(e);
      }
      return false;
    } catch (RuntimeException | Error e) {
      // Nothing was committed yet, so nobody can refer to what was written.
      files.forEach(namespace.store()::delete);
      throw e;
    }
  }

  private SlabView open(SlabEntry entry) {
    PooledSlab slab = namespace.pool().unmapped(entry);
    own.add(slab);
    return slab;
  }

  private void writeOutputs(NamespaceManifest base, List<SlabView> views) {
    MergedRows rows = MergedRows.of(views, List.copyOf(dropped.values()), cancellation);
    long cap = LevelRules.of(base).maxBytes(plan.level());
    long parts = Math.max(1, Math.ceilDiv(plan.bytesOut(), cap));
    List<RowRanges.Range> ranges = RowRanges.even(rows.rows(), parts);
    if (!fitsOneSlab()) {
      ranges = RowRanges.cut(ranges, rows, namespace.spec());
    }
    for (RowRanges.Range range : ranges) {
      boolean whole = range.rows() == rows.rows();
      outputs.add(writeSlab(whole ? rows : rows.part(range.from(), range.to())));
    }
    if (rebuild) {
      prove(rows);
    }
  }

  /**
   * True when the statistics of the inputs prove that all their columns fit one slab, so that no
   * pass over the metadata is needed to find out.
   */
  private boolean fitsOneSlab() {
    SlabCapacity capacity = new SlabCapacity(namespace.spec());
    for (SlabEntry input : plan.inputs()) {
      if (input.columns().isEmpty()) {
        return false;
      }
      for (ColumnStatistics column : input.columns()) {
        if (!capacity.add(column.sample())) {
          return false;
        }
      }
    }
    return true;
  }

  private void prove(MergedRows rows) {
    content = RowChecksums.of(rows);
    List<SlabView> views = outputs.stream().map(this::open).toList();
    List<MutableRoaringBitmap> none =
        views.stream().map(view -> new MutableRoaringBitmap()).toList();
    RowChecksums written = RowChecksums.of(MergedRows.of(views, none, cancellation));
    if (!written.equals(content)) {
      throw new CorruptException(
          "the rebuilt slab " + outputs.getFirst().id(),
          -1,
          written.toString(),
          content + " as the rows have");
    }
  }

  private SlabEntry writeSlab(MergedRows rows) {
    Ulid id = namespace.environment().newId();
    String name = namespace.names().slab(id);
    SlabRequest request =
        new SlabRequest(
            id,
            namespace.environment().now(),
            namespace.spec(),
            namespace.names().namespace(),
            plan.level(),
            plan.inputs().stream().map(SlabEntry::id).toList(),
            List.of());
    // The rows ask the token themselves.
    WatchedInput input = new WatchedInput(rows, CancellationToken.NONE);
    SlabFiles.Written slab;
    long bytes;
    try (ObjectUpload upload = namespace.store().upload(name)) {
      slab = namespace.files().write(upload, request, input);
      bytes = upload.position();
      upload.commit();
    }
    files.add(name);
    return new SlabEntry(
        id,
        plan.level(),
        bytes,
        slab.hotOffset(),
        rows.rows(),
        slab.lsnMin(),
        slab.lsnMax(),
        slab.algorithm(),
        slab.vintage(),
        slab.ahead(),
        input.statistics().result(),
        SlabDeletes.NONE);
  }

  private NamespaceManifest commit(NamespaceManifest base) {
    while (true) {
      NamespaceManifest newest = namespace.newest();
      List<SlabEntry> inputs = survivors(base, newest);
      if (inputs == null) {
        // No manifest names the outputs: every attempt so far was proved lost.
        files.forEach(namespace.store()::delete);
        throw takenAway(null);
      }
      if (newest.id() != base.id() && !namespace.mayName(newest, files)) {
        // Before they are read, for rows that died meanwhile.
        files.forEach(namespace.store()::delete);
        return null;
      }
      List<String> vectors = new ArrayList<>();
      List<SlabEntry> slabs;
      try {
        slabs = replaced(newest, inputs, vectors);
      } catch (MissingException e) {
        if (newest.id() == base.id()) {
          throw e;
        }
        // An input whose rows all died since, or what a still newer manifest replaced, is
        // collected.
        vectors.forEach(namespace.store()::delete);
        files.forEach(namespace.store()::delete);
        return null;
      }
      Edit edit =
          new Edit(
              "compact",
              newest.deleted(),
              newest.lsnFlushed(),
              newest.walFlushedThrough(),
              slabs,
              List.of());
      NamespaceManifest next =
          newest.next(commit, namespace.environment().now(), Version.PROGRAM, edit);
      List<String> own = new ArrayList<>(files);
      own.addAll(vectors);
      NamespaceHandle.Outcome outcome = namespace.commit(next, own);
      if (outcome == NamespaceHandle.Outcome.COMMITTED) {
        return next;
      }
      vectors.forEach(namespace.store()::delete);
      if (outcome == NamespaceHandle.Outcome.FILES_GONE) {
        files.forEach(namespace.store()::delete);
        return null;
      }
    }
  }

  private static ConflictException takenAway(MissingException cause) {
    return new ConflictException(
        "another process compacted the same slabs first", "nothing is lost; look at stats", cause);
  }

  /**
   * The inputs as the newest manifest has them, side by side and in order; null when another
   * compaction took one. A flush drops a slab whose last row died, so without a compaction since
   * {@code base} a missing input is a dead one.
   */
  private List<SlabEntry> survivors(NamespaceManifest base, NamespaceManifest newest) {
    List<Ulid> wanted = plan.inputs().stream().map(SlabEntry::id).toList();
    List<SlabEntry> inputs =
        newest.slabs().stream().filter(entry -> wanted.contains(entry.id())).toList();
    if (inputs.isEmpty() || (inputs.size() < wanted.size() && !noneTakenAway(base, newest))) {
      return null;
    }
    int at = newest.slabs().indexOf(inputs.getFirst());
    boolean together =
        at + inputs.size() <= newest.slabs().size()
            && newest.slabs().subList(at, at + inputs.size()).equals(inputs);
    return together ? inputs : null;
  }

  private static boolean noneTakenAway(NamespaceManifest base, NamespaceManifest newest) {
    List<NamespaceManifest.Change> history = newest.history();
    return history.getFirst().id() <= base.id() + 1
        && history.stream()
            .filter(change -> change.id() > base.id())
            .allMatch(change -> KEEPING.contains(change.operation()));
  }

  private List<SlabEntry> replaced(
      NamespaceManifest newest, List<SlabEntry> inputs, List<String> vectors) {
    int at = newest.slabs().indexOf(inputs.getFirst());
    List<SlabEntry> slabs = new ArrayList<>(newest.slabs().subList(0, at));
    Map<Ulid, MutableRoaringBitmap> late = lateDeaths(newest, inputs);
    for (SlabEntry output : outputs) {
      MutableRoaringBitmap dead = late.get(output.id());
      if (dead == null) {
        slabs.add(output);
      } else if (dead.getLongCardinality() < output.rows()) {
        SlabDeletes deletes =
            DeletesWriter.write(
                namespace, output.id(), newest.id() + 1, commit, dead, vectors::add);
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
    for (SlabEntry planned : plan.inputs()) {
      MutableRoaringBitmap dead = new MutableRoaringBitmap();
      if (now.containsKey(planned.id())) {
        dead = namespace.dead(newest, now.get(planned.id()));
      } else {
        dead.add(0L, planned.rows());
      }
      dead.andNot(dropped.get(planned.id()));
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
      for (SlabEntry output : outputs) {
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
