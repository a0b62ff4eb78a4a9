package io.slab.manifest;

import io.slab.model.Ulid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The whole state of a namespace up to a WAL position; each change creates the next one. Immutable.
 * A component for each member of the file (spec/index.md, "Namespace manifest").
 *
 * @param id its number
 * @param parent the manifest it was made from, 0 for the first
 * @param commit what tells this attempt from every other
 * @param operation {@code create}, {@code flush}, {@code compact}, {@code drop}, ...
 * @param timeMillis when, by the writer's clock; informative
 * @param writer name and version of the program; informative
 * @param namespace the name that the folder encodes
 * @param deleted true when the namespace was dropped at this point
 * @param lsnFlushed largest LSN that is in the slabs
 * @param walFlushedThrough WAL objects up to this number are in the slabs; replay starts after it
 * @param slabs oldest first
 * @param history the last {@value #MAX_HISTORY} manifests, this one last, without gaps
 * @param walHistory the last {@value #MAX_WAL_HISTORY} flushed WAL objects, without gaps, up to
 *     {@code walFlushedThrough}
 * @param checkpoints manifests that gc must keep
 * @param condemned files, relative to the namespace's folder, that gc is about to delete: no later
 *     manifest may name one of them
 * @param retired slabs with {@code lsnAsOf} that manifests before named and this one does not, at
 *     most {@value #MAX_RETIRED}, the last ones last; no later manifest names one
 * @param thresholds numbers that policies go by
 */
public record NamespaceManifest(
    long id,
    long parent,
    Ulid commit,
    String operation,
    long timeMillis,
    String writer,
    String namespace,
    boolean deleted,
    long lsnFlushed,
    long walFlushedThrough,
    List<SlabEntry> slabs,
    List<Change> history,
    List<WalCommit> walHistory,
    List<Checkpoint> checkpoints,
    List<String> condemned,
    List<Ulid> retired,
    SortedMap<String, Long> thresholds) {
  /** Of the manifests with which gc condemns files: they change nothing else. */
  public static final String GC = "gc";

  /** Of the manifests that take the slot of a dropped namespace: they change nothing. */
  public static final String SEAL = "seal";

  /** Of the manifests that keep or release states: they change no record. */
  public static final String CHECKPOINT = "checkpoint";

  /** Of the manifests that bring an earlier state back. */
  public static final String RESTORE = "restore";

  /** Of the manifests that drop the namespace. */
  public static final String DROP = "drop";

  /** The operation of a manifest that a repair made. */
  public static final String REPAIR = "repair";

  /** Of the manifests that write what is in the log only into slabs: they change no record. */
  public static final String FLUSH = "flush";

  public static final int MAX_HISTORY = 256;
  public static final int MAX_WAL_HISTORY = 1024;
  public static final int MAX_RETIRED = 1024;

  /** One manifest of the past. */
  public record Change(long id, Ulid commit, String operation) {}

  /** One flushed WAL object. */
  public record WalCommit(long sequence, Ulid commit) {}

  /** A manifest that stays readable until a time (milliseconds since the epoch; 0: for ever). */
  public record Checkpoint(String name, long manifest, long expiresMillis) {
    /**
     * True when gc keeps it at a time, by the store's clock.
     *
     * @param time milliseconds since the epoch
     */
    public boolean isKept(long time) {
      return expiresMillis == 0 || expiresMillis > time;
    }
  }

  /** What a new manifest brings; everything else follows from its parent. */
  public record Edit(
      String operation,
      boolean deleted,
      long lsnFlushed,
      long walFlushedThrough,
      List<SlabEntry> slabs,
      List<WalCommit> flushed) {
    /** Of a manifest with the state of the one before. */
    public static Edit unchanged(NamespaceManifest parent, String operation) {
      return new Edit(
          operation,
          parent.deleted(),
          parent.lsnFlushed(),
          parent.walFlushedThrough(),
          parent.slabs(),
          List.of());
    }
  }

  public NamespaceManifest {
    slabs = List.copyOf(slabs);
    history = List.copyOf(history);
    walHistory = List.copyOf(walHistory);
    checkpoints = List.copyOf(checkpoints);
    condemned = List.copyOf(condemned);
    retired = List.copyOf(retired);
    thresholds = Collections.unmodifiableSortedMap(new TreeMap<>(thresholds));
  }

  /** The first manifest of a namespace, over the WAL anchor. */
  public static NamespaceManifest first(
      String namespace,
      Ulid commit,
      Ulid anchorCommit,
      long timeMillis,
      String writer,
      SortedMap<String, Long> thresholds) {
    return new NamespaceManifest(
        1,
        0,
        commit,
        "create",
        timeMillis,
        writer,
        namespace,
        false,
        0,
        0,
        List.of(),
        List.of(new Change(1, commit, "create")),
        List.of(new WalCommit(0, anchorCommit)),
        List.of(),
        List.of(),
        List.of(),
        thresholds);
  }

  /** The manifest after this one. */
  public NamespaceManifest next(Ulid nextCommit, long time, String nextWriter, Edit edit) {
    List<Change> changes = new ArrayList<>(history);
    changes.add(new Change(id + 1, nextCommit, edit.operation));
    List<WalCommit> commits = new ArrayList<>(walHistory);
    commits.addAll(edit.flushed);
    return with(next -> {
      next.id = id + 1;
      next.parent = id;
      next.commit = nextCommit;
      next.operation = edit.operation;
      next.timeMillis = time;
      next.writer = nextWriter;
      next.deleted = edit.deleted;
      next.lsnFlushed = edit.lsnFlushed;
      next.walFlushedThrough = edit.walFlushedThrough;
      next.slabs = edit.slabs;
      next.retired = retiredBy(edit.slabs);
      next.history = last(changes, MAX_HISTORY);
      next.walHistory = last(commits, MAX_WAL_HISTORY);
    });
  }

  /** Those of this manifest, and those of its slabs that the next one does not name. */
  private List<Ulid> retiredBy(List<SlabEntry> named) {
    Set<Ulid> stay = new HashSet<>();
    named.forEach(slab -> stay.add(slab.id()));
    List<Ulid> all = new ArrayList<>(retired);
    for (SlabEntry slab : slabs) {
      if (slab.lsnAsOf() >= 0 && !stay.contains(slab.id())) {
        all.add(slab.id());
      }
    }
    return last(all, MAX_RETIRED);
  }

  /**
   * The same state as the manifest after another one: for a copy of the namespace in which gc took
   * the number that this one has.
   *
   * @param there the newest manifest of the copy, of which gc changed nothing but what it condemned
   */
  public NamespaceManifest after(NamespaceManifest there) {
    List<Change> changes = new ArrayList<>(there.history);
    changes.add(new Change(there.id + 1, commit, operation));
    return with(next -> {
      next.id = there.id + 1;
      next.parent = there.id;
      next.history = last(changes, MAX_HISTORY);
      next.condemned = there.condemned;
    });
  }

  /** The same with other checkpoints. */
  public NamespaceManifest withCheckpoints(List<Checkpoint> kept) {
    return with(next -> next.checkpoints = kept);
  }

  /**
   * The same for a restore, which may name slabs that the manifests before it did not: they are
   * retired no longer.
   */
  public NamespaceManifest withoutRetiredNamed() {
    Set<Ulid> named = new HashSet<>();
    slabs.forEach(slab -> named.add(slab.id()));
    return with(
        next -> next.retired = retired.stream().filter(slab -> !named.contains(slab)).toList());
  }

  /** The same with other thresholds. */
  public NamespaceManifest withThresholds(SortedMap<String, Long> numbers) {
    return with(next -> next.thresholds = numbers);
  }

  /**
   * The same with other condemned files. Slabs that are not condemned any more are deleted, and
   * count as retired no longer.
   *
   * @param files slabs and deletion vectors, relative to the namespace's folder
   */
  public NamespaceManifest withCondemned(List<String> files) {
    for (String file : files) {
      if (!NamespaceNames.isFile(file)) {
        throw new IllegalArgumentException(file + " is no slab and no deletion vector");
      }
    }
    Set<String> gone = new HashSet<>(condemned);
    files.forEach(gone::remove);
    return with(next -> {
      next.condemned = files;
      next.retired =
          retired.stream().filter(slab -> !gone.contains(NamespaceNames.slabFile(slab))).toList();
    });
  }

  private NamespaceManifest with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.manifest();
  }

  /** A manifest in the making: a copy of one, of which some parts are changed. */
  private static final class Draft {
    private long id;
    private long parent;
    private Ulid commit;
    private String operation;
    private long timeMillis;
    private String writer;
    private final String namespace;
    private boolean deleted;
    private long lsnFlushed;
    private long walFlushedThrough;
    private List<SlabEntry> slabs;
    private List<Change> history;
    private List<WalCommit> walHistory;
    private List<Checkpoint> checkpoints;
    private List<String> condemned;
    private List<Ulid> retired;
    private SortedMap<String, Long> thresholds;

    Draft(NamespaceManifest of) {
      id = of.id;
      parent = of.parent;
      commit = of.commit;
      operation = of.operation;
      timeMillis = of.timeMillis;
      writer = of.writer;
      namespace = of.namespace;
      deleted = of.deleted;
      lsnFlushed = of.lsnFlushed;
      walFlushedThrough = of.walFlushedThrough;
      slabs = of.slabs;
      history = of.history;
      walHistory = of.walHistory;
      checkpoints = of.checkpoints;
      condemned = of.condemned;
      retired = of.retired;
      thresholds = of.thresholds;
    }

    NamespaceManifest manifest() {
      return new NamespaceManifest(
          id,
          parent,
          commit,
          operation,
          timeMillis,
          writer,
          namespace,
          deleted,
          lsnFlushed,
          walFlushedThrough,
          slabs,
          history,
          walHistory,
          checkpoints,
          condemned,
          retired,
          thresholds);
    }
  }

  private static <T> List<T> last(List<T> list, int most) {
    return list.subList(Math.max(0, list.size() - most), list.size());
  }

  /**
   * Commit id of the newest flushed WAL object: what the first replayed one must name as its
   * predecessor.
   */
  public Ulid lastFlushedCommit() {
    return walHistory.getLast().commit();
  }

  /** A threshold, or a default when this manifest has none of that name. */
  public long threshold(String name, long otherwise) {
    return thresholds.getOrDefault(name, otherwise);
  }
}
