package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.RowNumbers;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import java.io.IOException;

/** Recognises one file. */
final class FileScan {
  private final SourceFiles files;
  private final FieldMap fields;
  private final Shape wanted;
  private final RowNumbers numbers;

  FileScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    fields = options.fields();
    wanted = options.shape();
    numbers = options.numbers();
  }

  /**
   * Looks at a file.
   *
   * @param place what its folders say about its records
   * @throws InvalidInputException when it holds no records, saying what it is
   */
  Found scan(SourceFiles.Entry file, Place place) throws IOException {
    Found found = look(file, FileKind.of(files, file.path()), place);
    if (found == null) {
      requireNoAnswer(file);
      throw new InvalidInputException(
          files.describe(file.path()) + " is not recognised as an export of records",
          "read are JSON (lines, lists, API responses), Parquet, CSV, .npy and .safetensors; --shape and"
              + " --map say what a file is");
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

  /** As {@link #scan}, but null for a file that is no export at all. */
  Found look(SourceFiles.Entry file, FileKind kind, Place place) throws IOException {
    requirePlain(file, kind);
    if (kind == FileKind.TEXT || kind == FileKind.JSON) {
      requireRecords(file);
    }
    String namespace = place.namespace();
    Found found =
        switch (kind) {
          case JSON -> new JsonScan(files, fields).scan(file, namespace);
          case PARQUET -> new ParquetScan(files, place.fields(fields)).scan(file, namespace);
          case NPY -> new MatrixScan(files, numbers).npy(file, namespace);
          case SAFETENSORS -> new MatrixScan(files, numbers).safetensors(file, namespace);
          case TEXT -> new CsvScan(files, fields).scan(file, namespace);
          case BINARY -> new MatrixScan(files, numbers).vecs(file, namespace);
          case EMPTY -> null;
        };
    return found == null
        ? null
        : new Found(
            found.shape(),
            PlacedReader.part(found.part(), place, fields.extras()),
            found.notices());
  }

  /** Text that is a page, or that Python printed, holds no records as it is. */
  private void requireRecords(SourceFiles.Entry file) throws IOException {
    try (Unpacked in = Unpacked.open(files, file.path())) {
      ForeignKinds.refuseText(files.describe(file.path()), in.readNBytes(FileKind.PREFIX));
    }
  }

  private void requireNoAnswer(SourceFiles.Entry file) throws IOException {
    try (Unpacked in = Unpacked.open(files, file.path())) {
      ForeignKinds.refuseAnswer(files.describe(file.path()), in.readNBytes(FileKind.PREFIX));
    }
  }

  /** Matrices and Parquet are read at any place, which a packed file does not allow. */
  private void requirePlain(SourceFiles.Entry file, FileKind kind) throws IOException {
    if (kind == FileKind.JSON || kind == FileKind.TEXT || kind == FileKind.EMPTY) {
      return;
    }
    try (Unpacked in = Unpacked.open(files, file.path())) {
      if (in.packed()) {
        throw new InvalidInputException(
            files.describe(file.path()) + " is packed; only JSON and CSV are read packed",
            "unpack it first (gunzip, unzstd)");
      }
    }
  }
}
