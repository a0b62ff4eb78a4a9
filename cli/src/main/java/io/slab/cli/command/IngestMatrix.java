package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.PhaseProgress;
import io.slab.cli.output.Progress;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.error.ShellWord;
import io.slab.index.SlabIndex;
import io.slab.ingest.BatchSink;
import io.slab.ingest.IngestSummary;
import io.slab.ingest.MatrixJob;
import io.slab.ingest.MatrixRecords;
import io.slab.ingest.NoteTally;
import io.slab.ingest.RowNumberCheck;
import io.slab.source.ReadOptions;
import io.slab.source.RowNumbers;
import io.slab.writer.AppendQueue;
import io.slab.writer.BulkResult;
import io.slab.writer.BulkRows;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Ingests a NumPy matrix: as slabs that are built directly where the namespace is empty, and
 * through the log otherwise.
 */
final class IngestMatrix {
  /** Smaller matrices fit the memtable: the log is as quick for them. */
  private static final int BULK_ROWS = 10_000;

  private final Ingest options;
  private final Session session;
  private final SlabIndex index;
  private final long start = System.nanoTime();

  IngestMatrix(Ingest options, Session session, SlabIndex index) {
    this.options = options;
    this.session = session;
    this.index = index;
  }

  ExitCode run(Path file, String target, Function<AppendQueue, BatchSink> sink) {
    RowNumbers numbers = options.export.numbers();
    try (MatrixRecords records =
        MatrixRecords.open(
            file,
            options.matrix.metadata,
            numbers,
            index.spec(),
            options.export.read(ReadOptions.Nulls.REFUSE))) {
      ExportOptions.requireUse(numbers, records.numbers() != null);
      if (records.numbers() != null) {
        RowNumberCheck.requireFree(index, options.namespace.name(), records.numbers());
      }
      // Before anything is written: a matrix goes in as a whole or not at all.
      List<NoteTally.Count> notes;
      try (PhaseProgress progress = session.phases("ingest")) {
        notes = records.check(progress);
      }
      long checked = System.nanoTime();
      if (options.consent.dryRun()) {
        session.say("dry run: " + Human.plural(records.rows(), "record") + " would be written");
        report(doc(records, 0, 0, -1, -1), notes);
        return ExitCode.OK;
      }
      boolean bulk =
          options.matrix.bulk == null ? records.rows() >= BULK_ROWS : options.matrix.bulk;
      BulkResult result = bulk && records.rows() > 0 ? load(records) : null;
      if (result != null) {
        report(bulkDoc(records, result, checked - start), notes);
        if (result.rows() < records.rows()) {
          session
              .console()
              .warn(
                  Human.plural(records.rows() - result.rows(), "row")
                      + " left out for a later one of the same id");
        }
      } else {
        if (bulk && records.rows() > 0) {
          session.say(options.namespace.name() + " is not empty: writing through the log");
        }
        report(write(records, sink), notes);
        options.requireFlushed(session);
      }
      say(records, target, result != null || options.flush);
      return ExitCode.OK;
    }
  }

  private BulkResult load(MatrixRecords records) {
    BulkRows rows = records.sorted();
    try (PhaseProgress progress = session.phases("ingest")) {
      return index.bulkLoad(options.namespace.name()).run(rows, progress);
    }
  }

  private Doc write(MatrixRecords records, Function<AppendQueue, BatchSink> sink) {
    try (NamespaceWriter writer = index.writer(options.namespace.name());
        AppendQueue queue = writer.queue();
        Progress progress = session.progress("ingest")) {
      MatrixJob job =
          new MatrixJob(
              records,
              sink.apply(queue),
              options.batchSize,
              rows -> progress.update(rows, (double) rows / records.rows()));
      try {
        job.run();
      } catch (RuntimeException e) {
        String kept = IngestSummary.stayText(job.written());
        session.say(job.written() == 0 ? kept : kept + ": the first ones of the matrix");
        throw e;
      }
      if (options.flush) {
        options.flush(writer);
      }
      progress.clear();
      return doc(records, job.written(), job.batches(), job.firstLsn(), job.lastLsn());
    }
  }

  private Doc doc(MatrixRecords records, int written, int batches, long first, long last) {
    return new Doc()
        .put("upsertedCount", written)
        .put("rejectedCount", 0)
        .put("batches", batches)
        .put("firstLsn", first < 0 ? null : Long.toString(first))
        .put("lastLsn", last < 0 ? null : Long.toString(last))
        .put("bytes", records.bytes())
        .put("elapsedMs", millis(System.nanoTime() - start))
        .put("resumeToken", null);
  }

  private Doc bulkDoc(MatrixRecords records, BulkResult result, long checkNanos) {
    Doc bulk =
        new Doc()
            .put("slabs", result.slabs().stream().map(slab -> slab.id().toString()).toList())
            .put("level", "L" + result.slabs().getFirst().level())
            .put("rows", result.rows())
            .put("bytes", result.bytes())
            .put("checkMs", millis(checkNanos))
            .put("buildMs", millis(result.buildNanos()))
            .put("commitMs", millis(result.commitNanos()));
    return doc(records, records.rows(), 1, result.lsn(), result.lsn()).put("bulk", bulk);
  }

  private static long millis(long nanos) {
    return nanos / 1_000_000;
  }

  private void report(Doc doc, List<NoteTally.Count> notes) {
    options.report(
        session,
        doc.put("notices", List.of()).put("unread", List.of()).put("remarks", Remarks.docs(notes)));
    Remarks.say(session, notes);
  }

  private void say(MatrixRecords records, String target, boolean flushed) {
    session.say(
        "wrote "
            + Human.plural(records.rows(), "record")
            + " to "
            + options.namespace.name()
            + " in "
            + Human.millis(millis(System.nanoTime() - start))
            + "; next: "
            + (flushed
                ? "slab query " + ShellWord.of(target) + " ..."
                : "slab flush " + ShellWord.of(target)));
  }
}
