package io.slab.repair;

import io.slab.error.DataException;
import io.slab.format.SlabManifest;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Change;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabDeletes;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.MemRows;
import io.slab.model.RangeTombstone;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.Version;
import io.slab.namespace.CommitOutcome;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.store.ObjectInfo;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import io.slab.writer.DeletesWriter;
import io.slab.writer.SlabWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes the manifest of a namespace anew, of what its slabs and its log prove. One thread only. */
final class ManifestRecovery {
  /** Numbers of manifests that a lost one may have had are not given out again. */
  private static final long SAFE_DISTANCE = 1 << 20;

  private final NamespaceRepair repair;
  private final NamespaceHandle handle;
  private final NamespaceNames names;
  private final long newestNumber;
  private final List<SlabTombstones> deletes = new ArrayList<>();

  /** Deletes of many records that compactions took over. */
  private final List<RangeTombstone> settled = new ArrayList<>();

  private final List<SlabPatient> counted = new ArrayList<>();
  private final Doubts doubts = new Doubts();
  private LastRestore restore;
  private LogSalvage log;
  private ProvedState state;
  private long flushed;

  /**
   * @param numbers of the manifests that are there, readable or not
   */
  ManifestRecovery(NamespaceRepair repair, List<Long> numbers) {
    this.repair = repair;
    this.handle = repair.handle;
    this.names = repair.names;
    this.newestNumber = numbers.isEmpty() ? -1 : numbers.getLast();
  }

  void examine() {
    for (ObjectInfo file : repair.slabFiles()) {
      String name = file.fileName();
      Ulid id = Ulid.parse(name.substring(0, Ulid.TEXT_LENGTH));
      repair.add(
          SlabPatient.found(
              repair.store, file.name(), id, file.size(), repair.spec, repair.cancellation));
    }
    count();
    readLog();
    state =
        ProvedState.of(repair.spec, counted, deletes, settled, log, doubts, repair.cancellation);
    repair.patients.forEach(patient -> patient.lost(repair.losses));
    repair.steps.addAll(log.steps());
    repair.notes.add(
        repair.older == null
            ? "checkpoints are lost with the manifests"
            : "checkpoints made after manifest "
                + repair.older.id()
                + " are lost, and those deleted after it are there again");
    if (repair.older != null && !(repair.store instanceof OverlayStore)) {
      repair.notes.addAll(new KeptStates(handle, repair.older).problems());
    }
    if (!isDropped()) {
      repair.notes.add(
          "that the namespace was dropped, and not written to since, is proved by no slab and no"
              + " log object");
    }
  }

  /** Slabs of which rows count, and what is in doubt because of the others. */
  private void count() {
    List<RangeTombstone> ranges = new ArrayList<>();
    repair.patients.stream()
        .filter(SlabPatient::isOpen)
        .forEach(patient -> ranges.addAll(patient.salvage().deletes().tombstones().ranges()));
    restore = LastRestore.of(ranges);
    ranges.clear();
    for (SlabPatient patient : repair.patients) {
      if (!patient.isOpen()) {
        doubts.slab(patient, Long.MAX_VALUE);
        continue;
      }
      if (restore.leavesOut(patient.salvage().manifest())) {
        continue;
      }
      var said = patient.salvage().deletes();
      deletes.add(said.tombstones());
      ranges.addAll(said.tombstones().ranges());
      if (!patient.salvage().manifest().sources().isEmpty()) {
        settled.addAll(said.tombstones().ranges());
      }
      if (!said.complete() || patient.hidesIds()) {
        doubts.slab(patient, patient.entry().lsnMax());
      }
    }
    VoidSlabs unusable = new VoidSlabs(ranges);
    for (SlabPatient patient : repair.patients) {
      if (patient.isOpen()) {
        SlabManifest slab = patient.salvage().manifest();
        if (restore.leavesOut(slab) || isGarbage(patient) || unusable.has(slab)) {
          patient.dead().add(0L, patient.entry().rows());
        } else {
          counted.add(patient);
          if (isUnproved(patient)) {
            doubts.uncommitted(patient);
          }
        }
      }
    }
    counted.sort(
        Comparator.comparingLong((SlabPatient slab) -> knownUpTo(slab.entry()))
            .thenComparing(SlabPatient::id));
  }

