package io.slab.bench.fuzz;

import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.scan.SourceScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files to ingest. */
final class ExportInputs {
  private static final Path FOLDER = folder();

  private ExportInputs() {}

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("slab-fuzz-");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static void any(byte[] bytes) throws IOException {
    read("export.dat", bytes);
  }

  static void parquet(byte[] bytes) throws IOException {
    read("export.parquet", bytes);
  }

  static void csv(byte[] bytes) throws IOException {
    read("export.csv", bytes);
  }

  private static void read(String name, byte[] bytes) throws IOException {
    Path file = Files.write(FOLDER.resolve(name), bytes);
    try {
      Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults());
      for (SourcePart part : source.parts()) {
        try (RecordReader records = part.open(ReadOptions.defaults())) {
          while (records.next()) {
            if (records.problem() == null && records.record() == null) {
              throw new IllegalStateException("neither a record nor a problem");
            }
          }
        }
      }
    } finally {
      Files.delete(file);
    }
  }
}
