package io.slab.format;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.LittleEndian;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.BitmapsWriter;
import io.slab.format.section.ColumnCodesWriter;
import io.slab.format.section.ColumnType;
import io.slab.format.section.ColumnValues;
import io.slab.format.section.MetaRowsWriter;
import io.slab.format.section.MetadataCodec;
import io.slab.format.section.NamedRows;
import io.slab.format.section.RangeTombstonesSection;
import io.slab.format.section.RankSlicesWriter;
import io.slab.format.section.RawVectorsWriter;
import io.slab.format.section.RowLsnWriter;
import io.slab.format.section.SparsePostingsLayout;
import io.slab.format.section.SparsePostingsWriter;
import io.slab.format.section.SparseRowsWriter;
import io.slab.format.section.StringBlocksLayout;
import io.slab.format.section.StringBlocksWriter;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.Version;
import io.slab.model.Vintage;
import io.slab.store.ObjectUpload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjIntConsumer;

/**
 * Writes a complete slab. Without an index over the vectors rows keep the order of their ids and
 * pass by up to four times; with one they pass by twice, wait in a {@link RowSpool} and are written
 * in the order that the index wants. Rows that come in another order than that of their ids pass by
 * once, and wait there too. Held in memory are the compressed ids, 16 bytes of LSN and key per row,
 * the columns (see {@link ColumnBuilder}) and 4 bytes of norm per row, with an index 16 bytes more
 * per row, never the vectors or the metadata rows. The same request and rows give the same bytes.
 * One thread only.
 */
public final class SlabBuilder {
  /** Most columns of one slab: each has up to five sections, and a directory holds 65,535. */
  public static final int MAX_COLUMNS = 13_000;

  /**
   * Version of what this program derives from rows, but for the vector index: raise it with every
   * change that slabs written before should be rebuilt for, and with the format's minor version.
   */
  public static final int SECTIONS_VERSION = 1;

  /** Larger dictionaries stay out of the hot tail, which every opening reads. */
  static final int HOT_BYTES = 1 << 16;

  /** Most bytes of dictionaries in the hot tail, however many columns there are. */
  static final long HOT_TOTAL_BYTES = 1 << 20;

  /** What a search through an index reads before it knows which lists to read. */
  static final Set<SectionKind> SEARCH_BEGINS_WITH =
      EnumSet.of(
          SectionKind.ROTATION,
          SectionKind.IVF_CENTROIDS,
          SectionKind.IVF_DIR,
          SectionKind.PQ_CODEBOOK);

  private final SlabRequest request;
  private final SlabInput input;
  private final ObjectUpload upload;

  /** Null for none, or when a vector is met that no index can hold. */
  private VectorIndexer.Build index;

  /** The rows, while their order is found; null where rows keep the order of their ids. */
  private final RowSpool spool;

  /** Ranks of the ids of the rows; null where rows keep the order of their ids. */
  private int[] order;

  /** The row of each rank, where {@link #order} is not null. */
  private int[] rowOf;

  private final Vintage vintage;
  private final SlabFileWriter out;
  private final SlabSurvey survey;
  private final List<Runnable> hotSections = new ArrayList<>();
  private final List<SlabManifest.Column> columns = new ArrayList<>();
  private long hotBytes;

  private SlabBuilder(
      SlabRequest request,
      SlabInput input,
      SlabSurvey survey,
      ObjectUpload upload,
      VectorIndexer.Build index,
      RowSpool spool,
      Vintage vintage) {
    this.vintage = vintage;
    this.request = request;
    this.input = input;
    this.survey = survey;
    this.upload = upload;
    this.index = index;
    this.spool = spool;
    this.out = new SlabFileWriter(upload, request.id(), request.createdMillis());
  }

  /**
   * Builds a slab into an upload that nothing was written to. The caller commits it. Without rows
   * it must carry deletes.
   *
   * @throws IllegalArgumentException when the rows are out of order or lack what the index demands
   * @throws io.slab.error.InvalidInputException when there are more than {@link #MAX_COLUMNS}
   *     columns
   */
  public static SlabSummary build(SlabRequest request, SlabInput input, ObjectUpload upload) {
    return build(request, input, upload, null);
  }

