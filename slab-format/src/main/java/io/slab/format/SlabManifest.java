package io.slab.format;

import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.VectorType;
import java.util.List;

/**
 * What a slab says about itself: its MANIFEST section (spec/slab-file.md, "Manifest").
 *
 * @param namespace as the index names it
 * @param writer name and version of the program that wrote the slab
 * @param level 0 for what a flush wrote
 * @param dimension 0 in a sparse index
 * @param lsnMin smallest LSN of a row or tombstone, unsigned
 * @param lsnMax largest LSN of a row or tombstone, unsigned
 * @param fields all metadata fields that occur, in byte order; the index is the field id
 * @param columns the indexed ones by field and type; the index is the column id
 * @param algorithm how the slab is searched
 * @param sources the slabs that it was compacted from
 */
public record SlabManifest(
    Ulid id,
    String namespace,
    String writer,
    int level,
    int rows,
    int dimension,
    Metric metric,
    VectorType vectorType,
    long lsnMin,
    long lsnMax,
    List<String> fields,
    List<Column> columns,
    String algorithm,
    List<Ulid> sources) {
  /** The only algorithm so far: scan everything. */
  public static final String EXACT = "exact";

  public SlabManifest {
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
    sources = List.copyOf(sources);
  }

  /**
   * One column.
   *
   * @param rows rows with a value of this type
   * @param distinct ranks: distinct values, or 2 for booleans
   */
  public record Column(int id, String field, ColumnType type, int rows, int distinct) {}
}
