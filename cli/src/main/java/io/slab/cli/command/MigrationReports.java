package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.FileName;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.output.Sink;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Written;
import io.slab.error.StoreException;
import io.slab.migrate.MigrationReport;
import io.slab.migrate.MigrationReport.NamespaceReport;
import io.slab.migrate.MigrationReport.Status;
import io.slab.migrate.MigrationReportJson;
import io.slab.migrate.MigrationReportPage;
import io.slab.output.OutputPlace;
import io.slab.source.RefusalKinds;
import io.slab.source.Remedies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the report of a migration goes. */
final class MigrationReports {
  private static final Listing NAMESPACES =
      new Listing(
          "namespaces",
          "namespace",
          List.of(
              Column.text("namespace"),
              Column.number("expected"),
              Column.number("read"),
              Column.number("rejected"),
              Column.number("duplicates"),
              Column.number("written"),
              Column.text("way"),
              Column.number("slabs"),
              Column.number("bytes"),
              Column.text("verified")));

  /** Reasons for refused records that are told; the report has them all. */
  private static final int REASONS = 5;

  @Written
  @Option(names = "--report", paramLabel = "FILE", description = "write the whole report as JSON")
  Path json;

  @Written
  @Option(
      names = "--page",
      paramLabel = "FILE",
      description = "write the whole report as an HTML page")
  Path page;

