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
      names = "--id-prefix",
      paramLabel = "TEXT",
      description = "npy without ids: what the row numbers follow")
  String idPrefix = "";

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

  /** The matrix among the inputs, or null when they are JSON lines. */
  Path file(List<String> inputs) {
    if (format != null && shape() == null && !format.equals("auto")) {
      List<String> known = new ArrayList<>(List.of("auto"));
      Arrays.stream(Shape.values()).map(Shape::label).forEach(known::add);
      throw Suggest.unknown("--format cannot be", format, known);
    }
    if (!isMatrix(inputs)) {
      if (metadata != null || bulk != null || !idPrefix.isEmpty()) {
        throw new UsageException("--metadata, --id-prefix and --bulk go with a NumPy matrix", null);
      }
      return null;
    }
    if (inputs.size() > 1 || inputs.getFirst().equals("-")) {
      throw new UsageException("a NumPy matrix must be a file and the only input", null);
    }
    Path file = Path.of(inputs.getFirst());
    if (!FileKind.isFile(file)) {
      throw new NotFoundException("no such file: " + file);
    }
    return file;
  }

  private boolean isMatrix(List<String> inputs) {
    if (format != null && !format.equals("auto")) {
      return format.equals("npy") && !inputs.isEmpty();
    }
    return inputs.stream()
        .filter(word -> !word.equals("-") && !StorageOptions.isRemote(word))
        .map(Path::of)
        .anyMatch(file -> FileKind.isFile(file) && NpyFile.is(file));
  }
}