  /** True when the last manifest that can be read drops the namespace. */
  private boolean isDropped() {
    return repair.older != null && repair.older.deleted();
  }

  /**
   * True for a slab of before the drop. One that a restore brought back, and was compacted since,
   * knows of later writes; of a bulk load it is not known.
   */
  private boolean endedByDrop(SlabEntry slab) {
    return isDropped() && slab.lsnAsOf() >= 0 && slab.lsnAsOf() <= repair.older.lsnFlushed();
  }

  /** True for a slab that a manifest condemned, or replaced by another one, or dropped. */
  private boolean isGarbage(SlabPatient patient) {
    NamespaceManifest older = repair.older;
    return older != null
        && !restore.names(patient.id())
        && (older.retired().contains(patient.id())
            || endedByDrop(patient.entry())
            || older.condemned().contains("slabs/" + patient.id() + ".slab"));
  }

  /** True for one of a bulk load that no manifest says was committed. */
  private boolean isUnproved(SlabPatient patient) {
    boolean bulk =
        patient.entry().lsnAsOf() < 0 && patient.salvage().manifest().sources().isEmpty();
    return bulk
        && (repair.older == null
            || repair.older.slabs().stream().noneMatch(slab -> slab.id().equals(patient.id())));
  }

  private static long knownUpTo(SlabEntry slab) {
    return slab.lsnAsOf() < 0 ? slab.lsnMax() : slab.lsnAsOf();
  }

  private void readLog() {
    flushed = repair.older == null ? 0 : repair.older.walFlushedThrough();
    for (SlabPatient patient : repair.patients) {
      if (patient.entry() != null) {
        flushed = Math.max(flushed, knownUpTo(patient.entry()) >>> WalLayout.LSN_SHIFT);
      }
    }
    List<Long> numbers = handle.wal().listAfter(-1);
    // What slabs of an interrupted flush have may be in the log alone as well: as far as it
    // reaches.
    long first = numbers.isEmpty() ? flushed + 1 : numbers.getLast();
    for (int i = numbers.size() - 2; i >= 0 && numbers.get(i) == first - 1 && chained(first); i--) {
      first--;
    }
    long after = numbers.isEmpty() ? flushed : Math.min(first - 1, flushed);
    after = Math.max(after, restore.logUpTo());
    if (isDropped()) {
      after = Math.max(after, repair.older.walFlushedThrough());
    }
    log = LogSalvage.after(repair.store, names, after, Ulid.ZERO, repair.losses);
    if (log.lostUpTo() >= 0) {
      doubts.log(log.lostUpTo());
    }
  }

  /** False when an object names another predecessor than the one that is there. */
  private boolean chained(long number) {
    try {
      Ulid previous = handle.wal().read(number).previous();
      return previous.equals(Ulid.ZERO) || previous.equals(handle.wal().read(number - 1).commit());
    } catch (DataException e) {
      return true; // Met again when it is read.
    }
  }

  List<String> resurrected() {
    return state.doubtful();
  }

  long records() {
    return state.living();
  }

  /**
   * Writes what the log alone has into a slab, and commits.
   *
   * @param written gets the new slabs
   */
  NamespaceManifest apply(List<SlabEntry> written) {
    Ulid commit = handle.environment().newId();
    long number = number();
    WalCommit end = endOfLog();
    long top = top(end);
    List<String> files = new ArrayList<>();
    List<SlabEntry> slabs = new ArrayList<>();
    SlabMender mender = new SlabMender(handle, repair.cancellation);
    for (SlabPatient slab : needed()) {
      if (slab.isWhole()) {
        slabs.add(slab.entry().withDeletes(deletes(slab, number, commit, files)));
        continue;
      }
      SlabEntry mended = mender.mend(slab, top, counted);
      if (mended != null) {
        slabs.add(mended);
        written.add(mended);
        files.add(names.slab(mended.id()));
      }
    }
    SlabEntry fresh = loggedAlone(top);
    if (fresh != null) {
      slabs.add(fresh);
      written.add(fresh);
      files.add(names.slab(fresh.id()));
    }
    NamespaceManifest manifest = manifest(number, commit, slabs, end, top);
    if (handle.commit(manifest, files) != CommitOutcome.COMMITTED) {
      files.forEach(handle.store()::delete);
      throw NamespaceRepair.lost(null);
    }
    return manifest;
  }