  /** Before any work: a report that cannot be written is no use afterwards. */
  void check() {
    FileName.require(json, "--report", "JSON", List.of("json"));
    FileName.require(page, "--page", "HTML", List.of("html", "htm"));
    for (Path file : new Path[] {json, page}) {
      Path folder = file == null ? null : file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        throw new UsageException(
            "cannot write " + file + ": there is no such folder", "make the folder first");
      }
      if (file != null) {
        OutputPlace.of(file).requireFile();
      }
    }
  }

  ExitCode finish(Session session, MigrationReport plain, List<String> next) {
    MigrationReport report = plain.withNext(next);
    String text = MigrationReportJson.text(report);
    if (json != null) {
      write(json, text + "\n");
    }
    if (page != null) {
      write(page, MigrationReportPage.html(report));
    }
    if (session.output().format().isJson()) {
      session.output().document(new Doc().put("report", new Doc.RawJson(text)));
    } else {
      table(session, report);
    }
    say(session, report);
    return exit(report);
  }

  private static void write(Path file, String text) {
    try (Sink sink = Sink.ofFile(file)) {
      sink.write(text);
      sink.commit();
    } catch (StoreException e) {
      throw new StoreException(
          e.kind(),
          e.getMessage(),
          "the migration itself is done; --verify-only makes the report again",
          e);
    }
  }

  private static void table(Session session, MigrationReport report) {
    session.output().begin(NAMESPACES);
    for (NamespaceReport n : report.namespaces()) {
      session
          .output()
          .row(
              new Doc()
                  .put("namespace", n.namespace())
                  .put("expected", n.expected() < 0 ? null : n.expected())
                  .put("read", n.read())
                  .put("rejected", n.rejected())
                  .put("duplicates", n.identical() + n.replaced())
                  .put("written", n.written())
                  .put("way", n.way())
                  .put("slabs", n.slabs())
                  .put("bytes", n.bytes())
                  .put("verified", verified(n)));
    }
    session.output().end(new Doc());
  }

  private static String verified(NamespaceReport n) {
    return n.proof() == null ? null : n.proof().holds() ? "equal" : "differs";
  }

  private void say(Session session, MigrationReport report) {
    remarks(session, report);
    if (report.stoppedBy() != null) {
      session
          .console()
          .problem(
              report.stoppedBy().text(),
              remedy(report)
                  + "--on-error skip goes on after refused records; what was read so far is kept for that");
    }
    session.say(summary(report));
    if (report.status() == MigrationReport.Status.COMPLETE
        || report.status() == MigrationReport.Status.PARTIAL) {
      report.changes().forEach(change -> session.console().warn("not as in the source: " + change));
    }
    if (report.status() == MigrationReport.Status.DRY_RUN) {
      var size = report.estimate().size();
      session.say(
          String.format(
              java.util.Locale.ROOT,
              "estimate: %s in %s; to S3 %,d writing requests, $%.4f once and $%.4f a month (cloud:"
                  + " $%.2f once, $%.2f a month)",
              Human.bytes(size.bytes()),
              Human.plural(size.slabs(), "slab"),
              size.loadRequests(),
              report.estimate().cost().s3Load(),
              report.estimate().cost().s3Month(),
              report.estimate().cost().cloudLoad(),
              report.estimate().cost().cloudMonth()));
    }
    report.next().forEach(command -> session.say("next: " + command));
  }

  /** What would help with the record that stopped it, as the begin of a hint. */
  private static String remedy(MigrationReport report) {
    String remedy = Remedies.of(report.stoppedBy().message(), report.spec());
    return remedy == null ? "" : remedy + "; else ";
  }

  private static void remarks(Session session, MigrationReport report) {
    List<RefusalKinds.Kind> kinds = report.refusals();
    for (RefusalKinds.Kind kind : kinds.subList(0, Math.min(REASONS, kinds.size()))) {
      String remedy = Remedies.of(kind.reason(), report.spec());
      session.console().warn("refused " + kind.text() + (remedy == null ? "" : "; " + remedy));
    }
    if (kinds.size() > REASONS) {
      session.console().warn("and " + Human.plural(kinds.size() - REASONS, "other reason"));
    }
    warnOfSource(session, report);
    report
        .remarks()
        .forEach(remark ->
            session.say(
                "found "
                    + Human.count(remark.count())
                    + " "
                    + remark.text()
                    + (remark.examples().isEmpty()
                        ? ""
                        : "; first: " + remark.examples().getFirst())));
    report.pods().forEach(pod -> session.say(pod.name() + " " + pod.value() + ": " + pod.here()));
    for (NamespaceReport namespace : report.namespaces()) {
      if (namespace.proof() != null && !namespace.proof().holds()) {
        session.console().warn(failed(namespace));
      }
    }
  }

  private static String failed(NamespaceReport n) {
    return "namespace "
        + n.namespace()
        + ": "
        + n.proof().different()
        + " records differ, "
        + n.proof().missing()
        + " are missing, "
        + n.proof().agreed()
        + " of "
        + n.proof().queries()
        + " queries agree"
        + (n.proof().examples().isEmpty() ? "" : "; first: " + n.proof().examples().getFirst());
  }

  /** What is not as the export says, and what of it could not be read or had lost something. */
  private static void warnOfSource(Session session, MigrationReport report) {
    report.checks().stream()
        .filter(check -> !check.agrees())
        .forEach(check ->
            session
                .console()
                .warn(
                    check.what()
                        + ": the export says "
                        + check.declared()
                        + ", found "
                        + check.found()));
    report.source().unread().forEach(file -> session.console().warn("not read: " + file.reason()));
    report.cutParts().forEach(part -> session.console().warn("not read to its end: " + part));
    report
        .narrowed()
        .forEach(field ->
            session
                .console()
                .warn(
                    "the numbers of metadata field '"
                        + field
                        + "' were rounded to 32 bits before they got into this export"));
  }

  private static String summary(MigrationReport report) {
    String counts =
        "read "
            + Human.plural(report.read(), "record")
            + (report.rejected() == 0 ? "" : ", refused " + Human.count(report.rejected()))
            + (report.duplicates() == 0
                ? ""
                : ", left out " + Human.plural(report.duplicates(), "duplicate"))
            + (report.skipped() == 0
                ? ""
                : ", left out " + Human.count(report.skipped()) + " of other namespaces");
    String time = " in " + Human.millis(report.millis());
    return switch (report.status()) {
      case DRY_RUN ->
          "dry run: " + counts + "; " + Human.count(report.written()) + " would be written";
      case STOPPED -> counts + "; nothing was written yet";
      case DIFFERS -> counts + "; the verification found differences";
      case COMPLETE, PARTIAL ->
          counts
              + "; wrote "
              + Human.count(report.written())
              + time
              + (report.verification() == null
                  ? ""
                  : report.changes().isEmpty() && report.status() == Status.COMPLETE
                      ? "; every record written is in the index, bit for bit"
                      : "; every record written is in the index as it was read");
    };
  }

  private static ExitCode exit(MigrationReport report) {
    return switch (report.status()) {
      case COMPLETE -> ExitCode.OK;
      case PARTIAL, STOPPED -> ExitCode.PARTIAL;
      case DIFFERS -> ExitCode.CORRUPT;
      case DRY_RUN ->
          report.rejected() > 0
                  || !report.cutParts().isEmpty()
                  || !report.source().unread().isEmpty()
                  || report.checks().stream().anyMatch(check -> !check.agrees())
              ? ExitCode.PARTIAL
              : ExitCode.OK;
    };
  }
}
