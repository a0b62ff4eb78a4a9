package io.slab.lsm;

import io.slab.error.ConflictException;
import io.slab.format.SlabRequest;
import io.slab.format.SlabSummary;
import io.slab.format.SlabView;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.store.ObjectUpload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * One compaction: merges neighbouring slabs into new ones and commits a manifest in which these take their place. Writers and
 * readers go on meanwhile. Rows that die while it runs are found again by their ids and die in the outputs; when another
 * compaction took an input away this one gives up. It never deletes an input; that is gc's business. One thread only.
 *
 * <p>Memory: 8 bytes a row for the order, and what the builder holds (about 12 bytes a row, the ids and the columns).
 */
final class Compaction {
  private final NamespaceHandle namespace;
  private final CompactionPlan plan;
  private final BooleanSupplier cancelled;
  private final Ulid commit;
  private final List<SlabEntry> outputs = new ArrayList<>();
  private final List<String> files = new ArrayList<>();

  /** Dead rows of each input that the outputs do not hold. */
  private final Map<Ulid, MutableRoaringBitmap> dropped = new LinkedHashMap<>();

  Compaction(NamespaceHandle namespace, CompactionPlan plan, BooleanSupplier cancelled) {
    this.namespace = namespace;
    this.plan = plan;
    this.cancelled = cancelled;
    this.commit = namespace.environment().newId();
  }

  /**
   * Writes and commits.
   *
   * @param base the manifest that the plan was made from
   * @throws ConflictException when another process compacted one of the inputs first
   */
  CompactionResult run(NamespaceManifest base) {
    long start = System.nanoTime();
    try {
      write(base);
      NamespaceManifest committed = commit();
      long gone = dropped.values().stream().mapToLong(d -> d.getLongCardinality()).sum();
      return new CompactionResult(plan, committed.id(), outputs, gone, System.nanoTime() - start);
    } finally {
      plan.inputs().forEach(entry -> namespace.pool().release(entry.id()));
    }
  }

  private void write(NamespaceManifest base) {
    List<SlabView> views = new ArrayList<>();
    for (SlabEntry entry : plan.inputs()) {
      views.add(namespace.pool().acquire(entry));
      dropped.put(entry.id(), namespace.dead(base, entry));
    }
    if (plan.rowsOut() == 0) {
      return;
    }
    MergedRows rows = MergedRows.of(views, List.copyOf(dropped.values()));
    long cap = LevelRules.of(base).maxBytes(plan.level());
    long parts = Math.max(1, Math.ceilDiv(plan.bytesOut(), cap));
    for (int part = 0; part < parts; part++) {
      int from = (int) (rows.rows() * (long) part / parts);
      int to = (int) (rows.rows() * (part + 1L) / parts);
      if (to > from) {
        outputs.add(writeSlab(parts == 1 ? rows : rows.part(from, to)));
      }
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
    WatchedInput input = new WatchedInput(rows, cancelled);
    SlabSummary summary;
    try (ObjectUpload upload = namespace.store().upload(name)) {
      summary = namespace.files().build(request, input, upload);
      upload.commit();
    }
    files.add(name);
    return new SlabEntry(
        id,
        plan.level(),
        summary.bytes(),
        summary.hotOffset(),
        rows.rows(),
        plan.inputs().stream().mapToLong(SlabEntry::lsnMin).min().orElseThrow(),
        plan.inputs().stream().mapToLong(SlabEntry::lsnMax).max().orElseThrow(),
        summary.manifest().algorithm().name(),
        input.statistics().result(),
        SlabDeletes.NONE);
  }

  private NamespaceManifest commit() {
    while (true) {
      NamespaceManifest newest = namespace.manifests().newest();
      int at = position(newest.slabs());
      if (at < 0) {
        // No manifest names the outputs: every attempt so far was proved lost.
        files.forEach(namespace.store()::delete);
        throw new ConflictException(
            "another process compacted the same slabs first", "nothing is lost; look at stats");
      }
      List<String> vectors = new ArrayList<>();
      List<SlabEntry> slabs = replaced(newest, at, vectors);
      Edit edit =
          new Edit(
              "compact",
              newest.deleted(),
              newest.lsnFlushed(),
              newest.walFlushedThrough(),
              slabs,
              List.of());
      NamespaceManifest next =
          newest.next(commit, namespace.environment().now(), NamespaceHandle.PROGRAM, edit);
      if (namespace.manifests().commit(next)) {
        return next;
      }
      vectors.forEach(namespace.store()::delete);
    }
  }

  /** Where the inputs stand, still side by side and in order, or -1. */
  private int position(List<SlabEntry> slabs) {
    List<Ulid> wanted = plan.inputs().stream().map(SlabEntry::id).toList();
    List<Ulid> present = slabs.stream().map(SlabEntry::id).toList();
    int at = present.indexOf(wanted.getFirst());
    boolean together =
        at >= 0
            && at + wanted.size() <= present.size()
            && present.subList(at, at + wanted.size()).equals(wanted);
    return together ? at : -1;
  }

  private List<SlabEntry> replaced(NamespaceManifest newest, int at, List<String> vectors) {
    List<SlabEntry> slabs = new ArrayList<>(newest.slabs().subList(0, at));
    int count = plan.inputs().size();
    Map<Ulid, MutableRoaringBitmap> late = lateDeaths(newest, at);
    for (SlabEntry output : outputs) {
      MutableRoaringBitmap dead = late.get(output.id());
      if (dead == null) {
        slabs.add(output);
      } else if (dead.getLongCardinality() < output.rows()) {
        DeletesWriter writer = new DeletesWriter(namespace, newest.id() + 1, commit, vectors);
        slabs.add(output.withDeletes(writer.write(output.id(), dead)));
      }
    }
    slabs.addAll(newest.slabs().subList(at + count, newest.slabs().size()));
    return slabs;
  }

  /** Rows of the inputs that died since the plan was made, as rows of the outputs. */
  private Map<Ulid, MutableRoaringBitmap> lateDeaths(NamespaceManifest newest, int at) {
    Map<Ulid, MutableRoaringBitmap> late = new LinkedHashMap<>();
    for (int i = 0; i < plan.inputs().size(); i++) {
      SlabEntry planned = plan.inputs().get(i);
      MutableRoaringBitmap dead = namespace.dead(newest, newest.slabs().get(at + i));
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

  private void kill(SlabView view, MutableRoaringBitmap dead, Map<Ulid, MutableRoaringBitmap> late) {
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
