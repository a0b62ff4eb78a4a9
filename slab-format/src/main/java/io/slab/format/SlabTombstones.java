package io.slab.format;

import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.RangeTombstonesSection;
import io.slab.model.RangeTombstone;
import io.slab.model.Utf8;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/**
 * The deletes that a slab carries, so that its namespace can be put together again from slabs and
 * log alone (spec/index.md, "What the files prove").
 *
 * @param ids ids without a row in the slab of which all records up to an LSN are deleted, each
 *     once, in unsigned order of their bytes
 * @param ranges deletes of many records, ascending
 * @param asOf LSN of the last write that the rows take account of: each of them was alive after it;
 *     -1 where nothing is known
 */
public record SlabTombstones(
    List<SlabRequest.Tombstone> ids, List<RangeTombstone> ranges, long asOf) {
  /** No LSN. */
  public static final long UNKNOWN = -1;

  public static final SlabTombstones NONE = new SlabTombstones(List.of(), List.of(), UNKNOWN);

  private static final Comparator<SlabRequest.Tombstone> ORDER =
      Comparator.comparing(SlabRequest.Tombstone::id, Utf8::compareBytes);

  /** Deletes in any order. */
  public static SlabTombstones sorted(
      List<SlabRequest.Tombstone> ids, List<RangeTombstone> ranges, long asOf) {
    return new SlabTombstones(
        ids.stream().sorted(ORDER).toList(), ranges.stream().sorted().toList(), asOf);
  }

  /** Those of a slab: ids are read when they are asked for, ranges at once. */
  public static SlabTombstones read(SlabFile file, long asOf) {
    Section ids = file.find(SectionKind.TOMBSTONES);
    Section ranges = file.find(SectionKind.RANGE_TOMBSTONES);
    return new SlabTombstones(
        ids == null
            ? List.of()
            : new StoredTombstones(ids, file.require(SectionKind.TOMBSTONE_LSN)),
        ranges == null ? List.of() : RangeTombstonesSection.read(ranges),
        asOf);
  }

  /**
   * Deletes of many records without those that a later one makes superfluous, in any order.
   *
   * @param updates LSNs of updates: of deletes by the same filter the last one before each of them
   *     stays as well, since what it took could be changed by the update so that the later one does
   *     not match (spec/index.md, PW-FLUSH)
   */
  public static List<RangeTombstone> reduced(
      List<RangeTombstone> ranges, NavigableSet<Long> updates) {
    Map<Object, RangeTombstone> latest = new HashMap<>();
    long all = UNKNOWN;
    for (RangeTombstone range : ranges) {
      Long update = range.kind() == RangeTombstone.Kind.FILTER ? updates.lower(range.lsn()) : null;
      List<Object> key =
          List.of(
              range.kind(),
              ByteBuffer.wrap(range.argument()),
              update == null ? UNKNOWN : update.longValue());
      latest.merge(key, range, (a, b) -> a.lsn() < b.lsn() ? b : a);
      all = range.kind() == RangeTombstone.Kind.ALL ? Math.max(all, range.lsn()) : all;
    }
    List<RangeTombstone> kept = new ArrayList<>();
    for (RangeTombstone range : latest.values()) {
      if (range.lsn() > all || range.kind() == RangeTombstone.Kind.ALL) {
        kept.add(range);
      }
    }
    return kept;
  }

  /**
   * What one of several slabs with rows of separate ranges of ids carries of this: ids of its
   * range, and the first slab all deletes of many.
   *
   * @param from the first id of the slab; null for the first slab, whose range has no beginning
   * @param below the first id of the next slab; null for the last one
   */
  public SlabTombstones part(byte[] from, byte[] below) {
    int first = from == null ? 0 : place(from);
    int end = below == null ? ids.size() : place(below);
    return new SlabTombstones(ids.subList(first, end), from == null ? ranges : List.of(), asOf);
  }

  /** Number of the first id that is not less than another one. */
  private int place(byte[] id) {
    int low = 0;
    int high = ids.size();
    while (low < high) {
      int mid = (low + high) >>> 1;
      if (Utf8.compareBytes(ids.get(mid).id(), id) < 0) {
        low = mid + 1;
      } else {
        high = mid;
      }
    }
    return low;
  }

  /** Deletes, by id and of many. */
  public int count() {
    return ids.size() + ranges.size();
  }

  public boolean isEmpty() {
    return ids.isEmpty() && ranges.isEmpty();
  }
}
