package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import java.io.IOException;

/** Recognises one file. */
final class FileScan {
  private final SourceFiles files;
  private final FieldMap fields;
  private final Shape wanted;

  FileScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    fields = options.fields();
    wanted = options.shape();
  }

  /**
   * Looks at a file.
   *
   * @param namespace of its records that name none, or null
   * @throws InvalidInputException when it holds no records, saying what it is
   */
  Found scan(SourceFiles.Entry file, String namespace) throws IOException {
    Found found = look(file, namespace);
    if (found == null) {
      throw new InvalidInputException(
          files.describe(file.path()) + " is not recognised as an export of records",
          "read are JSON (lines, lists, API responses), Parquet, CSV and .npy; --shape and --map"
              + " say what a file is");
    }
    if (wanted != null && found.shape() != wanted) {
      throw new InvalidInputException(
          files.describe(file.path())
              + " cannot be read as "
              + wanted.text()
              + ": it is "
              + found.shape().text(),
          "leave out --shape, or name " + found.shape().label());
    }
    return found;
  }

  private Found look(SourceFiles.Entry file, String namespace) throws IOException {
    return look(file, FileKind.of(files, file.path()), namespace);
  }

  /** As {@link #scan}, but null for a file that is no export at all. */
  Found look(SourceFiles.Entry file, FileKind kind, String namespace) throws IOException {
    return switch (kind) {
      case JSON -> new JsonScan(files, fields).scan(file, namespace);
      case PARQUET -> new ParquetScan(files, fields).scan(file, namespace);
      case NPY -> new MatrixScan(files).npy(file, namespace);
      case TEXT -> new CsvScan(files, fields).scan(file, namespace);
      case BINARY -> new MatrixScan(files).vecs(file, namespace);
      case EMPTY -> null;
    };
  }
}
