package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.source.FieldMap;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import io.slab.store.ByteSource;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Recognises one file. */
final class FileScan {
  private static final String LANCE = "LANC";

  private final SourceFiles files;
  private final FieldMap fields;
  private final Shape wanted;
  private final ScanOptions options;

  FileScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    fields = options.fields();
    wanted = options.shape();
    this.options = options;
  }

  /**
   * Looks at a file.
   *
   * @param place what its folders say about its records
   * @throws InvalidInputException when it holds no records, saying what it is
   */
  Found scan(SourceFiles.Entry file, Place place) throws IOException {
    FileKind kind = FileKind.of(files, file.path());
    Found found = look(file, kind, place);
    if (found == null && kind == FileKind.EMPTY) {
      throw new InvalidInputException(
          files.describe(file.path()) + " is empty: there are no records in it",
          "look at what was to write it; a download or an export may have ended early");
    }
    if (found == null) {
      requireNoAnswer(file);
      requireNoLance(file);
      throw new InvalidInputException(
          files.describe(file.path()) + " is not recognised as an export of records",
          "read are JSON (lines, lists, API responses), Parquet, CSV, .npy, .npz and .safetensors; --shape and"
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
    SourceFiles plain = plain(file, kind);
    if (kind == FileKind.TEXT || kind == FileKind.JSON) {
      requireRecords(file);
    }
    String namespace = place.namespace();
    Found found =
        switch (kind) {
          case JSON -> new JsonScan(files, fields).scan(file, namespace);
          case PARQUET ->
              new ParquetScan(plain, place.fields(fields), options.numbers()).scan(file, namespace);
          case NPY -> matrix(plain).npy(file, namespace);
          case NPZ -> new NpzScan(plain, fields, options.numbers()).scan(file, namespace);
          case SAFETENSORS -> matrix(plain).safetensors(file, namespace);
          case TEXT -> new CsvScan(files, options).scan(file, namespace);
          case BINARY -> matrix(plain).vecs(file, namespace);
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

  /** Such a file says what it is at its end. */
  private void requireNoLance(SourceFiles.Entry file) {
    if (file.bytes() < LANCE.length()) {
      return;
    }
    try (ByteSource source = files.open(file.path())) {
      byte[] end =
          source
              .read(source.length() - LANCE.length(), LANCE.length())
              .toArray(ValueLayout.JAVA_BYTE);
      if (new String(end, StandardCharsets.ISO_8859_1).equals(LANCE)) {
        throw new InvalidInputException(
            files.describe(file.path()) + " is a file of a Lance dataset, which is not read",
            "name the dataset's folder to see how to write it as Parquet");
      }
    }
  }

  private MatrixScan matrix(SourceFiles from) {
    return new MatrixScan(from, fields, options.numbers());
  }

  /** Matrices and Parquet are read at any place, for which a packed file is unpacked first. */
  private SourceFiles plain(SourceFiles.Entry file, FileKind kind) throws IOException {
    if (kind == FileKind.JSON || kind == FileKind.TEXT || kind == FileKind.EMPTY) {
      return files;
    }
    try (Unpacked in = Unpacked.open(files, file.path())) {
      return in.packed() ? new UnpackedFiles(files) : files;
    }
  }
}
