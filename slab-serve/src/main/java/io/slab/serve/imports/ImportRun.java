package io.slab.serve.imports;

import io.slab.error.InvalidInputException;
import io.slab.ingest.BatchSink;
import io.slab.ingest.IngestJob;
import io.slab.ingest.IngestOptions;
import io.slab.ingest.IngestSummary;
import io.slab.model.VectorRecord;
import io.slab.serve.catalog.LiveNamespace;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.jobs.JobRunner;
import io.slab.serve.jobs.Running;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.Source;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.scan.SourceScanner;
import io.slab.writer.Commit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import tools.jackson.databind.node.ObjectNode;

/** Reads the files of one import and writes what they hold, a namespace at a time. One thread. */
final class ImportRun {
  private final ServedIndex index;
  private final boolean abort;
  private final Running running;
  private long bytes;
  private long written;
  private long refused;

  /**
   * @param abort whether the first record that cannot be taken ends it
   */
  ImportRun(ServedIndex index, boolean abort, Running running) {
    this.index = index;
    this.abort = abort;
    this.running = running;
  }

  ObjectNode run(SourceFiles files) {
    Source source = SourceScanner.scan(files, ScanOptions.defaults());
    if (source.shape() != Shape.PARQUET && source.shape() != Shape.PINECONE_IMPORT) {
      throw new InvalidInputException(
          "imports read Parquet files, in one folder for each namespace, and "
              + files.location()
              + " is "
              + source.shape().text(),
          "`slab ingest` reads it");
    }
    if (abort) {
      source.requireAllRead();
    }
    refused = source.unread().size();
    Map<String, List<SourcePart>> parts = new LinkedHashMap<>();
    for (SourcePart part : source.parts()) {
      String namespace = part.namespace() == null ? "" : part.namespace();
      parts.computeIfAbsent(namespace, name -> new ArrayList<>()).add(part);
    }
    for (Map.Entry<String, List<SourcePart>> namespace : parts.entrySet()) {
      String stopped = write(namespace.getKey(), namespace.getValue(), source.bytes());
      if (stopped != null) {
        return end("Failed").put("error", stopped);
      }
    }
    ObjectNode end = end("Completed");
    if (refused > 0) {
      end.put("error", refused + " records or files were refused and left out");
    }
    return end;
  }

  private ObjectNode end(String status) {
    return JobRunner.ended(status).put("records", written).put("refused", refused);
  }

  /** Writes one namespace; gives the sentence that says what stopped it, or null. */
  private String write(String namespace, List<SourcePart> parts, long allBytes) {
    IngestOptions options =
        IngestOptions.defaults()
            .withSources(IngestOptions.defaults().reading(), namespace)
            .withCancellation(running::isUnwanted)
            .withProgress(state -> {
              running.wrote(written + state.written());
              running.at(allBytes <= 0 ? 0 : (double) (bytes + state.bytes()) / allBytes);
            });
    IngestJob job =
        new IngestJob(parts, index.spec(), sink(namespace), abort ? options : options.skipping(-1));
    IngestSummary summary;
    try {
      summary = job.run();
    } finally {
      IngestSummary so = job.summary();
      written += so.written();
      refused += so.rejected();
      bytes += so.bytes();
      running.wrote(written);
    }
    return switch (summary.outcome()) {
      case COMPLETED -> null;
      case ABORTED -> summary.problem().text();
      case CANCELLED, UNFINISHED -> throw new CancellationException();
    };
  }

  /** As every other write of the server: its reads have it at once. */
  private BatchSink sink(String namespace) {
    return batch -> write(index.namespace(namespace), batch);
  }

  private static Commit write(LiveNamespace live, List<VectorRecord> batch) {
    io.slab.Commit commit = live.committed(live.namespace().upsert(batch));
    return new Commit(0, commit.firstLsn(), commit.lastLsn(), commit.operations());
  }
}
