package io.slab.cli.command;

import io.slab.cli.output.FileName;
import io.slab.cli.output.Human;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.Written;
import io.slab.error.ShellWord;
import io.slab.estimate.PriceTable;
import io.slab.migrate.IndexPlan;
import io.slab.migrate.MigrationOptions;
import io.slab.migrate.MigrationReport;
import io.slab.model.Limits;
import io.slab.output.OutputPlace;
import io.slab.source.ReadOptions;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab migrate-from-pod-export}. */
@Command
public final class MigrateFromPodExport extends Verb {
  @Mixin ExportOptions export = new ExportOptions();
  @Mixin NewIndexOptions wanted = new NewIndexOptions();
  @Mixin MigrationReports reports = new MigrationReports();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "SRC",
      description = "file or folder of the export")
  String location;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TARGET",
      description =
          "directory of the index, or s3://bucket/prefix, made if it is not there; default $SLAB_TARGET")
  String target;

  @Option(
      names = {"-n", "--namespace"},
      split = ",",
      paramLabel = "A,B",
      description =
          "only these namespaces of the export; for an export that names none: the one to fill")
  List<String> namespaces = List.of();

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
      description = "refused records with their position and the reason, as JSON lines")
  Path rejects;

  @Written
  @Seldom
  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "where work in progress lies, about as large as the vectors; default TARGET.migration")
  Path work;

  @Seldom
  @Option(
      names = "--restart",
      description = "forget what an interrupted run left and begin with the first record")
  boolean restart;

  @Option(
      names = "--verify",
      description =
          "read the export again afterwards and compare every record and the answers to queries")
  boolean verify;

  @Option(names = "--verify-only", description = "write nothing, compare only")
  boolean verifyOnly;

  @Seldom
  @Option(
      names = "--verify-queries",
      paramLabel = "N",
      description = "queries that --verify asks of each namespace (default 8)")
  int verifyQueries = 8;

  @Seldom
  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "chooses these queries (default: another one each time, in the report)")
  Long seed;

  @Override
  public String about() {
    return "Brings an export of a pod-based index, of any shape, into an index, and says what became of every record:"
        + " written, refused, or written with something left out, rounded or converted. With --verify it compares what it read"
        + " with the index. Interrupted at any moment, the same command goes on where it stopped. Of records with one id the last"
        + " counts. An empty namespace is filled with finished slabs that show all at once; others go through the log. Exit code 8"
        + " when records were refused, 6 when a verification finds a difference.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "migrate-from-pod-export export/ books --dry-run",
        "migrate-from-pod-export export/ books --on-error skip --rejects refused.jsonl --verify --report"
            + " migration.json --page migration.html");
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
    if (location == null) {
      throw new UsageException("SRC is missing", "name the file or folder of the export");
    }
    String place =
        Target.require(target == null ? session.console().env().get("SLAB_TARGET") : target);
    MigrationOptions options = options(place);
    reports.check();
    FileName.require(rejects, "--rejects", "JSON lines", List.of("jsonl", "ndjson", "json"));
    long began = System.nanoTime();
    ScanOptions scan = export.scan();
    Source source = SourcePlace.scan(session, location, scan, storage(), onError.equals("skip"));
    boolean numbered = source.parts().stream().anyMatch(part -> part.numbers() != null);
    ExportOptions.requireUse(scan.numbers(), numbered);
    session.say(
        "reading "
            + location
            + ": "
            + source.shape().text()
            + " ("
            + Human.plural(source.parts().size(), "part")
            + "; --shape overrides)");
    source.notices().forEach(notice -> IngestInputs.notice(session, notice));
    try (StageProgress progress = new StageProgress(session)) {
      MigrationRun run = new MigrationRun(session, source, place, storage(), options, progress);
      MigrationReport report = run(run, began);
      progress.clear();
      ExitCode exit = reports.finish(session, report, next(session, run, report));
      run.requireWhole();
      return exit;
    }
  }

  private MigrationReport run(MigrationRun run, long began) {
    IndexPlan.Wishes wishes = wanted.wishes(MigrationRun.nameOf(run.target()));
    PriceTable prices = PriceTable.listPrices();
    if (consent.dryRun()) {
      return run.dry(wishes, export.read(ReadOptions.Nulls.DROP), rejects, began, prices);
    }
    if (verifyOnly) {
      return run.verifyOnly(wishes, verifyQueries, seed(), began, prices);
    }
    return run.migrate(
        wishes,
        export.read(ReadOptions.Nulls.DROP),
        rejects,
        verify ? verifyQueries : -1,
        seed(),
        began,
        prices);
  }

  private long seed() {
    return seed == null ? new SecureRandom().nextLong() >>> 16 : seed;
  }

  private MigrationOptions options(String place) {
    if (verifyQueries < 0 || verifyQueries > 1000) {
      throw new UsageException("--verify-queries must be from 0 to 1000", null);
    }
    if (verifyOnly && consent.dryRun()) {
      throw new UsageException("--verify-only writes nothing anyway", "leave --dry-run out");
    }
    MigrationOptions options =
        MigrationOptions.in(
                work == null ? MigrationRun.workOf(place) : OutputPlace.requireLocal(work))
            .reading(export.read(ReadOptions.Nulls.DROP))
            .only(names());
    options = rejects == null ? options : options.rejectingTo(rejects);
    options = restart ? options.restarting() : options;
    options = wanted.dropSparse ? options.droppingSparse() : options;
    return switch (onError) {
      case "abort" -> {
        if (maxErrors >= 0) {
          throw new UsageException("--max-errors goes with --on-error skip", null);
        }
        yield options;
      }
      case "skip" -> options.skipping(maxErrors);
      default -> throw Suggest.unknown("--on-error cannot be", onError, List.of("abort", "skip"));
    };
  }

  private Set<String> names() {
    Set<String> names = new HashSet<>();
    namespaces.forEach(name -> names.add(name.isEmpty() ? Limits.DEFAULT_NAMESPACE : name));
    return names;
  }

  /** What to do now, as commands. */
  private List<String> next(Session session, MigrationRun run, MigrationReport report) {
    String place = run.target();
    String here =
        "slab migrate-from-pod-export " + ShellWord.of(location) + " " + ShellWord.of(place);
    String more =
        namespaces.isEmpty() ? "" : " --namespace " + ShellWord.of(String.join(",", namespaces));
    return switch (report.status()) {
      case DRY_RUN ->
          List.of(
              here
                  + more
                  + (report.rejected() > 0 || !report.source().unread().isEmpty()
                      ? " --on-error skip --rejects refused.jsonl"
                      : "")
                  + " --verify --report migration.json");
      case STOPPED -> List.of(here + more + " --on-error skip --rejects refused.jsonl");
      case DIFFERS -> List.of("slab verify " + ShellWord.of(place), here + more + " --verify-only");
      case COMPLETE, PARTIAL ->
          report.verification() == null
              ? List.of(here + more + " --verify-only --report migration.json")
              : List.of("slab stats " + ShellWord.of(place), query(session, run, report));
    };
  }

  private static String query(Session session, MigrationRun run, MigrationReport report) {
    String namespace =
        report.namespaces().stream()
            .filter(n -> n.written() > 0)
            .map(MigrationReport.NamespaceReport::namespace)
            .findFirst()
            .orElse(Limits.DEFAULT_NAMESPACE);
    String id = session.afterwards("an id to begin with", () -> run.someId(namespace), null);
    String option =
        namespace.equals(Limits.DEFAULT_NAMESPACE) ? "" : " --namespace " + ShellWord.of(namespace);
    return "slab query "
        + ShellWord.of(run.target())
        + option
        + (id == null ? " --vector @query.json" : " --id " + ShellWord.of(id))
        + " --top-k 10";
  }
}
