package io.slab.compaction;

import io.slab.error.CancellationToken;
import io.slab.format.SlabTombstones;
import io.slab.format.SlabView;
import io.slab.manifest.SlabEntry;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * The deletes that the output of a compaction carries (spec/index.md, "What the files prove"):
 * those of the inputs, and one for each id of which the inputs have only dead rows, without those
 * to which no record can be left. One thread only.
 */
final class CarriedDeletes {
  /** Prefixes that are worth comparing with each deleted id. */
  private static final int MAX_PREFIXES = 16;

  /**
   * What is compacted.
   *
   * @param dropped the dead rows of each view
   */
  record Inputs(
      List<SlabEntry> entries, List<SlabView> views, List<MutableRoaringBitmap> dropped) {}

  private final NamespaceHandle namespace;
  private final Inputs inputs;
  private final boolean exact;
  private final CancellationToken cancellation;
  private final List<RangeTombstone> ranges = new ArrayList<>();
  private final List<SlabTombstones> carried = new ArrayList<>();

  /** True when a delete was left out, here or in an input. */
  private boolean leftOut;

  /** What the last restore said that an input carries, or null. */
  private RangeTombstone restored;

  /** What the last append said of the log before it that an input carries, or null. */
  private RangeTombstone flushed;

  private CarriedDeletes(
      NamespaceHandle namespace, Inputs inputs, boolean exact, CancellationToken cancellation) {
    this.namespace = namespace;
    this.inputs = inputs;
    this.exact = exact;
    this.cancellation = cancellation;
  }

  /**
   * Reads what the inputs carry.
   *
   * @param asOf LSN up to which the dead rows are known, and no older row can come any more
   * @param exact to look up what a bloom filter may mistake
   * @param cancellation asked for each id
   */
  static SlabTombstones of(
      NamespaceHandle namespace,
      Inputs inputs,
      long asOf,
      boolean exact,
      CancellationToken cancellation) {
    return new CarriedDeletes(namespace, inputs, exact, cancellation).find(asOf);
  }

  private SlabTombstones find(long asOf) {
    if (!readInputs()) {
      return new SlabTombstones(List.of(), List.of(), asOf);
    }
    OlderSlabs older = new OlderSlabs(namespace, inputs, asOf, exact);
    List<Ulid> named = older.named();
    if (isEmpty(asOf) && ids().containsAll(named)) {
      return new SlabTombstones(List.of(), List.of(RangeTombstone.all(asOf)), asOf);
    }
    PackedTombstones kept = deletedIds(older);
    List<RangeTombstone> left = new ArrayList<>();
    for (RangeTombstone range : ranges) {
      if (older.needed(range)) {
        left.add(range);
      } else {
        leftOut = true;
      }
    }
    if (leftOut) {
      left.add(RangeTombstone.otherSlabs(asOf, named));
    }
    if (restored != null) {
      // What it left out may be there again from an earlier copy.
      left.add(restored);
    }
    if (flushed != null) {
      // The log has records that an append replaced, and may be there for as long as it pleases.
      left.add(flushed);
    }
    return new SlabTombstones(kept, left.stream().sorted().toList(), asOf);
  }

  /** False when there is nothing to carry. */
  private boolean readInputs() {
    List<RangeTombstone> all = new ArrayList<>();
    boolean any = false;
    for (int i = 0; i < inputs.views().size(); i++) {
      SlabTombstones tombstones = inputs.views().get(i).tombstones();
      carried.add(tombstones);
      any |= !tombstones.isEmpty() || !inputs.dropped().get(i).isEmpty();
      for (RangeTombstone range : tombstones.ranges()) {
        if (range.kind() == Kind.OTHER_SLABS) {
          leftOut = true;
        } else if (range.kind() == Kind.RESTORED) {
          restored = later(restored, range);
        } else if (range.kind() == Kind.FLUSHED) {
          flushed = later(flushed, range);
        } else {
          all.add(range);
        }
      }
    }
    // An update of before the last delete of a kind is in slabs, as PV-UPDATE knows.
    ranges.addAll(SlabTombstones.reduced(all, Collections.emptyNavigableSet()));
    return any;
  }

  private static RangeTombstone later(RangeTombstone a, RangeTombstone b) {
    return a == null || a.lsn() < b.lsn() ? b : a;
  }

  /** True when no row lives, and nothing is later than an LSN. */
  private boolean isEmpty(long asOf) {
    return inputs.entries().stream()
        .allMatch(entry -> entry.liveRows() == 0 && entry.lsnMax() <= asOf);
  }

  private Set<Ulid> ids() {
    Set<Ulid> ids = new HashSet<>();
    inputs.entries().forEach(entry -> ids.add(entry.id()));
    return ids;
  }

  /** One delete for each id without a living row, up to the newest that is known of it. */
  private PackedTombstones deletedIds(OlderSlabs older) {
    List<RangeTombstone> whole = ranges.stream().filter(range -> range.kind() == Kind.ALL).toList();
    List<RangeTombstone> prefixes =
        ranges.stream().filter(range -> range.kind() == Kind.PREFIX).toList();
    List<RangeTombstone> covering = new ArrayList<>(whole);
    if (prefixes.size() <= MAX_PREFIXES) {
      covering.addAll(prefixes);
    }
    PackedTombstones deleted = new PackedTombstones();
    if (inputs.dropped().stream().allMatch(MutableRoaringBitmap::isEmpty)
        && carried.stream().allMatch(one -> one.ids().isEmpty())) {
      return deleted;
    }
    BitSet held = new BitSet();
    long[] upTo = inputs.entries().stream().mapToLong(SlabEntry::nothingDeletedUpTo).toArray();
    IdHistory ids = new IdHistory(inputs.views(), upTo, inputs.dropped(), carried);
    while (ids.next()) {
      cancellation.check();
      if (!ids.lives() && !isCovered(covering, ids.id(), ids.lsn())) {
        held.set(deleted.size(), ids.isHeld());
        deleted.add(ids.id(), ids.lsn());
      }
    }
    PackedTombstones kept = older.needed(deleted, held, cancellation);
    leftOut |= kept.size() < deleted.size();
    return kept;
  }

  private static boolean isCovered(List<RangeTombstone> ranges, byte[] id, long lsn) {
    for (RangeTombstone range : ranges) {
      if (range.covers(id, lsn)) {
        return true;
      }
    }
    return false;
  }
}
