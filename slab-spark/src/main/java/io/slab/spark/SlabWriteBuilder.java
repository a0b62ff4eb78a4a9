package io.slab.spark;

import io.slab.Index;
import io.slab.IndexDescription;
import io.slab.Namespace;
import io.slab.NamespaceStats;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.text.TextAnalyzers;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;

/** Checks what can be known of a write before its job starts. */
final class SlabWriteBuilder implements SupportsTruncate {
  private final LogicalWriteInfo info;
  private final SlabOptions options;
  private boolean overwrite;

  SlabWriteBuilder(LogicalWriteInfo info, SlabOptions options) {
    this.info = info;
    this.options = options;
  }

  @Override
  public WriteBuilder truncate() {
    overwrite = true;
    return this;
  }

  /**
   * Looks at the index.
   *
   * @throws InvalidInputException for columns that are no records of it
   * @throws ConflictException when rows would be appended to records
   * @throws io.slab.error.UnsupportedException when there is no analyzer for its texts here
   */
  @Override
  public Write build() {
    if (options.asOf() != null) {
      throw new InvalidInputException(
          "nothing can be written to an earlier state", "leave as-of out");
    }
    try (Index index = options.open(1)) {
      IndexDescription description = index.describe();
      RowSchema rows = RowSchema.of(info.schema(), description);
      if (description.textIndex() != null) {
        TextAnalyzers.requireLanguage(description.textIndex());
      }
      if (rows.namespace() >= 0 && options.namespace() != null) {
        throw new InvalidInputException(
            "the rows have a column 'namespace', and the option namespace names one",
            "leave one of the two out");
      }
      if (!overwrite && rows.namespace() < 0) {
        requireEmpty(options.namespace(index));
      }
      return new SlabWrite(options, rows, overwrite, info.queryId());
    }
  }

  static void requireEmpty(Namespace namespace) {
    NamespaceStats stats = namespace.stats();
    if (stats.records() > 0) {
      throw new ConflictException(
          "the namespace '%s' has %,d records".formatted(namespace.name(), stats.records()),
          "append fills an empty namespace; mode overwrite replaces all records in one step, and"
              + " slab ingest adds to them");
    }
  }
}
