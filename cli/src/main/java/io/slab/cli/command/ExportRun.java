package io.slab.cli.command;

import com.github.luben.zstd.ZstdOutputStream;
import io.slab.cli.output.Doc;
import io.slab.cli.output.FileName;
import io.slab.cli.output.Human;
import io.slab.cli.output.Progress;
import io.slab.cli.output.Sink;
import io.slab.cli.verb.Session;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.ShellWord;
import io.slab.error.StoreException;
import io.slab.export.JsonlWriter;
import io.slab.export.NpyWriter;
import io.slab.export.ParquetWriter;
import io.slab.export.RecordWriter;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.index.SlabIndex;
import io.slab.json.Json;
import io.slab.manifest.NamespaceNames;
import io.slab.model.IndexSpec;
import io.slab.model.RecordRules;
import io.slab.model.VectorRecord;
import io.slab.output.FileMode;
import io.slab.output.OutputFile;
import io.slab.output.OutputPlace;
import io.slab.output.StaleOutput;
import io.slab.output.UnfinishedFiles;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.Snapshot;
import io.slab.snapshot.StoredRecords;
import io.slab.store.FileKind;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/** Writes the records of namespaces. Runs once. */
final class ExportRun {
  /** Most records of one Parquet file. */
  private static final long FILE_ROWS = 1_000_000;

  private final Session session;
  private final SlabIndex index;
  private final AsOfOption asOf;
  private final List<String> names;
  private final Filter filter;
  private final ExportFormat format;
  private final List<Doc> namespaces = new ArrayList<>();
  private long records;

  /** Records that an older writer let in and no import takes. */
  private long ruleBreaking;

  private String firstProblem;

  /** True to write records in the order of their ids at any cost. */
  private final boolean sorted;

  /** False once a namespace was written in the order in which it is stored. */
  private boolean byId = true;

  private List<Doc> leftOut = List.of();

  ExportRun(
      Session session,
      SlabIndex index,
      AsOfOption asOf,
      List<String> names,
      Filter filter,
      ExportFormat format,
      boolean sorted) {
    this.session = session;
    this.sorted = sorted;
    this.index = index;
    this.asOf = asOf;
    this.names = names;
    this.filter = filter;
    this.format = format;
  }

  /** What the index has and cannot be read, for the document. */
  void leaveOut(List<Doc> damage) {
    leftOut = damage;
  }

  long records() {
    return records;
  }

  /** The command that reads what was written. */
  String next(Path out) {
    return out == null || out.toString().equals("-") || OutputPlace.of(out).streams()
        ? ""
        : "; read it with: slab migrate-from-pod-export "
            + ShellWord.of(out.toString())
            + " NEW-TARGET";
  }

