package io.slab.snapshot;

import io.slab.bytes.XxHash64;
import io.slab.format.SlabAhead;
import io.slab.manifest.NamespaceManifest;
import io.slab.memtable.MemRow;
import io.slab.model.RecordRules;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.store.Together;
import io.slab.store.Traffic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A namespace at one moment: what is written later never changes it. Every live id occurs exactly
 * once among the rows of the slabs that are not dead and the memtable. Thread-safe; close it so
 * that its slabs can be closed.
 */
public final class Snapshot implements AutoCloseable {
  private final NamespaceManifest manifest;
  private final boolean exists;
  private final long walApplied;
  private final List<LiveSlab> slabs;
  private final List<MemRow> memtable;
  private final Traffic traffic;
  private final Runnable onClose;

  /** True when sparse values are the terms of texts, which no reader of records sees. */
  private final boolean derivedSparse;

  private boolean closed;

  public Snapshot(
      NamespaceManifest manifest,
      boolean exists,
      long walApplied,
      List<LiveSlab> slabs,
      List<MemRow> memtable,
      Traffic traffic,
      Runnable onClose) {
    this(manifest, exists, walApplied, slabs, memtable, traffic, false, onClose);
  }

  /**
   * @param derivedSparse true when sparse values are the terms of texts
   */
  public Snapshot(
      NamespaceManifest manifest,
      boolean exists,
      long walApplied,
      List<LiveSlab> slabs,
      List<MemRow> memtable,
      Traffic traffic,
      boolean derivedSparse,
      Runnable onClose) {
    this.derivedSparse = derivedSparse;
    this.manifest = manifest;
    this.exists = exists;
    this.walApplied = walApplied;
    this.slabs = List.copyOf(slabs);
    this.memtable = Collections.unmodifiableList(memtable);
    this.traffic = traffic;
    this.onClose = onClose;
  }

  /** What a namespace that was never created looks like. */
  public static Snapshot empty() {
    return new Snapshot(null, false, -1, List.of(), List.of(), null, () -> {});
  }

  /**
   * Some of its slabs, and in the first share the memtable. The largest slab comes first, each to
   * the share that has the fewest bytes: this depends on the state alone.
   *
   * @return to be used while this one is open
   */
  public Snapshot share(int number, int shares) {
    if (number < 0 || number >= shares) {
      throw new IllegalArgumentException("share " + number + " of " + shares);
    }
    List<LiveSlab> largestFirst = new ArrayList<>(slabs);
    largestFirst.sort(Comparator.comparingLong(slab -> -slab.entry().bytes()));
    long[] bytes = new long[shares];
    List<LiveSlab> own = new ArrayList<>();
    for (LiveSlab slab : largestFirst) {
      int least = 0;
      for (int share = 1; share < shares; share++) {
        least = bytes[share] < bytes[least] ? share : least;
      }
      bytes[least] += slab.entry().bytes();
      if (least == number) {
        own.add(slab);
      }
    }
    // Searches have slabs in the order of the manifest.
    own.sort(Comparator.comparingInt(slabs::indexOf));
    return new Snapshot(
        manifest,
        exists,
        walApplied,
        own,
        number == 0 ? memtable : List.of(),
        traffic,
        derivedSparse,
        () -> {});
  }

  /** A record of this snapshot as its writer gave it. */
  public VectorRecord shown(VectorRecord record) {
    return record.shown(derivedSparse);
  }

  /** False when the namespace does not exist (any more); it is then empty. */
  public boolean exists() {
    return exists;
  }

  /** The slabs with live rows, oldest first. */
  public List<LiveSlab> slabs() {
    return slabs;
  }

  /** Live records that are in no slab yet, in unsigned order of id bytes. */
  public List<MemRow> memtable() {
    return memtable;
  }

  /** The manifest this was read from, or null when there is none. */
  public NamespaceManifest manifest() {
    return manifest;
  }

  /** What was asked of the remote store so far; null where the namespace is local. */
  public Traffic traffic() {
    return traffic;
  }

  /** Number of the last WAL object in this snapshot, -1 when there is none. */
  public long walApplied() {
    return walApplied;
  }

  /** Live records. */
  public long count() {
    long count = memtable.size();
    for (LiveSlab slab : slabs) {
      count += slab.entry().rows() - slab.dead().getLongCardinality();
    }
    return count;
  }

  /** The live record of an id, or null; an id that no record can have is that of none. */
  public VectorRecord find(String id) {
    if (RecordRules.id(id) != null) {
      return null;
    }
    byte[] key = Utf8.bytes(id);
    VectorRecord fresh = findFresh(key);
    if (fresh != null) {
      return shown(fresh);
    }
    findAhead(List.of(id));
    Place place = place(key);
    return place == null ? null : shown(place.slab().view().record(place.row()));
  }

  /** True when there is a live record of an id; {@link #findAhead} fetches what this reads. */
  public boolean has(String id) {
    byte[] key = Utf8.bytes(id);
    return findFresh(key) != null || place(key) != null;
  }

  /**
   * The slab that has the live record of an id; null where it is in the log only, or nowhere. Of
   * remote slabs {@link #findAhead} fetches what this reads.
   */
  public Ulid slabOf(String id) {
    if (RecordRules.id(id) != null) {
      return null;
    }
    byte[] key = Utf8.bytes(id);
    Place place = findFresh(key) == null ? place(key) : null;
    return place == null ? null : place.slab().entry().id();
  }

  private record Place(LiveSlab slab, int row) {}

  private Place place(byte[] key) {
    long hash = XxHash64.hash(key);
    for (int i = slabs.size() - 1; i >= 0; i--) {
      LiveSlab slab = slabs.get(i);
      int row = slab.view().find(key, hash);
      if (row >= 0 && !slab.dead().contains(row)) {
        return new Place(slab, row);
      }
    }
    return null;
  }

  /**
   * Fetches at once what {@link #find} reads of remote slabs for several ids. Costs nothing where
   * all is local.
   */
  public void findAhead(List<String> ids) {
    if (slabs.isEmpty() || !slabs.getFirst().view().isRemote()) {
      return;
    }
    List<byte[]> keys =
        ids.stream().filter(id -> RecordRules.id(id) == null).map(Utf8::bytes).toList();
    Together.run(
        slabs.stream().<Runnable>map(slab -> () -> slab.view().ahead().find(keys).run()).toList());
    Map<LiveSlab, SlabAhead> records = new IdentityHashMap<>();
    for (byte[] key : keys) {
      Place place = findFresh(key) == null ? place(key) : null;
      if (place != null) {
        records.computeIfAbsent(place.slab(), slab -> slab.view().ahead()).record(place.row());
      }
    }
    Together.run(records.values().stream().<Runnable>map(ahead -> ahead::run).toList());
  }

  private VectorRecord findFresh(byte[] key) {
    int low = 0;
    int high = memtable.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Utf8.compareBytes(memtable.get(middle).idBytes(), key);
      if (order == 0) {
        return memtable.get(middle).record();
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }
}
