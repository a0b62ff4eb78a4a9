package io.slab.spark;

import io.slab.Index;
import io.slab.IndexDescription;
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
      return new SlabWrite(options, rows, overwrite, info.queryId());
    }
  }
}