  /**
   * Builds a slab as {@link #build(SlabRequest, SlabInput, ObjectUpload)} does, with an index over
   * its dense vectors.
   *
   * @param indexer null for none
   */
  public static SlabSummary build(
      SlabRequest request, SlabInput input, ObjectUpload upload, VectorIndexer indexer) {
    boolean nothing = input.rows() < 1 && request.tombstones().isEmpty();
    if (nothing || upload.position() != 0) {
      throw new IllegalArgumentException("a slab needs rows or deletes, and an empty upload");
    }
    IndexSpec spec = request.spec();
    Vintage vintage = vintage(spec, request.level(), indexer);
    boolean dense = spec.vectorType().hasDense() && input.rows() > 0;
    Path scratch = scratch(upload, indexer);
    try (RowSpool arrived =
        input.inIdOrder() ? null : spool(spec, input.rows(), input.arrivals(), null, scratch)) {
      SlabSurvey survey = SlabSurvey.of(spec, input, arrived);
      try (VectorIndexer.Build index =
              indexer != null && dense ? indexer.start(spec, request.level(), input.rows()) : null;
          RowSpool ordered =
              arrived != null || index == null || index.keepsOrder()
                  ? null
                  : spool(spec, input.rows(), input.open(), survey.fields(), scratch)) {
        RowSpool spool = arrived == null ? ordered : arrived;
        return new SlabBuilder(request, input, survey, upload, index, spool, vintage).run();
      }
    }
  }

  private static RowSpool spool(
      IndexSpec spec, int rows, SlabInput.Cursor cursor, List<String> fields, Path scratch) {
    List<String> names = cursor instanceof SlabInput.Arrivals some ? some.fields() : fields;
    int dimension = spec.vectorType().hasDense() ? spec.dimension() : 0;
    boolean sparse = spec.vectorType().hasSparse();
    return new RowSpool(new RowSpool.Shape(dimension, sparse, names), rows, cursor, scratch);
  }

  /** Where people say, else beside the slab, else in the folder of the system. */
  private static Path scratch(ObjectUpload upload, VectorIndexer indexer) {
    Path asked = indexer == null ? null : indexer.scratch();
    String named = System.getenv("TMPDIR");
    if (asked == null && named != null && !named.isEmpty()) {
      asked = Path.of(named);
    }
    return asked == null ? upload.scratch() : asked;
  }

  /**
   * What a slab built now would have.
   *
   * @param indexer null for none
   */
  public static Vintage vintage(IndexSpec spec, int level, VectorIndexer indexer) {
    boolean asked = indexer != null && spec.vectorType().hasDense();
    return new Vintage(SECTIONS_VERSION, asked ? indexer.version(level) : 0);
  }

  private SlabSummary run() {
    findOrder();
    RawVectorsWriter vectors = rawVectors();
    sparseRows();
    MetaRowsWriter metadata = metadataRows();
    ids();
    tombstones();
    RowLsnWriter.write(out, lsns(), input.rows());
    if (vectors != null) {
      vectors.writeNorms();
    }
    sparseIndex();
    if (index != null) {
      index.writeLists(out);
    }
    columns();
    SlabManifest manifest = manifest();
    // No search asks for it, but look-ups of ids do.
    survey.bloom.write(out);
    if (index != null) {
      index.writeHead(out);
    }
    out.hot();
    survey.top.write(out);
    metadata.writeTable();
    hotSections.forEach(Runnable::run);
    byte[] json = SlabManifestJson.write(manifest);
    out.section(SectionSpec.of(SectionKind.MANIFEST), MemorySegment.ofArray(json), json.length, 1);
    long hotOffset = out.finish();
    return new SlabSummary(manifest, upload.position(), hotOffset, out.extents(SEARCH_BEGINS_WITH));
  }

