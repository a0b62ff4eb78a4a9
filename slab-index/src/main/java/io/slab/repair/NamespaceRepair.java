package io.slab.repair;

import io.slab.check.Problem;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.UnsupportedException;
import io.slab.manifest.CommitRules;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.manifest.SlabEntry;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.namespace.IndexPresence;
import io.slab.namespace.NamespaceHandle;
import io.slab.repair.RepairStep.Remedy;
import io.slab.snapshot.FormatSlabs;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Finds what is damaged in one namespace, says what would be lost, and mends it. Nothing is changed
 * in place: new slabs, one new manifest, and the damaged objects under names of a quarantine. No
 * other process may write the namespace meanwhile; one that does makes the repair end without
 * effect. One thread only; close it when done.
 *
 * <p>Memory: 12 bytes for each row of a damaged slab; where manifests are lost 4 more, and the
 * records of the log.
 */
public final class NamespaceRepair implements AutoCloseable {
  final ObjectStore store;
  final NamespaceHandle handle;
  final NamespaceNames names;
  final IndexSpec spec;
  final CancellationToken cancellation;
  final Losses losses = new Losses();
  final List<RepairStep> steps = new ArrayList<>();
  final List<SlabPatient> patients = new ArrayList<>();
  final List<String> notes = new ArrayList<>();
  private final ObjectSequence manifests;

  /** The newest manifest, where that can be believed. */
  private NamespaceManifest base;

  /** A manifest that can be read but is not the newest one, or does not say all; or null. */
  NamespaceManifest older;

  private LogSalvage log;
  private ManifestRecovery recovery;
  private List<String> resurrected = List.of();
  private long records;

  /**
   * @param store where the index is; of an {@link OverlayStore} the index below is not touched
   * @param cancellation asked for each row
   */
  public NamespaceRepair(
      ObjectStore store,
      String namespace,
      IndexSpec spec,
      Environment environment,
      CancellationToken cancellation) {
    this.store = store;
    this.spec = spec;
    this.cancellation = cancellation;
    this.handle =
        new NamespaceHandle(
            store,
            namespace,
            spec,
            environment,
            new FormatSlabs(),
            store.retry(),
            IndexPresence.ALWAYS);
    this.names = handle.names();
    this.manifests = new ObjectSequence(store, names.manifestFolder(), ".json");
  }

  /**
   * Looks at everything and changes nothing.
   *
   * @throws UnsupportedException when a newer version wrote what is here: that is no damage
   * @throws io.slab.error.StoreException when the storage fails, which says nothing about the data
   */
  public RepairReport examine() {
    List<Long> numbers = store.retry().run(() -> manifests.listAfter(-1));
    readManifest(numbers);
    if (base != null) {
      examineNamed();
    }
    if (base == null && (older != null || !numbers.isEmpty() || hasRemains())) {
      recovery = new ManifestRecovery(this, numbers);
      recovery.examine();
      resurrected = recovery.resurrected();
      records = recovery.records();
    }
    return report(false, -1, List.of(), List.of());
  }

  private void readManifest(List<Long> numbers) {
    if (numbers.isEmpty()) {
      return;
    }
    long newest = numbers.getLast();
    for (int i = numbers.size() - 1; i >= 0 && older == null; i--) {
      long number = numbers.get(i);
      try {
        older = handle.manifests().read(number);
      } catch (UnsupportedException e) {
        throw e;
      } catch (DataException e) {
        steps.add(step(manifests.name(number), e, Remedy.RECOVER));
      }
    }
    if (older != null && older.id() == newest && !provesLoss(older)) {
      base = older;
      older = null;
    }
  }

  static RepairStep step(String object, DataException e, Remedy remedy) {
    return new RepairStep(object, null, e.offset(), e.getMessage(), remedy);
  }

  /** True when a slab shows that a newer manifest is lost. */
  private boolean provesLoss(NamespaceManifest newest) {
    Set<String> named = new HashSet<>();
    newest.slabs().forEach(slab -> named.add(names.slab(slab.id())));
    List<ObjectInfo> unnamed =
        slabFiles().stream().filter(file -> !named.contains(file.name())).toList();
    if (unnamed.isEmpty()) {
      return false;
    }
    Set<Long> there = Set.copyOf(handle.wal().listAfter(-1));
    for (ObjectInfo file : unnamed) {
      long lsnMax;
      try {
        lsnMax = handle.files().lsns(store.openUnmapped(file.name(), file.size())).max();
      } catch (DataException e) {
        continue; // It proves nothing, and no manifest names it.
      }
      if (CommitRules.provesLoss(newest, lsnMax, there)) {
        String problem = file.name() + " holds writes that no manifest flushed and no log has";
        steps.add(
            new RepairStep(
                manifests.name(newest.id() + 1), null, -1, "missing: " + problem, Remedy.RECOVER));
        return true;
      }
    }
    return false;
  }

  List<ObjectInfo> slabFiles() {
    int root = names.folder().length();
    return store.retry().run(() -> store.list(names.slabFolder(), null)).stream()
        .filter(file -> NamespaceNames.isFile(file.name().substring(root)))
        .toList();
  }

  private boolean hasRemains() {
    boolean any = !slabFiles().isEmpty() || !handle.wal().listAfter(0).isEmpty();
    if (any) {
      String problem = "missing: no manifest beside slabs or log objects";
      steps.add(new RepairStep(names.manifestFolder(), null, -1, problem, Remedy.RECOVER));
    }
    return any;
  }

