package io.slab.source.parquet;

import io.slab.source.FieldMap;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.RowNumbers;
import io.slab.store.ByteSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Opens Parquet files and says what is in them. */
public final class ParquetRecords {
  /**
   * What a footer says.
   *
   * @param rows number of rows
   * @param columns names of all columns
   * @param fields columns that become metadata fields
   * @param ignored columns that are not read
   * @param namespaces true when a column holds namespaces
   * @param ids true when a column holds ids
   * @param createdBy program that wrote the file, or null
   */
  public record Summary(
      long rows,
      List<String> columns,
      Set<String> fields,
      Set<String> ignored,
      boolean namespaces,
      boolean ids,
      String createdBy) {}

  private ParquetRecords() {}

  /**
   * Reads a footer; the source stays the caller's.
   *
   * @param numbered true when rows without ids are numbered
   * @throws io.slab.error.CorruptException when it is no Parquet file
   * @throws io.slab.error.InvalidInputException when its columns are not those of records
   */
  public static Summary summary(ByteSource source, FieldMap map, boolean numbered) {
    ParquetFile file = ParquetFile.open(source);
    ParquetColumns columns = ParquetColumns.of(source.name(), file.root(), map, numbered);
    return new Summary(
        file.rows(),
        names(file),
        columns.fieldNames(),
        columns.ignored(),
        columns.namespace() != null,
        columns.id() != null,
        file.createdBy());
  }

  /** Names of all columns of a file. */
  public static List<String> columns(ByteSource source) {
    return names(ParquetFile.open(source));
  }

  private static List<String> names(ParquetFile file) {
    List<String> names = new ArrayList<>();
    file.root().children().forEach(column -> names.add(column.name()));
    return names;
  }

  /**
   * Opens a reader.
   *
   * @param source closed with the reader
   * @param namespace of rows that name none, or null
   * @param ids of the rows where no column has them, else null
   */
  public static RecordReader open(
      ByteSource source,
      String namespace,
      FieldMap map,
      RowNumbers.Range ids,
      ReadOptions options) {
    return new ParquetReader(source, namespace, map, ids, options);
  }
}
