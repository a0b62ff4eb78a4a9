package io.slab.erase;

import io.slab.error.DataException;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.format.SlabView;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.MemRow;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Which records an erasure is about: those that are named, or what a filter finds in the namespace
 * and in every slab that is there, dead rows and slabs without a manifest included.
 *
 * @param traces of all of them
 * @param live ids of the records that are there, to be deleted where they still are what they were
 */
record ErasedRecords(Traces traces, List<String> live) {
  static ErasedRecords of(NamespaceHandle namespace, EraseRequest request) {
    Traces traces = new Traces(request.filter());
    List<String> live = new ArrayList<>();
    try (Snapshot snapshot = namespace.snapshot()) {
      if (request.filter() == null) {
        snapshot.findAhead(request.ids());
        for (String id : request.ids()) {
          traces.add(Utf8.bytes(id));
          if (snapshot.find(id) != null) {
            live.add(id);
          }
        }
        return new ErasedRecords(traces, live.stream().distinct().toList());
      }
      alive(snapshot, request.filter(), traces, live);
      dead(namespace, snapshot, request.filter(), traces);
    }
    return new ErasedRecords(traces, live);
  }

  private static void alive(Snapshot snapshot, Filter filter, Traces traces, List<String> live) {
    for (LiveSlab slab : snapshot.slabs()) {
      if (slab.mayMatch(filter)) {
        MutableRoaringBitmap rows = slab.view().matching(filter).toMutableRoaringBitmap();
        rows.andNot(slab.dead());
        for (IntIterator row = rows.getIntIterator(); row.hasNext(); ) {
          byte[] id = slab.view().rowId(row.next());
          traces.add(id);
          live.add(Utf8.string(id));
        }
      }
    }
    for (MemRow row : snapshot.memtable()) {
      if (FilterEvaluator.matches(filter, row.record().metadata())) {
        traces.add(row.idBytes());
        live.add(row.record().id());
      }
    }
  }

  /** Rows that match and are no record any more, and ids of which deletes alone are left. */
  private static void dead(
      NamespaceHandle namespace, Snapshot snapshot, Filter filter, Traces traces) {
    int root = namespace.names().folder().length();
    List<ObjectInfo> slabs = new ArrayList<>();
    for (ObjectInfo slab : Waits.objects(namespace, namespace.names().slabFolder())) {
      if (NamespaceNames.isFile(slab.name().substring(root))) {
        slabs.add(slab);
        add(namespace, slab, snapshot, filter, traces);
      }
    }
    new LoneDeletes(namespace, snapshot, slabs, traces).find();
  }

  private static void add(
      NamespaceHandle namespace, ObjectInfo slab, Snapshot snapshot, Filter filter, Traces traces) {
    try (SlabView view =
        namespace
            .files()
            .openUnnamed(
                namespace.store().openUnmapped(slab.name(), slab.size()), namespace.spec())) {
      ImmutableRoaringBitmap rows = view.matching(filter);
      for (IntIterator row = rows.getIntIterator(); row.hasNext(); ) {
        byte[] id = view.rowId(row.next());
        VectorRecord now = snapshot.find(Utf8.string(id));
        if (now == null) {
          traces.add(id);
        } else if (!FilterEvaluator.matches(filter, now.metadata())) {
          traces.addVersions(id);
        }
      }
    } catch (DataException e) {
      // Gc took it meanwhile, or what is left of it counts as a trace in any case.
    }
  }
}