  /** The manifest is whole: slab after slab, and the log. */
  private void examineNamed() {
    for (SlabEntry entry : base.slabs()) {
      MutableRoaringBitmap dead;
      try {
        dead = handle.dead(base, entry);
      } catch (UnsupportedException e) {
        throw e;
      } catch (DataException e) {
        // Which of its rows are alive has to be found out from all slabs and the log.
        String file = entry.deletes().file();
        String name = file == null ? manifests.name(base.id()) : names.deletesFolder() + file;
        steps.clear();
        steps.add(step(name, e, Remedy.RECOVER));
        older = base;
        base = null;
        closePatients();
        return;
      }
      add(SlabPatient.named(store, names, entry, dead, spec, cancellation));
    }
    FlushedLog flushed = new FlushedLog(store, names, spec);
    for (SlabPatient patient : patients) {
      flushed.recover(patient);
      patient.lost(losses);
      if (!patient.recovered().isEmpty()) {
        notes.add(
            patient.recovered().size() + " records of " + patient.name() + " are in the log still");
      }
      records += patient.entry().rows() - patient.dead().getLongCardinality();
    }
    records -= losses.records();
    if (!(store instanceof OverlayStore)) {
      notes.addAll(new KeptStates(handle, base).problems());
    }
    log =
        LogSalvage.ofWhole(
            store, names, base.walFlushedThrough(), base.lastFlushedCommit(), losses);
    steps.addAll(log.steps());
    if (log.lostUpTo() >= 0) {
      resurrected = LogDoubts.ids(patients, log, spec);
    }
  }

  /** Takes a slab in, with what is to be done about it. */
  void add(SlabPatient patient) {
    patients.add(patient);
    if (patient.salvage() == null) {
      String problem = "missing, though a manifest names it";
      steps.add(new RepairStep(patient.name(), null, -1, problem, patient.remedy()));
      return;
    }
    for (Problem problem : patient.salvage().problems()) {
      if (problem.unsupported()) {
        throw new UnsupportedException(
            patient.name(), problem.offset(), problem.problem(), "what this version knows");
      }
      steps.add(
          new RepairStep(
              patient.name(),
              problem.section(),
              problem.offset(),
              problem.problem(),
              patient.remedy()));
    }
  }

  private RepairReport report(
      boolean applied, long manifest, List<SlabEntry> written, List<String> quarantined) {
    return new RepairReport(
        names.namespace(),
        steps,
        losses.all(),
        losses.records(),
        records,
        resurrected,
        notes,
        applied,
        manifest,
        written.stream().map(SlabEntry::id).toList(),
        quarantined);
  }

  /**
   * For a caller that repairs several namespaces and must change none when one is in doubt.
   *
   * @throws ConflictException when records may come back
   */
  public void requireNoneResurrected() {
    if (!resurrected.isEmpty()) {
      throw new ConflictException(
          resurrected.size()
              + " records may have been deleted, or never written, and would come back, the first: '"
              + resurrected.getFirst()
              + "'",
          "the dry run lists them; allow it with --may-resurrect, or bring a backup back");
    }
  }

  /**
   * Does what {@link #examine} foresaw.
   *
   * @param mayResurrect to go on though records may come back that were deleted
   * @throws ConflictException when records may come back and must not, or when the namespace was
   *     written to meanwhile; nothing is changed then
   */
  public RepairReport apply(boolean mayResurrect) {
    if (steps.isEmpty()) {
      return report(true, -1, List.of(), List.of());
    }
    if (!mayResurrect) {
      requireNoneResurrected();
    }
    Quarantine quarantine = new Quarantine(store, names);
    List<SlabEntry> written = new ArrayList<>();
    NamespaceManifest done;
    if (recovery != null) {
      done = recovery.apply(written);
    } else {
      done = new NamedRepair(this, base).apply(log, written);
    }
    if (!(store instanceof OverlayStore)) {
      setAside(done, quarantine);
    }
    return report(true, done.id(), written, quarantine.kept());
  }

  /** Keeps what is damaged; of an overlay nothing has to be kept. */
  private void setAside(NamespaceManifest done, Quarantine quarantine) {
    for (RepairStep step : steps) {
      // Log objects and manifests keep their numbers: gc removes them like any other.
      boolean numbered =
          step.object().startsWith(names.walFolder())
              || step.object().startsWith(names.manifestFolder());
      if (numbered && isFile(step.object())) {
        quarantine.keep(step.object());
      }
    }
    Set<Ulid> named = new HashSet<>();
    done.slabs().forEach(slab -> named.add(slab.id()));
    boolean known = addOfCheckpoints(done, named);
    for (SlabPatient patient : patients) {
      if (!patient.isWhole() && patient.salvage() != null && !named.contains(patient.id())) {
        if (known) {
          quarantine.move(patient.name());
        } else {
          quarantine.keep(patient.name());
        }
      }
    }
  }

  /** Adds the slabs that checkpoints name; false when that cannot be known. */
  private boolean addOfCheckpoints(NamespaceManifest done, Set<Ulid> named) {
    try {
      for (NamespaceManifest.Checkpoint checkpoint : done.checkpoints()) {
        handle.manifests().read(checkpoint.manifest()).slabs().forEach(s -> named.add(s.id()));
      }
      return true;
    } catch (DataException e) {
      return false;
    }
  }

  private static boolean isFile(String name) {
    return name.endsWith(".wal") || name.endsWith(".json");
  }

  /**
   * @param before the manifest that this repair committed before, or null
   */
  static ConflictException lost(NamespaceManifest before) {
    return new ConflictException(
        "the namespace was written to while it was repaired; "
            + (before == null
                ? "nothing is changed"
                : "its slabs are mended by manifest " + before.id() + ", its log is not"),
        "end what writes there, and run it again");
  }

  private void closePatients() {
    patients.forEach(SlabPatient::close);
    patients.clear();
  }

  @Override
  public void close() {
    closePatients();
    handle.close();
  }
}
