package io.slab.format;

import io.slab.error.DataException;
import io.slab.filter.FieldCounts;
import io.slab.filter.FieldIndex;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.format.section.DenseRows;
import io.slab.format.section.SparseIndex;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.text.TextTotals;
import java.util.List;
import java.util.function.Function;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * One opened slab, as everything above the file format sees it. Rows are 0 to rows - 1, in the
 * order of their ids or, in a slab with cells, cell after cell. The <em>rank</em> of a row is the
 * place of its id among all ids in unsigned order of their bytes. Every read verifies the checksums
 * of the chunks it touches (once per chunk and opened slab) and throws {@link
 * io.slab.error.CorruptException} rather than return anything computed from damaged bytes.
 * Thread-safe.
 */
public interface SlabView extends AutoCloseable {
  Ulid id();

  int rows();

  /** Dense dimension, 0 in a sparse index. */
  int dimension();

  /** Sequence number of the write that made a row. */
  long lsn(int row);

  /** The id of a row as UTF-8 bytes. */
  byte[] rowId(int row);

  /** The row of an id, or -1. Costs a bloom filter probe when the id is absent (mostly). */
  int find(byte[] id);

  /** The row of an id whose {@link io.slab.bytes.XxHash64} with seed 0 is already known, or -1. */
  int find(byte[] id, long hash);

  /**
   * False when no row has an id with this {@link io.slab.bytes.XxHash64} (seed 0) for certain. Of
   * ids that are not there some ten in a thousand may be.
   */
  default boolean mayContain(long hash) {
    return true;
  }

  /**
   * The rank of the first id that is not less than {@code key}; {@link #rows()} when there is none.
   */
  int lowerBound(byte[] key);

  /** True when the rank of each row is the row. */
  default boolean inIdOrder() {
    return true;
  }

  /** The rank of a row. */
  default int rankOf(int row) {
    return row;
  }

  /** The row of a rank. */
  default int rowAt(int rank) {
    return rank;
  }

  /** The id of a rank as UTF-8 bytes; costs less than to ask for the row and then for its id. */
  default byte[] idAt(int rank) {
    return rowId(rank);
  }

  /** The dense rows, or null in a sparse index. */
  DenseRows dense();

  /** Sparse values of a row, or null when it has none. */
  SparseVector sparse(int row);

  /** Of the texts of all rows, in an index with a text index. */
  default TextTotals textTotals() {
    return TextTotals.NONE;
  }

  /** The sparse values by dimension, or null when the slab has no such index. */
  default SparseIndex sparseIndex() {
    return null;
  }

  Metadata metadata(int row);

  /** Names of all fields of all rows, in the order of their bytes. */
  default List<String> fieldNames() {
    throw new UnsupportedOperationException("no slab file");
  }

  /** The deletes that the slab carries; no query needs them. */
  default SlabTombstones tombstones() {
    return SlabTombstones.NONE;
  }

  /** The whole record, bit for bit as it came in. */
  VectorRecord record(int row);

  /** The bitmap indexes of the metadata. */
  FieldIndex fields();

  /**
   * Something that a higher layer derives from this slab, such as an opened index: made by the
   * first caller, then kept as long as the slab is open. Null where the maker returned null or
   * there is no slab file behind this view.
   *
   * @param type tells apart what different layers keep
   */
  default <T> T attachment(Class<T> type, Function<SlabReader, T> maker) {
    return null;
  }

  /**
   * True when reading costs requests to a remote store, which callers save by announcing what they
   * are going to read.
   */
  default boolean isRemote() {
    return false;
  }

  /**
   * Says that a search through the index comes next, before a remote slab is opened: what it begins
   * with is then fetched together with the hot tail.
   */
  default void expectSearch() {}

  /** Fetches several parts at once; null unless {@link #isRemote}. */
  default SlabAhead ahead() {
    return null;
  }

  /** The rows that match a filter. */
  default ImmutableRoaringBitmap matching(Filter filter) {
    return FilterEvaluator.rows(filter, fields());
  }

  /**
   * Counts some rows by their values of a field, from its columns where the slab has them.
   *
   * @param rows null for all; dead rows are the caller's to leave out
   */
  default void countValues(ImmutableRoaringBitmap rows, FieldCounts into) {
    ValueCounter.count(this, rows, into);
  }

  /**
   * Leaves out, from now on, the derived sections that an error is about. Answers are the same
   * without them, and take longer.
   *
   * @return false when the error is not about derived sections of this slab
   */
  default boolean withdraw(DataException error) {
    return false;
  }

  /** What was wrong with the derived sections that were left out; empty when none was. */
  default List<String> leftOut() {
    return List.of();
  }

  /**
   * Finds out what is wrong when mapped memory of this slab could not be read, by ordinary reads;
   * see {@link SlabFault}. Returns when all of it can be read now.
   *
   * @throws io.slab.error.SlabException that says so
   */
  default void requireReadable() {}

  @Override
  void close();
}
