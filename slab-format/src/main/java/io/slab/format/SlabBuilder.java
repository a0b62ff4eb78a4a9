package io.slab.format;

import io.slab.bytes.ByteWriter;
import io.slab.error.WorkPhase;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.MetaRowsWriter;
import io.slab.format.section.MetadataCodec;
import io.slab.format.section.NamedRows;
import io.slab.format.section.RangeTombstonesSection;
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
import io.slab.model.SparseVector;
import io.slab.model.Version;
import io.slab.model.Vintage;
import io.slab.store.ObjectUpload;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a complete slab. Without an index over the vectors rows keep the order of their ids and
 * pass by up to four times; with one they pass by twice, wait in a {@link RowSpool} and are written
 * in the order that the index wants. Rows that come in another order than that of their ids pass by
 * once, and wait there too. Held in memory are the compressed ids, 16 bytes of LSN and key per row,
 * what columns cannot leave to a file (see {@link ColumnBuilder}) and 4 bytes of norm per row, with
 * an index 16 bytes more per row, never the vectors or the metadata rows. The same request and rows
 * give the same bytes. One thread only.
 */
public final class SlabBuilder {
  /** Most columns of one slab: each has up to five sections, and a directory holds 65,535. */
  public static final int MAX_COLUMNS = 13_000;

  /**
   * Version of what this program derives from rows, but for the vector index: raise it with every
   * change that slabs written before should be rebuilt for, and with the format's minor version.
   */
  public static final int SECTIONS_VERSION = 1;

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

  private final SlabRowOrder rows;
  private final Vintage vintage;
  private final SlabFileWriter out;
  private final SlabSurvey survey;

  private SlabBuilder(
      SlabRequest request,
      SlabInput input,
      SlabSurvey survey,
      ObjectUpload upload,
      SlabRowOrder rows,
      Vintage vintage) {
    this.vintage = vintage;
    this.request = request;
    this.input = input;
    this.survey = survey;
    this.upload = upload;
    this.rows = rows;
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
    try (ColumnSpill columns = new ColumnSpill(scratch);
        RowSpool arrived =
            input.inIdOrder() ? null : spool(spec, input, input.arrivals(), null, scratch)) {
      SlabSurvey survey = SlabSurvey.of(spec, input, arrived, columns);
      try (VectorIndexer.Build index =
              indexer != null && dense ? indexer.start(spec, request.level(), input.rows()) : null;
          RowSpool ordered =
              arrived != null || index == null || index.keepsOrder()
                  ? null
                  : spool(spec, input, input.open(), survey.fields(), scratch)) {
        RowSpool spool = arrived == null ? ordered : arrived;
        SlabRowOrder rows = new SlabRowOrder(spec, input, index, spool);
        return new SlabBuilder(request, input, survey, upload, rows, vintage).run();
      }
    }
  }

  private static RowSpool spool(
      IndexSpec spec, SlabInput input, SlabInput.Cursor cursor, List<String> fields, Path scratch) {
    List<String> names = cursor instanceof SlabInput.Arrivals some ? some.fields() : fields;
    int dimension = spec.vectorType().hasDense() ? spec.dimension() : 0;
    boolean sparse = spec.vectorType().hasSparse();
    WorkPhase phase = new WorkPhase(input.work(), "gathering", "records", input.rows());
    RowSpool.Shape shape = new RowSpool.Shape(dimension, sparse, names);
    return new RowSpool(shape, input.rows(), cursor, scratch, phase);
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
    VectorIndexer.Build index = rows.find();
    RawVectorsWriter vectors = rawVectors();
    sparseRows();
    MetaRowsWriter metadata = metadataRows();
    ids();
    tombstones();
    RowLsnWriter.write(out, rows.ordered(survey.lsns), input.rows());
    if (vectors != null) {
      vectors.writeNorms();
    }
    sparseIndex();
    if (index != null) {
      index.writeLists(out);
    }
    SlabColumnsWriter columns = new SlabColumnsWriter(out, input.rows(), rows.rowOf());
    survey.columns().forEach(columns::write);
    SlabManifest manifest = manifest(columns.entries(), index);
    // No search asks for it, but look-ups of ids do.
    survey.bloom.write(out);
    if (index != null) {
      index.writeHead(out);
    }
    out.hot();
    survey.top.write(out);
    metadata.writeTable();
    columns.writeHot();
    byte[] json = SlabManifestWriter.write(manifest);
    out.section(SectionSpec.of(SectionKind.MANIFEST), MemorySegment.ofArray(json), json.length, 1);
    long hotOffset = out.finish();
    return new SlabSummary(manifest, upload.position(), hotOffset, out.extents(SEARCH_BEGINS_WITH));
  }

  private void ids() {
    SectionSpec spec = SectionSpec.of(SectionKind.ID_BLOCKS);
    if (rows.rowOf() == null) {
      survey.ids.write(out, spec);
    } else {
      survey.ids.writeNumbered(out, spec, rows.rowOf());
    }
  }

  private RawVectorsWriter rawVectors() {
    IndexSpec spec = request.spec();
    if (!spec.vectorType().hasDense()) {
      return null;
    }
    RawVectorsWriter writer =
        new RawVectorsWriter(out, spec.dimension(), spec.metric() == Metric.COSINE);
    rows.each(
        "writing vectors",
        (cursor, row) -> {
          float[] values = cursor.values();
          writer.add(values);
          survey.ledger.dense(rows.of(survey.keys, row), values);
        });
    writer.finish();
    return writer;
  }

  private void sparseRows() {
    if (!request.spec().vectorType().hasSparse()) {
      return;
    }
    SparseRowsWriter writer =
        new SparseRowsWriter(out, rows.ordered(survey.sparseSizes), input.rows());
    rows.each(
        "writing sparse values",
        (cursor, row) -> {
          SparseVector sparse = cursor.sparse();
          writer.add(sparse);
          survey.ledger.sparse(rows.of(survey.keys, row), sparse);
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
      rows.each("writing postings", (cursor, row) -> writer.add(row, cursor.sparse()));
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
    boolean isCoded = survey.fields().equals(rows.spooledFields());
    rows.each(
        "writing metadata",
        (cursor, row) -> {
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
          survey.ledger.metadata(rows.of(survey.keys, row), bytes, names);
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

  private SlabManifest manifest(List<SlabManifest.Column> columns, VectorIndexer.Build index) {
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
        spec.textIndex(),
        spec.textIndex() == null ? null : survey.textTotals(),
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
