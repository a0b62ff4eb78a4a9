package io.slab.cli.command;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.cli.input.Quantity;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.output.PhaseProgress;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.Suggest;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.ShellWord;
import io.slab.format.file.SectionKind;
import io.slab.manifest.NamespaceNames;
import io.slab.model.Limits;
import io.slab.store.ByteSource;
import io.slab.store.ObjectStore;
import io.slab.verify.CheckScope;
import io.slab.verify.Checker;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab verify}. */
@Command
public final class Verify extends Verb {
  private static final Listing LISTING =
      new Listing(
          "problems",
          "problem",
          List.of(
              Column.text("object"),
              Column.text("section"),
              Column.number("offset"),
              Column.text("severity"),
              Column.text("problem"),
              Column.number("recordsAtRisk"),
              Column.text("remedy")));

  @Mixin Target target = new Target();

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description =
          "quick (structure), checksums (every byte; default) or deep (indexes rebuilt and compared)")
  String level = "checksums";

  @Option(
      names = "--against",
      paramLabel = "INDEX",
      description = "compare the records with those of this copy")
  String against;

  @Option(
      names = "--sample",
      paramLabel = "PERCENT",
      description = "read so many of a hundred slabs in full")
  Integer sample;

  @Option(
      names = "--max-duration",
      paramLabel = "TIME",
      description = "begin no slab in full after so long")
  String maxDuration;

  @Seldom
  @Option(
      names = "--resume-after",
      paramLabel = "OBJECT",
      description = "go on behind this slab, where --max-duration ended (resumeAfter of the JSON)")
  String resumeAfter;

  private CheckScope scope = CheckScope.all();

  @Option(names = "--strict", description = "warnings end with exit code 8")
  boolean strict;

  @Override
  public String about() {
    return "Checks an index, or one of its files offline: a slab, a log object, a manifest. One row per problem.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "verify books",
        "verify books --level quick --against backup",
        "verify books/ns/__default__/slabs/01J0000000000000000000000.slab --level quick");
  }

  @Override
  protected List<ExitCode> moreExits() {
    return List.of(ExitCode.PARTIAL);
  }

  @Override
  public ExitCode run(Session session) {
    CheckReport report;
    try (PhaseProgress progress = session.phases("verify")) {
      report = check(progress);
    }
    session.output().begin(LISTING);
    for (Problem problem : report.problems()) {
      session
          .output()
          .row(
              new Doc()
                  .put("object", problem.object())
                  .put("section", problem.section())
                  .put("offset", problem.offset() < 0 ? null : problem.offset())
                  .put("severity", problem.severity().label())
                  .put("problem", problem.problem())
                  .put("recordsAtRisk", problem.recordsAtRisk())
                  .put("remedy", remedy(problem)));
    }
    // What mends it first, and then what shows more of it.
    List<String> suggested =
        Stream.concat(
                report.problems().stream().map(this::remedy),
                report.problems().stream().map(Problem::suggestion))
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    session
        .output()
        .end(
            new Doc()
                .put("status", report.status())
                .put("objectsChecked", report.objectsChecked())
                .put("bytesRead", report.bytesRead())
                .put("recordsAtRisk", report.recordsAtRisk())
                .put("suggested", suggested)
                .put("slabsLeftOut", scope.leftOut())
                .put("resumeAfter", scope.resumeAfter()));
    return conclude(session, report, suggested);
  }

  /** The command that mends a problem, or says what can be saved; null where none does. */
  private String remedy(Problem problem) {
    if (problem.severity() != Severity.ERROR || problem.unsupported()) {
      return null;
    }
    if (CheckReport.TERMS.equals(problem.section())) {
      // The rows are whole: who has the texts writes them again, as the problem says.
      return null;
    }
    boolean isIndex = target.place().isFolder();
    if (!isIndex && !problem.object().endsWith(".slab")) {
      return null;
    }
    if (!isIndex || !isDerived(problem)) {
      return "slab repair " + target.word();
    }
    String namespace = namespace(problem.object());
    return "slab compact "
        + target.word()
        + " --rebuild"
        + (namespace.equals(Limits.DEFAULT_NAMESPACE)
            ? ""
            : " --namespace " + ShellWord.of(namespace));
  }

  /** True when nothing but what is derived from rows is damaged, as far as a checksum tells. */
  private static boolean isDerived(Problem problem) {
    String section = problem.section() == null ? "" : problem.section();
    int bracket = section.indexOf('[');
    String name = bracket < 0 ? section : section.substring(0, bracket);
    for (SectionKind kind : SectionKind.values()) {
      if (kind.name().equals(name)) {
        return kind.derived() && problem.object().endsWith(".slab");
      }
    }
    return false;
  }

  private static String namespace(String object) {
    String[] parts = object.split("/");
    String name = parts.length > 2 ? NamespaceNames.decode(parts[1]) : null;
    return name == null ? Limits.DEFAULT_NAMESPACE : name;
  }

  private CheckLevel level() {
    for (CheckLevel candidate : CheckLevel.values()) {
      if (candidate.label().equals(level)) {
        return candidate;
      }
    }
    throw Suggest.unknown("--level cannot be", level, List.of("quick", "checksums", "deep"));
  }

  private CheckScope scope() {
    if (sample != null && (sample < 1 || sample > 100)) {
      throw new UsageException("--sample is 1 to 100, of a hundred slabs", null);
    }
    return CheckScope.of(
        sample == null ? 100 : sample,
        Target.environment().random().nextLong(),
        maxDuration == null ? Long.MAX_VALUE : Quantity.millis("--max-duration", maxDuration),
        resumeAfter);
  }

  private CheckReport check(PhaseProgress progress) {
    Place place = target.place();
    if (place.isFolder()) {
      String given = place.toString();
      String folder = given.endsWith("/") ? given : given + "/";
      try (ObjectStore copy = against == null ? null : target.copy(against)) {
        scope = scope().watchedBy(progress);
        return Checker.index(place.store(), copy, level(), folder, scope);
      }
    }
    if (sample != null || maxDuration != null || resumeAfter != null) {
      throw new UsageException(
          "--sample, --max-duration and --resume-after are about the slabs of an index", null);
    }
    if (against != null) {
      throw new UsageException(
          "--against compares whole indexes, and " + place + " is a file", null);
    }
    try (ByteSource source = place.open()) {
      String given = place.toString();
      return Checker.object(source, level(), given.substring(0, given.lastIndexOf('/') + 1));
    }
  }

  private ExitCode conclude(Session session, CheckReport report, List<String> suggested) {
    String checked =
        Human.plural(report.objectsChecked(), "object")
            + ", "
            + Human.bytes(report.bytesRead())
            + " read";
    long errors = report.count(Severity.ERROR);
    long warnings = report.count(Severity.WARNING);
    if (errors > 0) {
      String risk =
          report.recordsAtRisk() > 0
              ? "; " + Human.plural(report.recordsAtRisk(), "record") + " at risk"
              : "";
      session
          .console()
          .problem(
              Human.plural(errors, "error") + " in " + target.text() + " (" + checked + ")" + risk,
              suggested.isEmpty() ? null : suggested.getFirst());
      return report.unsupported() ? ExitCode.UNSUPPORTED : ExitCode.CORRUPT;
    }
    if (scope.leftOut() > 0) {
      session.say(
          Human.plural(scope.leftOut(), "slab") + " looked at quickly and not read in full");
    }
    String what = warnings == 0 ? "ok" : "no errors, " + Human.plural(warnings, "warning");
    session.say(what + ": " + target.text() + ", " + checked);
    String rest = scope.resumeAfter();
    if (rest != null) {
      String from = rest.isEmpty() ? "" : " --resume-after " + ShellWord.of(rest);
      session.say("the time is over; go on with: slab verify " + target.word() + from);
      return ExitCode.PARTIAL;
    }
    return warnings > 0 && strict ? ExitCode.PARTIAL : ExitCode.OK;
  }
}
