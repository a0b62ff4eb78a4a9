package io.slab.format;

import io.slab.format.section.ColumnType;
import io.slab.model.Ledger;
import io.slab.model.Metric;
import io.slab.model.TextIndex;
import io.slab.model.Ulid;
import io.slab.model.VectorType;
import io.slab.model.Vintage;
import io.slab.text.TextTotals;
import java.util.List;

/**
 * What a slab says about itself: its MANIFEST section (spec/slab-file.md, "Manifest"), a component
 * for each member of that JSON object. Only its reader and the writer of a slab make one.
 *
 * @param namespace as the index names it
 * @param writer name and version of the program that wrote the slab
 * @param level 0 for what a flush wrote
 * @param dimension 0 in a sparse index
 * @param textIndex the field whose terms its sparse values are, or null
 * @param textTotals of the texts of its rows; null where there is no text index
 * @param lsnMin smallest LSN of a row or tombstone, unsigned
 * @param lsnMax largest LSN of a row or tombstone, unsigned
 * @param lsnAsOf LSN of the last write that the rows take account of, {@link
 *     SlabTombstones#UNKNOWN} when it does not say
 * @param fields all metadata fields that occur, in byte order; the index is the field id
 * @param columns the indexed ones by field and type; the index is the column id
 * @param algorithm how the slab is searched
 * @param measured recall and cost of the algorithm for a series of efforts; empty for exact scan
 * @param sources the slabs that it was compacted from
 * @param vintage what made its derived sections
 * @param ledger of its rows
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
    TextIndex textIndex,
    TextTotals textTotals,
    long lsnMin,
    long lsnMax,
    long lsnAsOf,
    List<String> fields,
    List<Column> columns,
    String algorithm,
    List<Measurement> measured,
    List<Ulid> sources,
    Vintage vintage,
    Ledger ledger) {
  /** Scan everything. */
  public static final String EXACT = "exact";

  public SlabManifest {
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
    measured = List.copyOf(measured);
    sources = List.copyOf(sources);
  }

  /**
   * One column.
   *
   * @param rows rows with a value of this type
   * @param distinct ranks: distinct values, or 2 for booleans
   */
  public record Column(int id, String field, ColumnType type, int rows, int distinct) {}

  /**
   * What one effort of an approximate algorithm finds and costs, measured on queries sampled from
   * the slab (spec/ann.md, "Calibration").
   *
   * @param k rows asked for
   * @param probes cells scanned at most
   * @param margin multiple of the error bound below which rows are not rescored
   * @param recall share of the true k nearest found, in [0, 1]
   * @param assured recall that holds with 95 % confidence
   * @param cells lists scanned per query
   * @param scanned codes per query
   * @param refined fine codes per query
   * @param rescored rows per query
   * @param cost nanoseconds by the writer's model
   */
  public record Measurement(
      int k,
      int probes,
      double margin,
      double recall,
      double assured,
      double cells,
      double scanned,
      double refined,
      double rescored,
      double cost) {}
}
