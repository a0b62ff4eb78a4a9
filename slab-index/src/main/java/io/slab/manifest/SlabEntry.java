package io.slab.manifest;

import io.slab.check.ExpectedSlab;
import io.slab.filter.FieldBounds;
import io.slab.model.Extent;
import io.slab.model.Ledger;
import io.slab.model.Ulid;
import io.slab.model.Vintage;
import java.util.List;

/**
 * One slab as the namespace manifest names it, with a component for each member of its entry there.
 *
 * @param level 0 for what a flush wrote
 * @param bytes length of the file
 * @param hotOffset where the hot tail begins: one read from here opens the slab
 * @param rows rows in the file, dead ones included
 * @param lsnMin smallest LSN of a row (or of a tombstone)
 * @param lsnMax largest LSN of a row (or of a tombstone)
 * @param lsnAsOf LSN of a write that its rows take account of: each was alive after it; -1 where
 *     the slab does not say, as those of a bulk load
 * @param tombstones deletes that it carries, by id and of many records
 * @param ledger of its rows, dead ones included
 * @param algorithm how the slab is searched
 * @param vintage what made its derived sections
 * @param ahead stretches of the file that a search needs as soon as it has the hot tail
 * @param columns statistics by field and type, possibly empty
 * @param deletes dead rows
 */
public record SlabEntry(
    Ulid id,
    int level,
    long bytes,
    long hotOffset,
    int rows,
    long lsnMin,
    long lsnMax,
    long lsnAsOf,
    int tombstones,
    Ledger ledger,
    String algorithm,
    Vintage vintage,
    List<Extent> ahead,
    List<ColumnStatistics> columns,
    SlabDeletes deletes)
    implements ExpectedSlab {
  public SlabEntry {
    ahead = List.copyOf(ahead);
    columns = List.copyOf(columns);
    for (Extent extent : ahead) {
      if (extent.end() > bytes) {
        throw new IllegalArgumentException("a stretch beyond the end of slab " + id);
      }
    }
    if (rows < 0 || level < 0 || bytes < 0 || hotOffset < 0 || hotOffset > bytes) {
      throw new IllegalArgumentException("impossible numbers for slab " + id);
    }
    if (deletes.cardinality() > rows) {
      throw new IllegalArgumentException("more dead rows than rows in slab " + id);
    }
  }

  /**
   * LSN up to which a delete has nothing in the slab: its rows were written later, or were alive
   * after it.
   */
  public long nothingDeletedUpTo() {
    return Math.max(lsnMin, lsnAsOf);
  }

  /** Rows that are not dead (though the memtable may still shadow some). */
  @Override
  public long liveRows() {
    return rows - deletes.cardinality();
  }

  /** What the statistics say about the fields of its rows, dead ones included. */
  public FieldBounds bounds() {
    return new ManifestBounds(rows, columns);
  }

  /** The ledger of all rows of several slabs, dead ones included. */
  public static Ledger ledger(List<SlabEntry> slabs) {
    return slabs.stream().map(SlabEntry::ledger).reduce(Ledger.EMPTY, Ledger::plus);
  }

  public SlabEntry withDeletes(SlabDeletes changed) {
    return new SlabEntryBuilder(this).deletes(changed).build();
  }
}
