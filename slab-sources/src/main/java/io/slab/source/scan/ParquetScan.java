package io.slab.source.scan;

import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Extras;
import io.slab.source.RowNumbers;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.parquet.ParquetRecords;
import io.slab.store.ByteSource;
import java.util.ArrayList;
import java.util.List;

/** Recognises a Parquet file by its columns. */
final class ParquetScan {
  private final SourceFiles files;
  private final FieldMap fields;
  private final RowNumbers numbers;

  /**
   * @param numbers ids of rows that have none
   */
  ParquetScan(SourceFiles files, FieldMap fields, RowNumbers numbers) {
    this.files = files;
    this.fields = fields;
    this.numbers = numbers;
  }

  /** Looks at a file. */
  Found scan(SourceFiles.Entry file, String namespace) {
    ParquetRecords.Summary summary;
    try (ByteSource source = files.open(file.path())) {
      summary = ParquetRecords.summary(source, fields, numbers.tables());
    }
    RowNumbers.Range ids = summary.ids() ? null : numbers.take(summary.rows());
    SourcePart part =
        new SourcePart(
            files.describe(file.path()),
            summary.namespaces() ? null : namespace,
            file.bytes(),
            summary.rows(),
            options ->
                AheadReader.of(
                    ParquetRecords.open(files.open(file.path()), namespace, fields, ids, options),
                    options),
            ids);
    List<String> notices = new ArrayList<>();
    notices.addAll(JsonScan.notices(summary.fields(), Extras.METADATA));
    notices.addAll(JsonScan.notices(summary.ignored(), Extras.IGNORE));
    if (ids != null) {
      notices.add("the id of a row is its number");
    }
    return new Found(Shape.PARQUET, part, notices);
  }
}
