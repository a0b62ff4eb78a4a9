package io.slab.snapshot;

import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.MergeRule;
import io.slab.memtable.WriteOp;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The records of a namespace as its slabs and log prove them, without any manifest or deletion
 * vector: spec/index.md, "What the files prove", word by word.
 */
public final class ProvedRecords {
  /** What is known of an id up to an LSN; no record when it is deleted. */
  private record Version(long lsn, VectorRecord record) {}

  private final ObjectStore store;
  private final NamespaceNames names;
  private final IndexSpec spec;
  private final Map<String, Version> newest = new HashMap<>();
  private final List<RangeTombstone> ranges = new ArrayList<>();
  private final Set<RangeTombstone> settled = new HashSet<>();
  private RangeTombstone restored;
  private final Map<RangeTombstone, Filter> filters = new HashMap<>();

  private ProvedRecords(ObjectStore store, NamespaceNames names, IndexSpec spec) {
    this.store = store;
    this.names = names;
    this.spec = spec;
  }

  /** The records by id. */
  public static Map<String, VectorRecord> of(
      ObjectStore store, NamespaceNames names, IndexSpec spec) {
    return new ProvedRecords(store, names, spec).find();
  }

  private Map<String, VectorRecord> find() {
    List<SlabReader> slabs = new ArrayList<>();
    for (ObjectInfo info : store.list(names.slabFolder(), null)) {
      slabs.add(SlabReader.open(store.open(info.name())));
    }
    restored(slabs);
    slabs.removeIf(this::isLeftOut);
    for (SlabReader slab : slabs) {
      SlabTombstones tombstones = slab.tombstones();
      for (Tombstone gone : tombstones.ids()) {
        know(Utf8.string(gone.id()), new Version(gone.lsn(), null));
      }
      ranges.addAll(tombstones.ranges());
      if (!slab.manifest().sources().isEmpty()) {
        settled.addAll(tombstones.ranges());
      }
    }
    for (SlabReader slab : slabs) {
      if (ranges.stream().noneMatch(range -> makesVoid(range, slab))) {
        for (int row = 0; row < slab.rows(); row++) {
          VectorRecord record = slab.record(row);
          know(record.id(), new Version(slab.lsn(row), record));
        }
      }
    }
    log().stream()
        .filter(o -> restored == null || o.firstLsn() > restored.lsn())
        .filter(o ->
            ranges.stream().noneMatch(r -> r.kind() == Kind.FLUSHED && o.firstLsn() <= r.lsn()))
        .forEach(this::replay);
    slabs.forEach(SlabReader::close);
    Map<String, VectorRecord> live = new TreeMap<>(Utf8.ORDER);
    newest.forEach((id, version) -> {
      if (isAlive(version, Long.MAX_VALUE)) {
        live.put(id, version.record());
      }
    });
    return live;
  }

  /** What the last restore said. */
  private void restored(List<SlabReader> slabs) {
    for (SlabReader slab : slabs) {
      for (RangeTombstone range : slab.tombstones().ranges()) {
        if (range.kind() == Kind.RESTORED && (restored == null || restored.lsn() < range.lsn())) {
          restored = range;
        }
      }
    }
  }

  private boolean isLeftOut(SlabReader slab) {
    if (restored == null || restored.names(slab.id())) {
      return false;
    }
    long from =
        slab.manifest().sources().isEmpty() ? slab.manifest().lsnMin() : slab.manifest().lsnAsOf();
    if (from < restored.lsn()) {
      slab.close();
      return true;
    }
    return false;
  }

  private static boolean makesVoid(RangeTombstone range, SlabReader slab) {
    long asOf = slab.manifest().lsnAsOf();
    if (asOf == SlabTombstones.UNKNOWN && slab.manifest().sources().isEmpty()) {
      asOf = slab.manifest().lsnMax();
    }
    if (range.kind() != Kind.OTHER_SLABS || asOf == SlabTombstones.UNKNOWN || asOf >= range.lsn()) {
      return false;
    }
    return !range.names(slab.id()) && slab.manifest().sources().stream().noneMatch(range::names);
  }

