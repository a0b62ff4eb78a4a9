package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.StorageOptions;
import io.slab.source.FieldMap;
import io.slab.source.Shape;
import io.slab.source.matrix.NpyFile;
import io.slab.source.scan.SourceScanner;
import io.slab.store.FileKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** What {@code ingest} does with a NumPy matrix. */
final class MatrixOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "what the input is: auto (default), jsonl, npy, or another of `slab help formats`")
  String format;

  @Option(
      names = "--metadata",
      paramLabel = "FILE",
      description = "npy: a JSON line per row with its id, its metadata or both")
  Path metadata;

  @Seldom
  @Option(
      names = "--bulk",
      negatable = true,
      fallbackValue = "true",
      description =
          "npy: build slabs directly, past the log, if the namespace is empty (default: from 10000 rows on)")
  Boolean bulk;

  /** What the user said that the input is, or null. */
  Shape shape() {
    return format == null ? null : Shape.of(format);
  }

  /**
   * The matrix that is the only input, or null when the inputs are something else. What the folders
   * of its path say about its rows, only a scan adds to them.
   */
  Path file(List<String> inputs, FieldMap fields) {
    if (format != null && shape() == null && !format.equals("auto")) {
      List<String> known = new ArrayList<>(List.of("auto"));
      Arrays.stream(Shape.values()).map(Shape::label).forEach(known::add);
      throw Suggest.unknown("--format cannot be", format, known);
    }
    if (inputs.size() != 1 || !isMatrix(inputs.getFirst())) {
      if (metadata != null || bulk != null) {
        throw new UsageException(
            "--metadata and --bulk go with one NumPy matrix in a file, the only input", null);
      }
      return null;
    }
    Path file = Path.of(inputs.getFirst());
    if (SourceScanner.isPlaced(file.toString(), fields)) {
      if (metadata != null || bulk != null) {
        throw new UsageException(
            "--metadata and --bulk do not go with a path that says columns of the rows: " + file,
            "move the matrix out of the folders with '=' in their names");
      }
      return null;
    }
    if (FileKind.of(LocalFile.require("FILE", file)) != FileKind.FILE) {
      throw new UsageException(
          "a NumPy matrix is read from a regular file, and " + file + " is none",
          "save it to a file, and name that");
    }
    return file;
  }

  private boolean isMatrix(String word) {
    if (word.equals("-") || StorageOptions.isRemote(word)) {
      return false;
    }
    Path file = Path.of(word);
    if (format != null && !format.equals("auto")) {
      return format.equals("npy") && !FileKind.isFolder(file);
    }
    return FileKind.isFile(file) && NpyFile.is(file);
  }
}
