package io.slab.salvage;

import io.slab.check.CheckLevel;
import io.slab.check.ExpectedSlab;
import io.slab.check.Findings;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.check.SlabCheck;
import io.slab.error.CancellationToken;
import io.slab.error.DataException;
import io.slab.format.SlabInput;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.RowLsnReader;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Utf8;
import io.slab.store.ByteSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * A slab that may be damaged: all that a checksum still proves of it can be read, and all else is
 * named. A row is readable when its id, LSN, values and metadata are. Derived sections have no part
 * in that. Holds 4 bytes a row. One thread only; close it when done.
 */
public final class SlabSalvage implements AutoCloseable {
  private static final int CACHED_BLOCKS = 8;

  private final String name;
  private final List<Problem> problems;
  private final CancellationToken cancellation;

  /** Null where not even the directory can be read. */
  private SlabFile file;

  /** Null where the slab cannot be opened, as without its manifest. */
  private SlabReader slab;

  private StringBlocksReader ids;
  private RowLsnReader lsns;
  private int rows = -1;

  /** Of each row the rank of its id, or -1 where that is not known. */
  private int[] rankOf = {};

  /** Ranks whose ids can be read, though not of which rows they are. */
  private final MutableRoaringBitmap strayRanks = new MutableRoaringBitmap();

  private final MutableRoaringBitmap unreadable = new MutableRoaringBitmap();

  private SlabSalvage(String name, List<Problem> problems, CancellationToken cancellation) {
    this.name = name;
    this.problems = problems;
    this.cancellation = cancellation;
  }

  /**
   * Checks a slab, and looks at each row of one that is not whole.
   *
   * @param opener opens it, each time anew
   * @param entry what the manifest of a namespace says about it, or null
   * @param spec the index that it lies in, or null
   * @param cancellation asked for each row
   * @throws io.slab.error.StoreException when the storage fails, which says nothing about the slab
   */
  public static SlabSalvage of(
      Supplier<ByteSource> opener,
      ExpectedSlab entry,
      IndexSpec spec,
      CancellationToken cancellation) {
    Findings findings = new Findings("");
    String name;
    try (ByteSource source = opener.get()) {
      name = source.name();
      SlabCheck.check(source, entry, spec, row -> true, CheckLevel.CHECKSUMS, findings);
    }
    List<Problem> errors =
        findings.report(CheckLevel.CHECKSUMS).problems().stream()
            .filter(problem -> problem.severity() == Severity.ERROR)
            .toList();
    SlabSalvage salvage = new SlabSalvage(name, errors, cancellation);
    salvage.open(opener, spec);
    return salvage;
  }

  private void open(Supplier<ByteSource> opener, IndexSpec spec) {
    slab = attempt(() -> SlabReader.salvage(opener.get(), spec));
    file = slab != null ? slab.file() : attempt(() -> SlabFile.salvage(opener.get()));
    if (file == null) {
      return;
    }
    ids =
        attempt(() ->
            new StringBlocksReader(
                file.require(SectionKind.ID_BLOCKS), Limits.MAX_ID_BYTES, CACHED_BLOCKS));
    Long stored = attempt(() -> file.require(SectionKind.ID_BLOCKS).entry().items());
    boolean counts = stored != null && stored >= 0 && stored < Integer.MAX_VALUE - 8;
    rows = slab != null ? slab.rows() : counts ? stored.intValue() : -1;
    lsns =
        rows < 0 ? null : attempt(() -> new RowLsnReader(file.require(SectionKind.ROW_LSN), rows));
    if (!isWhole() && rows > 0) {
      findRanks();
      findRows();
    }
  }

  /** What a look comes to, or null where damage keeps it from that. */
  private static <T> T attempt(Supplier<T> look) {
    try {
      return look.get();
    } catch (DataException e) {
      return null;
    }
  }

  private void findRanks() {
    rankOf = new int[rows];
    Arrays.fill(rankOf, -1);
    for (int rank = 0; ids != null && rank < rows; rank++) {
      cancellation.check();
      if (id(rank) == null) {
        continue;
      }
      int at = rank;
      Integer row = attempt(() -> ids.number(at));
      if (row == null || rankOf[row] >= 0) {
        strayRanks.add(rank);
      } else {
        rankOf[row] = rank;
      }
    }
  }