  private void findOrder() {
    if (index == null) {
      return;
    }
    if (spool == null) {
      buildInOrder();
      return;
    }
    if (!spool.isFinite()) {
      // Let in by an older writer: it would spoil what an index says about all other rows.
      index = null;
      return;
    }
    index.build(spool.vectors());
    order = index.order();
    if (order != null) {
      rowOf = new int[order.length];
      for (int row = 0; row < order.length; row++) {
        rowOf[order[row]] = row;
      }
    }
  }

  /** Builds an index that leaves the rows in id order, over a copy of the vectors in memory. */
  private void buildInOrder() {
    // Not left to the collector of garbage: flushes may follow each other quickly.
    try (Arena arena = Arena.ofShared()) {
      long bytes = 4L * request.spec().dimension() * input.rows();
      MemorySegment vectors = arena.allocate(bytes, 64);
      if (copyVectors(vectors)) {
        index.build(vectors);
      } else {
        index = null;
      }
    }
  }

  /** False when one of the numbers is not finite. */
  private boolean copyVectors(MemorySegment vectors) {
    int dimension = request.spec().dimension();
    boolean[] finite = {true};
    eachRow((cursor, row) -> {
      float[] values = cursor.values();
      if (values == null || values.length != dimension) {
        throw new IllegalArgumentException(
            "row " + row + " lacks the " + dimension + " values of this index");
      }
      finite[0] &= RecordRules.isFinite(values);
      MemorySegment.copy(values, 0, vectors, LittleEndian.FLOAT, 4L * dimension * row, dimension);
    });
    return finite[0];
  }

  private void ids() {
    SectionSpec spec = SectionSpec.of(SectionKind.ID_BLOCKS);
    if (rowOf == null) {
      survey.ids.write(out, spec);
    } else {
      survey.ids.writeNumbered(out, spec, rowOf);
    }
  }

  private long[] lsns() {
    if (order == null) {
      return survey.lsns;
    }
    long[] lsns = new long[order.length];
    for (int row = 0; row < order.length; row++) {
      lsns[row] = survey.lsns[order[row]];
    }
    return lsns;
  }

  /** The key of a row in the ledger. */
  private long key(int row) {
    return survey.keys[order == null ? row : order[row]];
  }

  /** A pass in the order of the slab that must show as many rows as the first one. */
  private void eachRow(ObjIntConsumer<SlabInput.Cursor> action) {
    try (SlabInput.Cursor cursor = spool == null ? input.open() : spool.open(order)) {
      for (int row = 0; row < input.rows(); row++) {
        if (!cursor.next()) {
          throw new IllegalArgumentException("a later pass ends at row " + row);
        }
        action.accept(cursor, row);
      }
    }
  }

  private RawVectorsWriter rawVectors() {
    IndexSpec spec = request.spec();
    if (!spec.vectorType().hasDense()) {
      return null;
    }
    RawVectorsWriter writer =
        new RawVectorsWriter(out, spec.dimension(), spec.metric() == Metric.COSINE);
    eachRow((cursor, row) -> {
      float[] values = cursor.values();
      writer.add(values);
      survey.ledger.dense(key(row), values);
    });
    writer.finish();
    return writer;
  }

  private void sparseRows() {
    if (!request.spec().vectorType().hasSparse()) {
      return;
    }
    int[] sizes = survey.sparseSizes;
    if (order != null) {
      sizes = new int[order.length];
      for (int row = 0; row < order.length; row++) {
        sizes[row] = survey.sparseSizes[order[row]];
      }
    }
    SparseRowsWriter writer = new SparseRowsWriter(out, sizes, input.rows());
    eachRow((cursor, row) -> {
      SparseVector sparse = cursor.sparse();
      writer.add(sparse);
      survey.ledger.sparse(key(row), sparse);
    });
    writer.finish();
  }

  private void sparseIndex() {
    if (!survey.hasPostings()) {
      return;
    }
    SparsePostingsWriter writer =
        new SparsePostingsWriter(
            out, survey.census, SparsePostingsLayout.WINDOW_ROWS, SparsePostingsWriter.BUDGET);
    while (writer.nextPass()) {
      eachRow((cursor, row) -> writer.add(row, cursor.sparse()));
    }
    writer.finish();
  }

