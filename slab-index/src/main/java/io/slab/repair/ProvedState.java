package io.slab.repair;

import io.slab.error.CancellationToken;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.MemRow;
import io.slab.memtable.WriteOp;
import io.slab.model.IndexSpec;
import io.slab.model.RangeTombstone;
import io.slab.model.Utf8;
import io.slab.wal.WalObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The records of a namespace as its slabs and log prove them, without any manifest (spec/index.md,
 * "What the files prove"). It marks in each slab the rows that are dead, and has the records and
 * deletes of the log that no slab has. Holds the ids and records that the log is about. One thread
 * only.
 */
final class ProvedState {
  private final ProvedRanges ranges;
  private final List<DecodedBatch> log = new ArrayList<>();

  /** Ids that the log writes. */
  private final Set<String> touched = new HashSet<>();

  /** Of updates by filter. */
  private final List<Filter> updates = new ArrayList<>();

  private final TreeSet<Long> updateLsns = new TreeSet<>();

  /** Of each id of the log, and of those that its updates may match, what slabs have. */
  private final Map<String, RecordVersion> before = new HashMap<>();

  /** Those whose row in a slab counts as living. */
  private final Set<String> livingBefore = new HashSet<>();

  private final Set<String> doubtful = new LinkedHashSet<>();
  private final List<MemRow> fresh = new ArrayList<>();
  private final List<Tombstone> deleted = new ArrayList<>();
  private long living;

  private ProvedState(ProvedRanges ranges) {
    this.ranges = ranges;
  }

  /**
   * Finds the state out.
   *
   * @param counted slabs whose rows count
   * @param deletes what slabs carry, void ones included
   * @param settled those that a compaction took over
   * @param doubts what may have deleted more than can be read
   */
  static ProvedState of(
      IndexSpec spec,
      List<SlabPatient> counted,
      List<SlabTombstones> deletes,
      List<RangeTombstone> settled,
      LogSalvage log,
      Doubts doubts,
      CancellationToken cancellation) {
    ProvedState state = new ProvedState(new ProvedRanges());
    for (WalObject object : log.objects()) {
      state.learn(DecodedBatch.of(log.name(object.sequence()), object, spec));
    }
    settled.forEach(state.ranges::settle);
    VersionsById ids = new VersionsById(cancellation);
    counted.stream().filter(slab -> slab.salvage().rows() > 0).forEach(ids::addRows);
    for (SlabTombstones one : deletes) {
      ids.addDeletes(one.ids());
      one.ranges().forEach(state.ranges::add);
    }
    while (ids.next()) {
      state.decide(ids, doubts);
    }
    ProvedLog replay = new ProvedLog(state.ranges, new HashMap<>(state.before));
    state.log.forEach(replay::apply);
    state.settle(replay.versions(), doubts);
    return state;
  }

  /** Notes what the log is about, before any slab is looked at. */
  private void learn(DecodedBatch batch) {
    log.add(batch);
    for (int i = 0; i < batch.ops().size(); i++) {
      WriteOp op = batch.ops().get(i);
      long lsn = batch.firstLsn() + i;
      if (op instanceof WriteOp.Upsert u) {
        touched.add(u.record().id());
      } else if (op instanceof WriteOp.DeleteId d) {
        touched.add(d.id());
      } else if (op instanceof WriteOp.PartialUpdate u) {
        touched.add(u.id());
        updateLsns.add(lsn);
      } else if (op instanceof WriteOp.UpdateByFilter u) {
        updateLsns.add(lsn);
        updates.add(FilterParser.parse(u.filterJson()));
      } else if (op instanceof WriteOp.DeleteByFilter d) {
        ranges.addLogged(RangeTombstone.filter(lsn, d.filterJson()));
      } else if (op instanceof WriteOp.DeleteAll) {
        ranges.addLogged(RangeTombstone.all(lsn));
      } else if (op instanceof WriteOp.DeleteByPrefix d) {
        ranges.addLogged(RangeTombstone.prefix(lsn, Utf8.bytes(d.prefix())));
      }
    }
  }

  private static final Comparator<RecordVersion> NEWEST =
      Comparator.comparingLong(RecordVersion::lsn)
          .thenComparing(version -> !version.slab().salvage().unreadable().contains(version.row()))
          .thenComparing(version -> version.slab().level())
          .thenComparing(version -> version.slab().id());

  /** Of each id the newest counts; the rows of all others are dead. */
  private void decide(VersionsById ids, Doubts doubts) {
    RecordVersion best = ids.rows().stream().max(NEWEST).orElse(null);
    for (RecordVersion version : ids.rows()) {
      if (version != best) {
        version.slab().dead().add(version.row());
      }
    }
    String id = Utf8.string(ids.id());
    boolean gone = best == null || ids.deleted() >= best.lsn();
    RecordVersion newest = gone ? RecordVersion.deleted(ids.deleted()) : best;
    boolean readable = !gone && !best.slab().salvage().unreadable().contains(best.row());
    boolean lives = readable ? ranges.spare(newest, Long.MAX_VALUE) : !gone;
    if (best != null && !lives) {
      best.slab().dead().add(best.row());
    }
    if (touched.contains(id) || readable && isUpdated(newest)) {
      before.put(id, newest);
      if (lives && readable) {
        livingBefore.add(id);
      }
    }
    if (lives) {
      living += readable ? 1 : 0;
      if (doubts.concern(newest)) {
        doubtful.add(id);
      }
    }
  }

  private boolean isUpdated(RecordVersion version) {
    return !updates.isEmpty()
        && updates.stream()
            .anyMatch(filter ->
                FilterEvaluator.matches(
                    filter, version.slab().salvage().slab().metadata(version.row())));
  }

  /** What the log makes of the records that slabs have. */
  private void settle(Map<String, RecordVersion> after, Doubts doubts) {
    Map<String, RecordVersion> sorted = new TreeMap<>(Utf8.ORDER);
    sorted.putAll(after);
    sorted.forEach((id, version) -> {
      RecordVersion had = before.get(id);
      if (had != null && (had == version || had.lsn() > version.lsn())) {
        return; // A slab has it already.
      }
      if (had != null && had.slab() != null) {
        had.slab().dead().add(had.row());
        if (had.lsn() == version.lsn()) {
          had.slab().elsewhere().add(had.row());
        }
      }
      if (livingBefore.contains(id)) {
        living--;
      }
      doubtful.remove(id);
      byte[] bytes = Utf8.bytes(id);
      if (!version.isDelete() && ranges.spare(version, Long.MAX_VALUE)) {
        fresh.add(new MemRow(bytes, version.lsn(), version.record()));
        if (doubts.concern(version)) {
          doubtful.add(id);
        }
      } else {
        deleted.add(new Tombstone(bytes, version.lsn()));
      }
    });
  }

  /** Records of the log that no slab has, in the order of their ids. */
  List<MemRow> fresh() {
    return fresh;
  }

  /** Deletes of the log by id, in that order. */
  List<Tombstone> deleted() {
    return deleted;
  }

  /** Deletes of the log of many records. */
  List<RangeTombstone> loggedRanges() {
    return SlabTombstones.reduced(ranges.logged(), updateLsns).stream()
        .filter(range -> !range.isAboutSlabs())
        .toList();
  }

  /** Living records that may have been deleted, or never written, by their ids. */
  List<String> doubtful() {
    return doubtful.stream().sorted(Utf8.ORDER).toList();
  }

  /** Living records that can be read. */
  long living() {
    return living + fresh.size();
  }
}