  private void findRows() {
    float[] values = slab == null || slab.dense() == null ? null : new float[slab.dimension()];
    boolean hasMetadata = slab != null && attempt(() -> slab.metadata(rows - 1)) != null;
    // Where the table of blocks is damaged no row has metadata: that is not asked row by row.
    boolean tableWhole = hasMetadata || problems.stream().noneMatch(SlabSalvage::isMetaTable);
    for (int row = 0; row < rows; row++) {
      cancellation.check();
      if (slab == null || lsns == null || !tableWhole || rankOf[row] < 0 || !reads(row, values)) {
        unreadable.add(row);
      }
    }
  }

  private static boolean isMetaTable(Problem problem) {
    return SectionKind.META_BLOCKS.name().equals(problem.section());
  }

  private boolean reads(int row, float[] values) {
    try {
      lsns.lsn(row);
      if (values != null) {
        slab.dense().copy(row, values);
      }
      slab.sparse(row);
      slab.metadata(row);
      return true;
    } catch (DataException e) {
      return false;
    }
  }

  /** The id of a rank, or null where it cannot be read, or is none. */
  private byte[] id(int rank) {
    byte[] id = attempt(() -> ids.get(rank));
    return id == null || id.length == 0 || !Utf8.isIdText(id) ? null : id;
  }

  /** The name of the slab, as errors have it. */
  public String name() {
    return name;
  }

  /** What is wrong with it; empty when it is whole. */
  public List<Problem> problems() {
    return problems;
  }

  public boolean isWhole() {
    return problems.isEmpty();
  }

  /** Rows of the slab, dead ones included; -1 where not even the directory can be read. */
  public int rows() {
    return rows;
  }

  /** Rows that cannot be read whole. */
  public ImmutableRoaringBitmap unreadable() {
    return unreadable;
  }

  /** What the slab says about itself, or null where that cannot be read. */
  public SlabManifest manifest() {
    return slab == null ? null : slab.manifest();
  }

  /** The slab, for what {@link #unreadable} does not name; null where it cannot be opened. */
  public SlabReader slab() {
    return slab;
  }

  /** The id of a row, or null where it cannot be read. */
  public byte[] rowId(int row) {
    if (isWhole()) {
      return slab.rowId(row);
    }
    return rankOf[row] < 0 ? null : id(rankOf[row]);
  }

  /** The LSN of a row, or -1 where it cannot be read. */
  public long rowLsn(int row) {
    Long lsn = lsns == null ? null : attempt(() -> lsns.lsn(row));
    return lsn == null ? -1 : lsn;
  }

  /** The row of a rank, or -1 where it is not known whose id has it. */
  public int rowAt(int rank) {
    Integer row = ids == null ? null : attempt(() -> ids.number(rank));
    return row == null || (!isWhole() && rankOf[row] != rank) ? -1 : row;
  }

  /** The id of a rank, or null where it cannot be read. */
  public byte[] idAt(int rank) {
    return ids == null ? null : id(rank);
  }

  /**
   * The readable rows, as a builder of slabs reads them.
   *
   * @param without rows to leave out besides
   */
  public SlabInput readable(ImmutableRoaringBitmap without) {
    MutableRoaringBitmap left = unreadable.clone();
    left.or(without);
    return new ReadableRows(slab, left, cancellation);
  }

  /**
   * Names every record that cannot be read and is not dead. Where damage hides which ids belong to
   * which rows, all of these rows are named, and all of these ids.
   *
   * @param dead rows that are none of the namespace's records
   * @return how many records are lost
   */
  public long lost(ImmutableRoaringBitmap dead, Consumer<LostRow> each) {
    long count = 0;
    for (IntIterator at = unreadable.getIntIterator(); at.hasNext(); ) {
      int row = at.next();
      if (!dead.contains(row)) {
        count++;
        each.accept(new LostRow(row, rowId(row), rowLsn(row)));
      }
    }
    for (IntIterator at = strayRanks.getIntIterator(); at.hasNext(); ) {
      each.accept(new LostRow(-1, id(at.next()), -1));
    }
    return count;
  }

  /** The deletes that the slab carries. */
  public ReadableDeletes deletes() {
    return SalvagedDeletes.of(file, slab == null ? -1 : slab.manifest().lsnAsOf());
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
