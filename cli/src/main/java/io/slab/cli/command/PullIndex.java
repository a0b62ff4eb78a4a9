package io.slab.cli.command;

import io.slab.cli.input.LocalFile;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.output.Progress;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.ConflictException;
import io.slab.error.ShellWord;
import io.slab.estimate.PriceTable;
import io.slab.migrate.MigrationOptions;
import io.slab.migrate.MigrationReport;
import io.slab.model.Limits;
import io.slab.pull.Pull;
import io.slab.pull.PullOptions;
import io.slab.pull.PullProgress;
import io.slab.pull.PullReport;
import io.slab.pull.PullReport.Pulled;
import io.slab.source.ReadOptions;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab pull}. */
@Command
public final class PullIndex extends Verb {
  private static final int VERIFIED_QUERIES = 8;
  private static final String KEY = "PINECONE_API_KEY";
  private static final String CONTROL = "PINECONE_CONTROLLER_HOST";

  private static final Listing LISTING =
      new Listing(
          "namespaces",
          "namespace",
          List.of(
              Column.text("namespace"),
              Column.number("counted"),
              Column.number("ids"),
              Column.number("written"),
              Column.number("absent"),
              Column.number("bytes")));

  @Mixin NewIndexOptions wanted = new NewIndexOptions();
  @Mixin ThreadsOption threads = new ThreadsOption();
  @Mixin MigrationReports reports = new MigrationReports();

  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "INDEX",
      description = "name of the index in Pinecone, or its host")
  String index;

  @Parameters(
      index = "1",
      arity = "1",
      paramLabel = "FOLDER",
      description = "the export to make; it must not be there yet")
  Path folder;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "then bring the export into this index, made if it is not there, and verify it")
  String target;

  @Option(
      names = {"-n", "--namespace"},
      split = ",",
      paramLabel = "A,B",
      description = "only these namespaces (default: all)")
  List<String> namespaces = List.of();

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "the ids to read, one a line, where the index does not list them (pods)")
  Path ids;

  @Seldom
  @Option(
      names = "--probe",
      description = "look for ids with queries, as is done for a pod without --ids")
  boolean probe;

  @Seldom
  @Option(
      names = "--probes",
      paramLabel = "N",
      description = "give up after N queries in a row that find no new id (default 200)")
  int probes = 200;

  @Seldom
  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "at most N requests a second (default 50)")
  double rate = 50;

  @Seldom
  @Option(
      names = "--restart",
      description = "forget what an interrupted run left and begin with the first record")
  boolean restart;

  @Override
  public String about() {
    return "Reads a live Pinecone index, serverless or pod, over its public API into a folder of JSON lines with a manifest,"
        + " and with TARGET on into an index of yours, verified. The key comes from $PINECONE_API_KEY alone. Interrupted at any"
        + " moment, the same command goes on where it stopped. The index is only read; each fetch of 100 records and each list"
        + " of 100 ids is a request that Pinecone counts. Exit code 8 when the records are not as many as it counts.";
  }

  @Override
  public List<String> examples() {
    return List.of("pull books books-export", "pull books books-export books-here --rate 20");
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
    PullOptions options = options(session);
    reports.check();
    long began = System.nanoTime();
    if (target != null && !restart && Files.exists(folder)) {
      requireThere(options);
      session.say(ShellWord.of(folder.toString()) + " is there already: going on from it");
      return migrate(session, began);
    }
    PullReport report;
    try (Shown shown = new Shown(session)) {
      report = Pull.run(options, shown);
    }
    if (report.resumed()) {
      session.say("went on where an earlier run had stopped");
    }
    report.namespaces().stream().filter(space -> !space.whole()).forEach(s -> warn(session, s));
    report.appeared().forEach(space -> warnAppeared(session, space));
    ExitCode pulled = report.whole() ? ExitCode.OK : ExitCode.PARTIAL;
    if (target == null) {
      print(session, report);
      return pulled;
    }
    session.say(
        "read "
            + Human.plural(report.written(), "record")
            + " into "
            + ShellWord.of(folder.toString()));
    ExitCode migrated = migrate(session, began);
    return migrated == ExitCode.OK ? pulled : migrated;
  }

  /** Refuses a folder that an earlier run of the same command did not leave. */
  private void requireThere(PullOptions options) {
    if (!Pull.isThere(options)) {
      throw new ConflictException(
          folder + " is there already, and is no export of these namespaces of this index",
          "name a folder that does not exist, or bring it in as it is: slab migrate-from-pod-export "
              + ShellWord.of(folder.toString())
              + " "
              + ShellWord.of(target)
              + " --verify");
    }
  }

  private PullOptions options(Session session) {
    Map<String, String> env = session.console().env();
    if (!(rate > 0 && rate <= 10_000)) {
      throw new UsageException("--rate must be above 0 and at most 10000", null);
    }
    if (probes < 1) {
      throw new UsageException("--probes must be at least 1", null);
    }
    if (probe && ids != null) {
      throw new UsageException("--ids says which records to read", "leave --probe out");
    }
    boolean host = index.contains(".") || index.contains(":") || index.equals("localhost");
    String control = env.get(CONTROL);
    String key = key(env);
    return PullOptions.into(folder)
        .index(host ? null : index)
        .host(host ? index : null)
        .control(control == null || control.isEmpty() ? PullOptions.CONTROL : control)
        .key(key)
        .namespaces(spaces())
        .ids(ids == null ? null : LocalFile.require("--ids", ids))
        .probe(probe)
        .idle(probes)
        .threads(threads.or(4))
        .perSecond(rate)
        .restart(restart)
        .cancellation(session.cancellation())
        .build();
  }

  /** The key, without the end of a line that a file of it has; no error says any of it. */
  private static String key(Map<String, String> env) {
    String key = env.getOrDefault(KEY, "").strip();
    if (key.isEmpty()) {
      throw new UsageException(
          "no API key in the environment", "export " + KEY + "=... (any word for `slab serve`)");
    }
    if (!key.chars().allMatch(c -> c >= 0x21 && c <= 0x7E)) {
      throw new UsageException(
          "the API key in " + KEY + " has characters that no key has, as blanks or ends of lines",
          "set it to the key alone");
    }
    return key;
  }

  private Set<String> spaces() {
    return namespaces.stream()
        .map(name -> name.isEmpty() ? Limits.DEFAULT_NAMESPACE : name)
        .collect(Collectors.toSet());
  }

  private static void warn(Session session, Pulled space) {
    String name = name(space.namespace());
    if (space.absent() > 0) {
      session
          .console()
          .warn(
              Human.plural(space.absent(), "id")
                  + " of namespace "
                  + name
                  + " had no record, such as "
                  + ShellWord.of(space.someAbsent().getFirst()));
    }
    if (space.written() != space.after()) {
      session
          .console()
          .warn(
              "namespace "
                  + name
                  + ": "
                  + Human.plural(space.written(), "record")
                  + " read, and Pinecone counts "
                  + space.after()
                  + (space.before() == space.after() ? "" : " (" + space.before() + " before)"));
    }
  }

  private static void warnAppeared(Session session, String namespace) {
    session
        .console()
        .warn("namespace " + name(namespace) + " came meanwhile and is left out; pull once more");
  }

  private static String name(String namespace) {
    return namespace.isEmpty() ? Limits.DEFAULT_NAMESPACE : namespace;
  }

  private void print(Session session, PullReport report) {
    session.output().begin(LISTING);
    for (Pulled space : report.namespaces()) {
      session
          .output()
          .row(
              new Doc()
                  .put("namespace", name(space.namespace()))
                  .put("counted", space.after())
                  .put("counted_before", space.before())
                  .put("ids", space.ids())
                  .put("written", space.written())
                  .put("absent", space.absent())
                  .put("some_absent", space.someAbsent())
                  .put("bytes", space.bytes()));
    }
    session
        .output()
        .end(
            new Doc()
                .put("host", report.host())
                .put("dimension", report.dimension() < 0 ? null : report.dimension())
                .put("metric", report.metric())
                .put("folder", report.folder().toString())
                .put("written", report.written())
                .put("whole", report.whole())
                .put("requests", report.requests())
                .put("repeated", report.repeats()));
    session.say(
        Human.plural(report.written(), "record")
            + " in "
            + ShellWord.of(folder.toString())
            + "; next: slab migrate-from-pod-export "
            + ShellWord.of(folder.toString())
            + " TARGET --verify".replace("TARGET", ShellWord.of(index(report)))
            + (report.metric() == null ? " --metric cosine" : ""));
  }

  /** A name for the index that the export may go into. */
  private String index(PullReport report) {
    return index.matches("[a-z0-9-]+") && !index.equals(report.folder().toString())
        ? index
        : "here";
  }

  private ExitCode migrate(Session session, long began) {
    Source source =
        SourcePlace.scan(session, folder.toString(), ScanOptions.defaults(), storage(), false);
    ReadOptions read = ReadOptions.defaults().withNulls(ReadOptions.Nulls.DROP);
    MigrationOptions options = MigrationOptions.in(MigrationRun.workOf(target)).reading(read);
    try (StageProgress progress = new StageProgress(session)) {
      MigrationRun run = new MigrationRun(session, source, target, storage(), options, progress);
      MigrationReport report =
          run.migrate(
              wanted.wishes(MigrationRun.nameOf(target)),
              read,
              null,
              VERIFIED_QUERIES,
              new SecureRandom().nextLong() >>> 16,
              began,
              PriceTable.listPrices());
      progress.clear();
      String place = ShellWord.of(target);
      List<String> next =
          report.status() == MigrationReport.Status.COMPLETE
              ? List.of("slab stats " + place)
              : List.of(
                  "slab migrate-from-pod-export "
                      + ShellWord.of(folder.toString())
                      + " "
                      + place
                      + " --on-error skip --rejects refused.jsonl --verify");
      return reports.finish(session, report, next);
    }
  }

  /** Shows how far it is, a namespace after the other. */
  private static final class Shown implements PullProgress, AutoCloseable {
    private final Session session;
    private String what;
    private Progress progress;

    Shown(Session session) {
      this.session = session;
    }

    @Override
    public void say(String text) {
      session.say(text);
    }

    @Override
    public void found(String namespace, long found, long expected) {
      show("looking for ids of " + name(namespace), found, expected);
    }

    @Override
    public void written(String namespace, long records, long expected) {
      show("reading " + name(namespace), records, expected);
    }

    private void show(String stage, long done, long expected) {
      if (!stage.equals(what)) {
        close();
        what = stage;
        progress = session.progress(stage);
      }
      progress.update(done, expected < 1 ? -1 : Math.min(1, (double) done / expected));
    }

    @Override
    public void close() {
      if (progress != null) {
        progress.close();
        progress = null;
      }
    }
  }
}