  /** All that count but those whose rows, and deletes, a compaction took. */
  private List<SlabPatient> needed() {
    Set<Ulid> superseded = new HashSet<>();
    counted.forEach(slab -> superseded.addAll(slab.salvage().manifest().sources()));
    return counted.stream()
        .filter(slab -> {
          boolean empty = slab.dead().getLongCardinality() == slab.entry().rows();
          return !(slab.isWhole() && empty && superseded.contains(slab.id()));
        })
        .toList();
  }

  /** Writes which rows of a slab are dead, if any are. */
  private SlabDeletes deletes(SlabPatient slab, long number, Ulid commit, List<String> files) {
    return slab.dead().isEmpty()
        ? SlabDeletes.NONE
        : DeletesWriter.write(handle, slab.id(), number, commit, slab.dead(), files::add);
  }

  /** Writes a slab of the records and deletes that no other slab has; null when there are none. */
  private SlabEntry loggedAlone(long top) {
    List<Tombstone> carried = new ArrayList<>(state.deleted());
    List<RangeTombstone> ranges = new ArrayList<>(state.loggedRanges());
    if (state.fresh().isEmpty() && carried.isEmpty() && ranges.isEmpty()) {
      return null;
    }
    SlabTombstones deleted = SlabTombstones.sorted(carried, ranges, top);
    return new SlabWriter(handle)
        .write(0, List.of(), deleted, new MemRows(state.fresh()), repair.cancellation);
  }

  /** A number above all that manifests had. */
  private long number() {
    if (newestNumber >= 0) {
      return newestNumber + 1;
    }
    long known = 0;
    for (ObjectInfo file : repair.store.list(names.deletesFolder(), null)) {
      known = Math.max(known, NamespaceNames.deletesManifest(file.fileName()));
    }
    return known + SAFE_DISTANCE;
  }

  /** The last object of the log; one without records is made where there is none at all. */
  private WalCommit endOfLog() {
    List<Long> numbers = handle.wal().listAfter(-1);
    if (!log.objects().isEmpty()) {
      WalObject last = log.objects().getLast();
      return new WalCommit(last.sequence(), last.commit());
    }
    if (!numbers.isEmpty()) {
      return new WalCommit(Math.max(flushed, numbers.getLast()), Ulid.ZERO);
    }
    WalObject end =
        new WalObject(
            flushed,
            handle.environment().newId(),
            handle.environment().newId(),
            Ulid.ZERO,
            List.of());
    handle.store().create(handle.wal().name(flushed), WalWriter.encode(end));
    return new WalCommit(flushed, end.commit());
  }

  private long top(WalCommit end) {
    long top = WalLayout.firstLsn(end.sequence());
    if (!log.objects().isEmpty()) {
      top = Math.max(top, log.objects().getLast().lastLsn());
    }
    for (SlabPatient slab : counted) {
      top = Math.max(top, Math.max(slab.entry().lsnMax(), slab.entry().lsnAsOf()));
    }
    return top;
  }

  private NamespaceManifest manifest(
      long number, Ulid commit, List<SlabEntry> slabs, WalCommit end, long top) {
    NamespaceManifest older = repair.older;
    boolean follows = older != null && older.id() == number - 1;
    List<Change> history = new ArrayList<>(follows ? older.history() : List.of());
    history.add(new Change(number, commit, NamespaceManifest.REPAIR));
    SortedMap<String, Long> thresholds = new TreeMap<>(Utf8.ORDER);
    thresholds.putAll(older == null ? Thresholds.defaults() : older.thresholds());
    int most = NamespaceManifest.MAX_HISTORY;
    return new NamespaceManifest(
        number,
        older == null ? 0 : older.id(),
        commit,
        NamespaceManifest.REPAIR,
        handle.environment().now(),
        Version.PROGRAM,
        names.namespace(),
        isDropped() && slabs.isEmpty(),
        Math.max(top, older == null ? 0 : older.lsnFlushed()),
        end.sequence(),
        slabs,
        history.subList(Math.max(0, history.size() - most), history.size()),
        List.of(end),
        older == null ? List.of() : older.checkpoints(),
        older == null ? List.of() : older.condemned(),
        older == null ? List.of() : older.retired(),
        thresholds);
  }
}