  /** The newest counts; a delete before a record of the same LSN. */
  private void know(String id, Version version) {
    newest.merge(
        id,
        version,
        (a, b) -> a.lsn() != b.lsn() ? (a.lsn() > b.lsn() ? a : b) : a.record() == null ? a : b);
  }

  /** The objects at the end of the log, without a hole and in chain. */
  private List<WalObject> log() {
    ObjectSequence sequence = new ObjectSequence(store, names.walFolder(), ".wal");
    List<Long> numbers = sequence.listAfter(0);
    List<WalObject> log = new ArrayList<>();
    for (int i = numbers.size() - 1; i >= 0; i--) {
      long number = numbers.get(i);
      String name = sequence.name(number);
      WalObject object = WalReader.decode(name, number, store.read(name, WalLayout.MAX_BYTES));
      if (!log.isEmpty()) {
        WalObject next = log.getFirst();
        boolean chained =
            next.previous().equals(Ulid.ZERO) || next.previous().equals(object.commit());
        if (next.sequence() != number + 1 || !chained) {
          break;
        }
      }
      log.addFirst(object);
    }
    return log;
  }

  private void replay(WalObject object) {
    DecodedBatch batch = DecodedBatch.of("log", object, spec);
    for (int i = 0; i < batch.ops().size(); i++) {
      replay(batch.firstLsn() + i, batch.ops().get(i));
    }
  }

  private void replay(long lsn, WriteOp op) {
    switch (op) {
      case WriteOp.Upsert u -> know(u.record().id(), new Version(lsn, u.record()));
      case WriteOp.DeleteId d -> know(d.id(), new Version(lsn, null));
      case WriteOp.PartialUpdate u -> update(u.id(), lsn, u.values(), u.sparse(), u.changes());
      case WriteOp.DeleteByFilter d -> ranges.add(RangeTombstone.filter(lsn, d.filterJson()));
      case WriteOp.DeleteAll d -> ranges.add(RangeTombstone.all(lsn));
      case WriteOp.DeleteByPrefix d ->
          ranges.add(RangeTombstone.prefix(lsn, Utf8.bytes(d.prefix())));
      case WriteOp.UpdateByFilter u -> {
        Filter filter = FilterParser.parse(u.filterJson());
        for (String id : List.copyOf(newest.keySet())) {
          VectorRecord record = newest.get(id).record();
          if (record != null && FilterEvaluator.matches(filter, record.metadata())) {
            update(id, lsn, null, null, u.changes());
          }
        }
      }
      case null -> {}
    }
  }

  /** What changes a record that was alive then, and of which nothing newer is known. */
  private void update(String id, long lsn, float[] values, SparseVector sparse, Metadata changes) {
    Version base = newest.get(id);
    if (base == null || base.lsn() >= lsn || !isAlive(base, lsn)) {
      return;
    }
    VectorRecord r = base.record();
    Metadata metadata = MergeRule.KEEP_SMALLER.merge(r, changes);
    if (metadata != null) {
      float[] dense = values == null ? r.values() : values;
      SparseVector weights = sparse == null ? r.sparse() : sparse;
      know(id, new Version(lsn, new VectorRecord(id, dense, weights, metadata)));
    }
  }

  /** True when no delete up to an LSN took it. */
  private boolean isAlive(Version version, long until) {
    return version.record() != null
        && ranges.stream()
            .filter(range -> range.lsn() <= until || settles(range))
            .noneMatch(range -> applies(range, version));
  }

  private boolean settles(RangeTombstone range) {
    return range.kind() == Kind.FILTER && settled.contains(range);
  }

  private boolean applies(RangeTombstone range, Version version) {
    if (version.lsn() >= range.lsn() || range.isAboutSlabs()) {
      return false;
    }
    if (range.kind() != Kind.FILTER) {
      return range.covers(Utf8.bytes(version.record().id()), version.lsn());
    }
    Filter filter =
        filters.computeIfAbsent(range, r -> FilterParser.parse(Utf8.string(r.argument())));
    return FilterEvaluator.matches(filter, version.record().metadata());
  }
}
