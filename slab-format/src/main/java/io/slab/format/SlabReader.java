package io.slab.format;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.OnFailure;
import io.slab.filter.FieldCounts;
import io.slab.filter.FieldIndex;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.format.file.DerivedGroup;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.DenseRows;
import io.slab.format.section.MetaRowsReader;
import io.slab.format.section.RawVectorsReader;
import io.slab.format.section.RowLsnReader;
import io.slab.format.section.SparsePostingsReader;
import io.slab.format.section.SparseRowsReader;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.store.ByteSource;
import io.slab.text.TextTotals;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * An opened slab. Opening reads the hot tail and the manifest; every other section is opened on
 * first use. Thread-safe.
 */
public final class SlabReader implements SlabView {
  private final SlabFile file;
  private final SlabManifest manifest;
  private final SlabIds ids;
  private final Lazy<RowLsnReader> lsns;
  private final Lazy<SparseRowsReader> sparse;
  private final Lazy<MetaRowsReader> metadata;
  private final SlabFields fields;

  /** What is made of derived sections too; made anew when some of them are left out. */
  private volatile Derived derived;

  /**
   * @param dense null in a sparse index
   * @param sparseIndex null where there is none
   * @param attachments what higher layers made
   */
  private record Derived(
      RawVectorsReader dense,
      Lazy<SparsePostingsReader> sparseIndex,
      Map<Class<?>, Optional<?>> attachments) {}

  private SlabReader(SlabFile file, IndexSpec spec) {
    this.file = file;
    Section json = file.require(SectionKind.MANIFEST);
    manifest = SlabManifestJson.read(json.resource(), json.all().toArray(ValueLayout.JAVA_BYTE));
    SlabManifestCheck.check(manifest, file, spec);
    ColumnSections.check(file, manifest);
    int rows = manifest.rows();
    ids = new SlabIds(file, rows, this::withdraw);
    Section lsnSection = file.require(SectionKind.ROW_LSN);
    lsns = new Lazy<>(() -> new RowLsnReader(lsnSection, rows));
    Section sparseRows =
        manifest.vectorType().hasSparse() ? file.require(SectionKind.SPARSE_ROWS) : null;
    sparse = sparseRows == null ? null : new Lazy<>(() -> new SparseRowsReader(sparseRows, rows));
    derived = derived();
    Section meta = file.require(SectionKind.META_ROWS);
    Section blocks = file.require(SectionKind.META_BLOCKS);
    metadata = new Lazy<>(() -> new MetaRowsReader(meta, blocks, rows, manifest.fields()));
    List<SlabColumn> columns =
        manifest.columns().stream().map(column -> new SlabColumn(file, column, rows)).toList();
    fields = new SlabFields(manifest, columns, spec);
  }

  private Derived derived() {
    Section dictionary = sparse == null ? null : file.find(SectionKind.SPARSE_DICT);
    Lazy<SparsePostingsReader> sparseIndex =
        dictionary == null
            ? null
            : new Lazy<>(() ->
                new SparsePostingsReader(
                    dictionary, file.requireDerived(SectionKind.SPARSE_POSTINGS), manifest.rows()));
    RawVectorsReader dense = manifest.vectorType().hasDense() ? openDense() : null;
    return new Derived(dense, sparseIndex, new ConcurrentHashMap<>());
  }

  private RawVectorsReader openDense() {
    Section norms = file.find(SectionKind.INVERSE_NORMS);
    try {
      return openDense(norms);
    } catch (DataException e) {
      if (norms == null || file.withdraw(e) == null) {
        throw e;
      }
      return openDense(null);
    }
  }

  private RawVectorsReader openDense(Section norms) {
    return new RawVectorsReader(
        file.require(SectionKind.RAW_VECTORS),
        norms,
        manifest.rows(),
        manifest.dimension(),
        manifest.metric());
  }

  /**
   * Opens a slab of which nothing else is known; takes over the source and closes it on failure.
   */
  public static SlabReader open(ByteSource source) {
    return open(source, -1, null);
  }

  /**
   * Opens a slab; takes over the source and closes it on failure.
   *
   * @param hotOffset where its hot tail begins, or -1 when that is not known
   * @param spec the index that it belongs to, or null; a slab of another kind is corrupt
   */
  public static SlabReader open(ByteSource source, long hotOffset, IndexSpec spec) {
    SlabFile file = SlabFile.open(source, hotOffset);
    return OnFailure.close(file, () -> new SlabReader(file, spec));
  }

  /**
   * Opens a slab that is damaged, as {@link SlabFile#salvage} does; takes over the source and
   * closes it on failure.
   *
   * @param spec the index that it belongs to, or null
   */
  public static SlabReader salvage(ByteSource source, IndexSpec spec) {
    SlabFile file = SlabFile.salvage(source);
    return OnFailure.close(file, () -> new SlabReader(file, spec));
  }

  /** The container: sections with their offsets, sizes, encodings and checksums. */
  public SlabFile file() {
    return file;
  }

  public SlabManifest manifest() {
    return manifest;
  }

  /** The columns by column id. */
  public List<SlabColumn> columns() {
    return fields.all();
  }

  @Override
  public TextTotals textTotals() {
    return manifest.textTotals() == null ? TextTotals.NONE : manifest.textTotals();
  }

  /** Ids are read when they are asked for, ranges at once. */
  @Override
  public SlabTombstones tombstones() {
    return SlabTombstones.read(file, manifest.lsnAsOf());
  }

