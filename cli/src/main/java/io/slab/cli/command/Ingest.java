package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.FileName;
import io.slab.cli.output.Listing;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.output.Progress;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.Written;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.index.SlabIndex;
import io.slab.ingest.BatchSink;
import io.slab.ingest.IngestJob;
import io.slab.ingest.IngestOptions;
import io.slab.ingest.IngestProgress;
import io.slab.ingest.IngestSummary;
import io.slab.ingest.QueueSink;
import io.slab.ingest.ResumePoint;
import io.slab.ingest.RowNumberCheck;
import io.slab.model.Limits;
import io.slab.output.GrowingFile;
import io.slab.source.ReadOptions;
import io.slab.source.ScanOptions;
import io.slab.source.SourcePart;
import io.slab.source.Unread;
import io.slab.store.FileKind;
import io.slab.writer.AppendQueue;
import io.slab.writer.Commit;
import io.slab.writer.NamespaceWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab ingest}. */
@Command
public final class Ingest extends Verb {
  private static final Listing COMMITS =
      new Listing(
          "commits",
          "commit",
          List.of(
              Column.number("records"),
              Column.number("acknowledged"),
              Column.text("firstLsn"),
              Column.text("lastLsn")));

  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin ConsentOptions consent = new ConsentOptions();
  @Mixin MatrixOptions matrix = new MatrixOptions();
  @Mixin ExportOptions export = new ExportOptions();
  @Mixin TextOptions texts = new TextOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "TARGET FILE",
      description = "the index (default $SLAB_TARGET), then files; - is stdin")
  List<String> words = new ArrayList<>();

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      description = "most records of one batch, 1 to 1000 (default 1000)")
  int batchSize = Limits.MAX_BATCH_RECORDS;

  @Option(
      names = "--on-error",
      paramLabel = "WHAT",
      description = "abort (default) or skip: what a refused record, or file in a folder, does")
  String onError = "abort";

  @Seldom
  @Option(
      names = "--max-errors",
      paramLabel = "N",
      description = "with skip: stop after more than N refused records")
  long maxErrors = -1;

  @Written
  @Option(
      names = "--rejects",
      paramLabel = "FILE",
      description =
          "refused records with the reason, as JSON lines; written as the run goes on, and on disk"
              + " when it ends: after a crash the last ones may be missing")
  Path rejects;

  @Seldom
  @Option(
      names = "--resume",
      paramLabel = "TOKEN",
      description = "go on where an interrupted run ended (FILE:LINE)")
  String resume;

  @Option(names = "--flush", description = "write everything into slabs at the end")
  boolean flush;

  /** Why the flush at the end failed, or null. */
  private SlabException unflushed;

  /** What was said about the sources. */
  private List<String> notices = List.of();

  /** Files among the inputs that may hold records and are none of them, each with the reason. */
  private List<String> unread = List.of();

  /** Counted on the thread of the queue. */
  private long acknowledged;

  @Override
  public String about() {
    return "Adds records or replaces those of the same id. Each batch is durable before it is reported as done; with"
        + " --output ndjson each commit is a line on stdout. A NumPy matrix goes into an empty namespace as a whole, as"
        + " slabs. Parquet, CSV, other JSON and packed files are recognised. See `slab help formats`.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "ingest books books.jsonl --flush",
        "ingest books - --on-error skip --rejects bad.jsonl --namespace english",
        "ingest books vectors.npy --metadata lines.jsonl",
        "ingest books export/ --namespace english");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  protected List<ExitCode> moreExits() {
    return List.of(ExitCode.PARTIAL);
  }

  @Override
  public ExitCode run(Session session) {
    FileName.require(rejects, "--rejects", "JSON lines", List.of("jsonl", "ndjson", "json"));
    texts.check();
    String target = target(session);
    Path file = matrix.file(words, export.scan().fields());
    if (file != null) {
      return runMatrix(session, file, target);
    }
    IngestInputs found = inputs(session, texts.given() || textsAlone(target));
    List<SourcePart> read = found.of(words);
    notices = found.notices();
    unread = found.unread().stream().map(Unread::reason).toList();
    try (SlabIndex index = Target.open(target, storage());
        TextOptions open = texts;
        OutputStream refused = refused();
        Progress progress = session.progress("ingest")) {
      List<SourcePart> inputs = open.parts(session, index, read, consent.dryRun());
      IngestOptions options = options(session, refused, progress);
      requireFreeNumbers(index, inputs);
      boolean events = session.output().format() == OutputFormat.NDJSON;
      if (events) {
        session.output().begin(COMMITS);
      }
      IngestSummary summary;
      if (consent.dryRun()) {
        summary = new IngestJob(inputs, index.spec(), null, options.dry()).run();
      } else {
        summary = write(session, index, inputs, options, events);
      }
      progress.clear();
      IngestReport report =
          new IngestReport(session, namespace.name(), target, rejects, consent.dryRun(), flush);
      Doc doc = report.doc(summary, notices, unread);
      report(session, texts.report(session, doc, consent.dryRun()));
      Remarks.say(session, summary.notes());
      if (summary.read() == 0 && words.contains("-")) {
        session.warn("stdin was empty: there was no record to write");
      }
      requireFlushed(session);
      ExitCode exit = report.say(index, summary);
      return sayUnread(session) ? ExitCode.PARTIAL : exit;
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED,
          "cannot write " + rejects + ": " + e.getMessage(),
          "check the space and the permissions there",
          e);
    }
  }

  /** An interrupted run goes on among records that it wrote itself. */
  private void requireFreeNumbers(SlabIndex index, List<SourcePart> inputs) {
    for (SourcePart input : inputs) {
      if (resume == null && input.numbers() != null) {
        RowNumberCheck.requireFree(index, namespace.name(), input.numbers());
      }
    }
  }

  /** True when something that may hold records was left out, which is said. */
  private boolean sayUnread(Session session) {
    unread.forEach(reason -> session.console().warn("not read: " + reason));
    return !unread.isEmpty();
  }

  /** The first word is the index unless the environment names it and the word is a file. */
  private String target(Session session) {
    String fallback = session.console().env().get("SLAB_TARGET");
    if (words.isEmpty() || words.getFirst().equals("-")) {
      return Target.require(fallback);
    }
    String first = words.getFirst();
    boolean index = StorageOptions.isRemote(first);
    if (!index) {
      FileKind kind = FileKind.of(Path.of(first));
      index = kind == FileKind.FOLDER || (fallback == null && kind != FileKind.FILE);
    }
    return Target.require(index ? words.removeFirst() : fallback);
  }

  /** True for an index whose records need no vectors. */
  private boolean textsAlone(String target) {
    try (SlabIndex index = Target.open(target, storage())) {
      return index.spec().textIndex() != null && !index.spec().vectorType().hasDense();
    } catch (SlabException e) {
      // What is wrong is said when the index is opened to be written to.
      return false;
    }
  }

  private IngestInputs inputs(Session session, boolean ofTexts) {
    if (matrix.shape() != null && export.shape == null) {
      export.shape = matrix.format;
    }
    // JSON lines are what they are; to say so saves the look, unless members have other names.
    boolean plain = export.shape != null && export.shape.equals("jsonl") && export.map.isEmpty();
    ScanOptions usual = export.scan();
    ScanOptions scan = ofTexts ? usual.withFields(usual.fields().withTexts()) : usual;
    ScanOptions wanted = plain ? scan.withShape(null) : scan;
    return new IngestInputs(session, storage(), wanted, !plain, onError.equals("skip"));
  }

  private ExitCode runMatrix(Session session, Path file, String target) {
    requireBatchSize();
    if (texts.given()) {
      throw new UsageException("--text-field goes with records, not with a matrix", null);
    }
    if (resume != null || rejects != null || !onError.equals("abort") || maxErrors >= 0) {
      throw new UsageException(
          "--resume, --rejects, --on-error and --max-errors go with JSON lines",
          "a matrix is checked before anything of it is written");
    }
    boolean events = session.output().format() == OutputFormat.NDJSON;
    try (SlabIndex index = Target.open(target, storage())) {
      if (events) {
        session.output().begin(COMMITS);
      }
      return new IngestMatrix(this, session, index)
          .run(file, target, queue -> sink(session, queue, events));
    }
  }

  private void requireBatchSize() {
    if (batchSize < 1 || batchSize > Limits.MAX_BATCH_RECORDS) {
      throw new UsageException(
          "--batch-size must be from 1 to " + Limits.MAX_BATCH_RECORDS + ", not " + batchSize,
          null);
    }
  }

  /** Prints what was done, after the commits where these were printed. */
  void report(Session session, Doc doc) {
    if (session.output().format() == OutputFormat.NDJSON) {
      session.output().end(doc);
    } else {
      session.output().document(doc);
    }
  }

  private OutputStream refused() {
    return rejects == null
        ? OutputStream.nullOutputStream()
        : new BufferedOutputStream(GrowingFile.open(rejects));
  }

  private IngestOptions options(Session session, OutputStream refused, Progress progress) {
    requireBatchSize();
    ReadOptions reading = export.read(ReadOptions.Nulls.REFUSE);
    IngestOptions options =
        IngestOptions.defaults()
            .withSources(reading, namespace.namespace == null ? namespace.name() : null)
            .withBatchRecords(
                texts.given() ? Math.min(batchSize, TextOptions.MOST_RECORDS) : batchSize)
            .withRejects(refused)
            .withCancellation(session.cancellation())
            .withProgress(state -> show(progress, state));
    if (resume != null) {
      options = options.resumingAt(ResumePoint.parse(resume));
    }
    return switch (onError) {
      case "abort" -> options;
      case "skip" -> options.skipping(maxErrors);
      default -> throw Suggest.unknown("--on-error cannot be", onError, List.of("abort", "skip"));
    };
  }

  private static void show(Progress progress, IngestProgress state) {
    progress.update(
        state.read(), state.totalBytes() <= 0 ? -1 : (double) state.bytes() / state.totalBytes());
  }

  private IngestSummary write(
      Session session,
      SlabIndex index,
      List<SourcePart> inputs,
      IngestOptions options,
      boolean events) {
    try (NamespaceWriter writer = index.writer(namespace.name());
        AppendQueue queue = writer.queue()) {
      BatchSink sink = texts.sink(index, sink(session, queue, events));
      IngestJob job = new IngestJob(inputs, index.spec(), sink, options);
      IngestSummary summary;
      try {
        summary = job.run();
      } catch (RuntimeException e) {
        // The cause comes as the error; where to go on must not be lost with it.
        String stopped = job.summary().stopText();
        if (stopped != null) {
          session.say(stopped);
        }
        throw e;
      }
      if (flush) {
        flush(writer);
      }
      return summary;
    }
  }

  /** What was acknowledged is reported all the same, before the failure is. */
  void flush(NamespaceWriter writer) {
    try {
      writer.flush();
    } catch (SlabException e) {
      unflushed = e;
    }
  }

  /** Throws what the flush at the end met. */
  void requireFlushed(Session session) {
    if (unflushed != null) {
      session.say("the records are written, in the log; only their flush failed");
      throw unflushed;
    }
  }

  private BatchSink sink(Session session, AppendQueue queue, boolean events) {
    return new QueueSink(
        queue,
        commit -> {
          acknowledged += commit.operations();
          if (events) {
            session.output().row(event(commit));
          }
        });
  }

  private Doc event(Commit commit) {
    return new Doc()
        .put("records", commit.operations())
        .put("acknowledged", acknowledged)
        .put("firstLsn", Long.toString(commit.firstLsn()))
        .put("lastLsn", Long.toString(commit.lastLsn()));
  }
}