  private MetaRowsWriter metadataRows() {
    Map<String, Integer> fieldIds = new HashMap<>();
    survey.fields().forEach(field -> fieldIds.put(field, fieldIds.size()));
    MetaRowsWriter writer = new MetaRowsWriter(out);
    NamedRows names = new NamedRows(survey.fields());
    ByteWriter coded = new ByteWriter();
    // Where rows of an input are left out, a field may have gone with them.
    boolean isCoded = spool != null && spool.fields().equals(survey.fields());
    eachRow((cursor, row) -> {
      byte[] bytes;
      int length;
      if (isCoded && cursor instanceof RowSpool.Pass pass) {
        bytes = pass.metadataBytes();
        length = pass.metadataLength();
      } else {
        coded.clear();
        MetadataCodec.writeRow(coded, cursor.metadata(), fieldIds);
        bytes = coded.array();
        length = coded.size();
      }
      writer.add(bytes, length);
      survey.ledger.metadata(key(row), bytes, names);
    });
    writer.finish();
    return writer;
  }

  private void tombstones() {
    List<SlabRequest.Tombstone> deleted = request.tombstones().ids();
    if (!deleted.isEmpty()) {
      StringBlocksWriter ids =
          new StringBlocksWriter(StringBlocksLayout.IDS_PER_BLOCK, Limits.MAX_ID_BYTES);
      long[] lsns = new long[deleted.size()];
      for (SlabRequest.Tombstone tombstone : deleted) {
        lsns[ids.items()] = tombstone.lsn();
        ids.add(tombstone.id());
      }
      ids.write(out, SectionSpec.of(SectionKind.TOMBSTONES));
      RowLsnWriter.write(out, SectionKind.TOMBSTONE_LSN, lsns, lsns.length);
    }
    if (!request.tombstones().ranges().isEmpty()) {
      RangeTombstonesSection.write(out, request.tombstones().ranges());
    }
  }

  private void columns() {
    for (ColumnBuilder column : survey.columns()) {
      column(columns.size(), column);
    }
  }

  private void column(int id, ColumnBuilder column) {
    ColumnValues found = column.finish();
    ColumnValues values = rowOf == null ? found : found.renumbered(rowOf);
    columns.add(
        new SlabManifest.Column(
            id, column.field(), column.type(), values.rows().length, values.distinct()));
    if (isHot(column.dictionaryLength())) {
      hotSections.add(() -> column.writeDictionary(out, id));
    } else {
      column.writeDictionary(out, id);
    }
    ColumnCodesWriter.write(out, id, values, input.rows());
    BitmapsWriter bitmaps = new BitmapsWriter(out, id, values);
    if (isHot(bitmaps.dictionaryLength())) {
      hotSections.add(bitmaps::writeDictionary);
    } else {
      bitmaps.writeDictionary();
    }
    if (column.type() == ColumnType.NUMBER) {
      RankSlicesWriter.write(out, id, values);
    }
  }

  /** True when a dictionary shall lie in the hot tail: first come, first served. */
  private boolean isHot(long bytes) {
    if (bytes > HOT_BYTES || hotBytes + bytes > HOT_TOTAL_BYTES) {
      return false;
    }
    hotBytes += bytes;
    return true;
  }

  private SlabManifest manifest() {
    LsnRange lsns = new LsnRange();
    for (long lsn : survey.lsns) {
      lsns.add(lsn);
    }
    request.tombstones().ids().forEach(tombstone -> lsns.add(tombstone.lsn()));
    request.tombstones().ranges().forEach(tombstone -> lsns.add(tombstone.lsn()));
    IndexSpec spec = request.spec();
    return new SlabManifest(
        request.id(),
        request.namespace(),
        Version.PROGRAM,
        request.level(),
        input.rows(),
        spec.dimension(),
        spec.metric(),
        spec.vectorType(),
        lsns.min(),
        lsns.max(),
        request.tombstones().asOf(),
        survey.fields(),
        columns,
        index == null ? SlabManifest.EXACT : index.algorithm(),
        index == null ? List.of() : index.measured(),
        request.sources(),
        vintage,
        survey.ledger.ledger());
  }
}