  /** A pass over the rows in the order of their ids; parts are read only when asked for. */
  public SlabInput.Cursor cursor() {
    return new SlabCursor(this);
  }

  /** A pass over the rows in the order in which they lie. */
  public SlabInput.Arrivals arrivals() {
    return new SlabCursor.Rows(this);
  }

  RawVectorsReader rawVectors() {
    return derived.dense();
  }

  SparseRowsReader sparseRows() {
    return sparse == null ? null : sparse.get();
  }

  MetaRowsReader metaRows() {
    return metadata.get();
  }

  SlabIds ids() {
    return ids;
  }

  @Override
  public boolean isRemote() {
    return file.kept() != null;
  }

  @Override
  public SlabAhead ahead() {
    return isRemote() ? new SlabAhead(this) : null;
  }

  @Override
  public Ulid id() {
    return file.id();
  }

  @Override
  public int rows() {
    return manifest.rows();
  }

  @Override
  public int dimension() {
    return manifest.dimension();
  }

  @Override
  public long lsn(int row) {
    return lsns.get().lsn(row);
  }

  void verifyLsnPadding() {
    lsns.get().verifyPadding();
  }

  @Override
  public byte[] rowId(int row) {
    return ids.id(row);
  }

  @Override
  public int find(byte[] id) {
    return ids.find(id);
  }

  @Override
  public int find(byte[] id, long hash) {
    return ids.find(id, hash);
  }

  @Override
  public boolean mayContain(long hash) {
    return ids.mayContain(hash);
  }

  @Override
  public int lowerBound(byte[] key) {
    return ids.lowerBound(key);
  }

  @Override
  public boolean inIdOrder() {
    return ids.inIdOrder();
  }

  @Override
  public int rankOf(int row) {
    return ids.rank(row);
  }

  @Override
  public int rowAt(int rank) {
    return ids.row(rank);
  }

  @Override
  public byte[] idAt(int rank) {
    return ids.at(rank);
  }

  @Override
  public DenseRows dense() {
    return derived.dense();
  }

  @Override
  public SparseVector sparse(int row) {
    return sparse == null ? null : sparse.get().row(row);
  }

  @Override
  public <T> T attachment(Class<T> type, Function<SlabReader, T> maker) {
    Optional<?> kept =
        derived.attachments().computeIfAbsent(type, t -> Optional.ofNullable(maker.apply(this)));
    return type.cast(kept.orElse(null));
  }

  @Override
  public SparsePostingsReader sparseIndex() {
    Lazy<SparsePostingsReader> index = derived.sparseIndex();
    return index == null ? null : index.get();
  }

  @Override
  public Metadata metadata(int row) {
    return metadata.get().row(row);
  }

  @Override
  public List<String> fieldNames() {
    return manifest.fields();
  }

  @Override
  public VectorRecord record(int row) {
    byte[] id = rowId(row);
    float[] values = null;
    if (dense() != null) {
      values = new float[manifest.dimension()];
      dense().copy(row, values);
    }
    try {
      return new VectorRecord(Utf8.decode(id, 0, id.length), values, sparse(row), metadata(row));
    } catch (CharacterCodingException e) {
      Section ofIds = file.require(SectionKind.ID_BLOCKS);
      throw new CorruptException(
          ofIds.resource(),
          ofIds.entry().offset(),
          "malformed UTF-8 in the id of row " + row,
          "UTF-8");
    }
  }

  @Override
  public FieldIndex fields() {
    return fields;
  }

  /** By the bitmaps, or by the metadata of each row where bitmaps are left out. */
  @Override
  public ImmutableRoaringBitmap matching(Filter filter) {
    if (!fields.isLeftOut(filter.fields())) {
      try {
        return FilterEvaluator.rows(filter, fields);
      } catch (DataException e) {
        if (!withdraw(e) || !fields.isLeftOut(filter.fields())) {
          throw e;
        }
      }
    }
    FilterEvaluator.requireIndexed(filter, fields::isIndexed);
    MutableRoaringBitmap rows = new MutableRoaringBitmap();
    for (int row = 0; row < rows(); row++) {
      if (FilterEvaluator.matches(filter, metadata(row))) {
        rows.add(row);
      }
    }
    return rows;
  }

  /** By the columns, or by the metadata of each row where there are none or they are left out. */
  @Override
  public void countValues(ImmutableRoaringBitmap rows, FieldCounts into) {
    List<String> field = List.of(into.field());
    if (fields.isIndexed(into.field()) && !fields.isLeftOut(field)) {
      // Counted apart: what a damaged column gave before it failed must not count.
      FieldCounts counts = new FieldCounts(into.field());
      try {
        fields.count(rows, counts);
        into.addAll(counts);
        return;
      } catch (DataException e) {
        if (!withdraw(e) || !fields.isLeftOut(field)) {
          throw e;
        }
      }
    }
    ValueCounter.count(this, rows, into);
  }

  @Override
  public synchronized boolean withdraw(DataException error) {
    DerivedGroup group = file.withdraw(error);
    if (group == null) {
      return false;
    }
    derived = derived();
    return true;
  }

  @Override
  public List<String> leftOut() {
    return file.withdrawn();
  }

  @Override
  public void requireReadable() {
    file.requireReadable();
  }

  @Override
  public void close() {
    file.close();
  }
}
