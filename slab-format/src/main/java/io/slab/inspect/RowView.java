package io.slab.inspect;

import io.slab.error.CorruptException;
import io.slab.error.NotFoundException;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.MetaRowsReader;
import io.slab.format.section.RawVectorsReader;
import io.slab.format.section.RowLsnReader;
import io.slab.format.section.SparseRowsReader;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import java.util.List;

/** Single rows of a slab, put together from the sections that hold their parts. */
final class RowView {
  private static final int CACHED_BLOCKS = 2;

  private final SlabFile file;
  private final List<String> fields;
  private final StringBlocksReader ids;
  private final int rows;

  RowView(SlabFile file, SlabManifestView manifest) {
    this.file = file;
    this.fields = manifest.texts("fields");
    this.ids =
        new StringBlocksReader(
            file.require(SectionKind.ID_BLOCKS), Limits.MAX_ID_BYTES, CACHED_BLOCKS);
    this.rows = ids.items();
  }

  RowInfo find(String id) {
    int rank = ids.find(Utf8.bytes(id));
    if (rank < 0) {
      throw new NotFoundException("no row with the id '" + id + "' in " + file.name());
    }
    return row(ids.number(rank), rank);
  }

  RowInfo row(int row) {
    if (row < 0 || row >= rows) {
      throw new NotFoundException(
          "no row " + row + " in " + file.name(), "it has the rows 0 to " + (rows - 1));
    }
    int[] ranks = ids.positions();
    return row(row, ranks == null ? row : ranks[row]);
  }

  private RowInfo row(int row, int rank) {
    RowLsnReader lsns = new RowLsnReader(file.require(SectionKind.ROW_LSN), rows);
    MetaRowsReader metadata =
        new MetaRowsReader(
            file.require(SectionKind.META_ROWS),
            file.require(SectionKind.META_BLOCKS),
            rows,
            fields);
    VectorRecord record =
        new VectorRecord(Utf8.string(ids.get(rank)), dense(row), sparse(row), metadata.row(row));
    return new RowInfo(row, lsns.lsn(row), record);
  }

  private float[] dense(int row) {
    Section section = file.find(SectionKind.RAW_VECTORS);
    if (section == null) {
      return null;
    }
    long dimension = section.entry().param();
    if (dimension < 1 || dimension > Limits.MAX_DIMENSION) {
      throw new CorruptException(
          section.resource(), -1, "dimension " + dimension, "1 to " + Limits.MAX_DIMENSION);
    }
    float[] values = new float[(int) dimension];
    // Norms are not wanted here, so the metric does not matter.
    new RawVectorsReader(section, null, rows, values.length, Metric.DOTPRODUCT).copy(row, values);
    return values;
  }

  private SparseVector sparse(int row) {
    Section section = file.find(SectionKind.SPARSE_ROWS);
    return section == null ? null : new SparseRowsReader(section, rows).row(row);
  }
}
