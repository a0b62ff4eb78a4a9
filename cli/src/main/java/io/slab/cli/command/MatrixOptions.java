package io.slab.cli.command;

import io.slab.cli.StorageOptions;
import io.slab.cli.Suggest;
import io.slab.cli.UsageException;
import io.slab.error.NotFoundException;
import io.slab.ingest.NpyFile;
import io.slab.source.Shape;
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

  /** The matrix that is the only input, or null when the inputs are something else. */
  Path file(List<String> inputs) {
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
    if (!FileKind.isFile(file)) {
      throw new NotFoundException("no such file: " + file);
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