  /** JSON lines to stdout, with their namespaces where there may be several. */
  void toStdout(boolean named) throws IOException {
    // Without closing what is not ours.
    OutputStream stdout =
        new FilterOutputStream(new BufferedOutputStream(session.console().stdout(), 1 << 16)) {
          @Override
          public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
          }

          @Override
          public void close() throws IOException {
            flush();
          }
        };
    for (String name : names) {
      try (RecordWriter writer = new JsonlWriter(stdout, named ? name : null)) {
        write(name, writer);
      } catch (IOException e) {
        throw Sink.failure("the output", e);
      }
    }
  }

  /** Everything in one file, written from its first byte to its last. */
  Doc toFile(Path out, boolean named) {
    try (OutputFile target = OutputFile.open(out)) {
      if (format == ExportFormat.PARQUET) {
        try (RecordWriter writer = new ParquetWriter(target.stream(), index.spec().givenType())) {
          write(names.getFirst(), writer);
        }
      } else {
        try (OutputStream file = packed(out, target.stream())) {
          for (String name : names) {
            JsonlWriter writer = new JsonlWriter(file, named ? name : null);
            write(name, writer);
          }
        }
      }
      target.commit();
      return doc(out, target.bytes());
    } catch (IOException e) {
      throw Sink.failure(out.toString(), e);
    }
  }

  private static OutputStream packed(Path out, OutputStream file) throws IOException {
    String packing = FileName.of(out).packing();
    return "gz".equals(packing)
        ? new GZIPOutputStream(file, 1 << 16)
        : "zst".equals(packing)
            ? new ZstdOutputStream(new BufferedOutputStream(file, 1 << 16))
            : new BufferedOutputStream(file, 1 << 16);
  }

  /** A folder with a part for each namespace. */
  Doc toFolder(Path out) {
    Path real = OutputPlace.of(out).real();
    requireEmpty(real);
    Path temporary = temporary(out, real);
    try {
      for (String name : names) {
        switch (format) {
          case JSONL -> lines(temporary, name);
          case PARQUET -> parquet(temporary, name);
          case NPY -> matrix(temporary, name);
        }
      }
      if (format == ExportFormat.JSONL) {
        manifest(temporary);
      }
      long bytes = size(temporary);
      Files.deleteIfExists(real);
      Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
      return doc(out, bytes);
    } catch (IOException e) {
      throw failure(out, e);
    } finally {
      UnfinishedFiles.abandon(temporary);
    }
  }

  private static void requireEmpty(Path out) {
    FileKind kind = FileKind.of(out);
    if (kind == FileKind.ABSENT) {
      return;
    }
    boolean empty = kind == FileKind.FOLDER;
    if (empty) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(out)) {
        empty = !files.iterator().hasNext();
      } catch (IOException e) {
        throw failure(out, e);
      }
    }
    if (!empty) {
      throw new ConflictException(
          out + " is there already and not an empty folder", "name another folder, or remove it");
    }
  }

  /** A folder beside the real one, which it is going to replace. */
  private static Path temporary(Path out, Path real) {
    StaleOutput.sweep(real.toAbsolutePath().getParent(), System.currentTimeMillis());
    Path folder = real.resolveSibling(".slab-export-" + UUID.randomUUID());
    try {
      return UnfinishedFiles.add(FileMode.of(real).createFolder(folder));
    } catch (IOException e) {
      throw failure(out, e);
    }
  }

  private static StoreException failure(Path out, IOException e) {
    String why = e instanceof NoSuchFileException ? "there is no such folder" : e.getMessage();
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot write " + out + ": " + why,
        "check the space and the permissions there",
        e);
  }

  private static String fileName(String namespace) {
    return NamespaceNames.encode(namespace);
  }

  private void lines(Path folder, String name) throws IOException {
    Path file = folder.resolve(fileName(name) + ".jsonl");
    try (RecordWriter writer =
        new JsonlWriter(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), null)) {
      write(name, writer);
    }
  }

  private void manifest(Path folder) throws IOException {
    IndexSpec spec = index.spec();
    byte[] manifest =
        Json.bytes(out -> {
          out.writeStartObject();
          out.writeName("format_version").writeString("1");
          out.writeName("index").writeStartObject();
          out.writeName("name").writeString(spec.name());
          out.writeName("dimension").writeNumber(spec.dimension());
          out.writeName("metric").writeString(spec.metric().label());
          out.writeEndObject();
          out.writeName("namespaces").writeStartObject();
          for (int i = 0; i < names.size(); i++) {
            out.writeName(names.get(i)).writeStartObject();
            out.writeName("file").writeString(fileName(names.get(i)) + ".jsonl");
            out.writeName("count").writeNumber((long) namespaces.get(i).get("records"));
            out.writeEndObject();
          }
          out.writeEndObject();
          out.writeName("total_vectors").writeNumber(records);
          out.writeEndObject();
        });
    Files.write(folder.resolve("manifest.json"), manifest);
  }

  private void parquet(Path folder, String name) throws IOException {
    if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw new InvalidInputException(
          "the namespace '" + name + "' cannot be the name of a folder, as this layout wants it",
          "export it with --namespace to one file, FILE.parquet, or as jsonl");
    }
    Path place = Files.createDirectory(folder.resolve(name));
    try (RecordWriter writer =
        new SplitWriter(
            FILE_ROWS,
            number ->
                new ParquetWriter(place.resolve(number + ".parquet"), index.spec().givenType()))) {
      write(name, writer);
    }
  }

  private void matrix(Path folder, String name) throws IOException {
    Path place = names.size() == 1 ? folder : Files.createDirectory(folder.resolve(fileName(name)));
    try (RecordWriter writer = new NpyWriter(place, index.spec().dimension())) {
      write(name, writer);
    }
  }

  private void write(String name, RecordWriter writer) throws IOException {
    long before = records;
    try (Snapshot snapshot = asOf.snapshotToCopy(index, name);
        Progress progress = session.progress("export")) {
      long total = Math.max(1, snapshot.count());
      Supplier<VectorRecord> all = records(snapshot);
      long seen = 0;
      for (VectorRecord record = all.get(); record != null; record = all.get()) {
        if (filter == null || FilterEvaluator.matches(filter, record.metadata())) {
          writer.write(record);
          records++;
          note(record);
        }
        if ((++seen & 255) == 0) {
          progress.update(seen, (double) seen / total);
        }
      }
      writer.finish();
      progress.clear();
    }
    namespaces.add(new Doc().put("namespace", name).put("records", records - before));
  }

  /** All records of a snapshot, then null. */
  private Supplier<VectorRecord> records(Snapshot snapshot) {
    if (!sorted && snapshot.slabs().stream().anyMatch(slab -> !slab.view().inIdOrder())) {
      byId = false;
      return new StoredRecords(snapshot, session.cancellation())::next;
    }
    LiveIds ids = new LiveIds(snapshot, "", null, session.cancellation());
    return () -> ids.next() == null ? null : ids.record();
  }

  /** Nothing is left out, but what reads the export will not take such a record. */
  private void note(VectorRecord record) {
    String problem = RecordRules.problem(record, index.spec());
    if (problem != null && ruleBreaking++ == 0) {
      firstProblem = "record '" + record.id() + "': " + problem;
    }
  }

  /** Tells of records that no import takes as they are. */
  void warn() {
    if (ruleBreaking > 0) {
      session
          .console()
          .warn(
              Human.plural(ruleBreaking, "record")
                  + " that an import refuses or changes, the first: "
                  + firstProblem);
    }
  }

  private static long size(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private Doc doc(Path out, long bytes) {
    Doc doc =
        new Doc()
            .put("out", out.toString())
            .put("records", records)
            .put("order", byId ? "id" : "stored")
            .put("bytes", bytes)
            .put("namespaces", namespaces)
            .put("ruleBreaking", ruleBreaking);
    return leftOut.isEmpty() ? doc : doc.put("skipped", leftOut);
  }
}
