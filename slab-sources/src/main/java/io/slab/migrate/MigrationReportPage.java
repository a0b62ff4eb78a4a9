package io.slab.migrate;

import io.slab.migrate.MigrationReport.NamespaceReport;
import java.util.List;
import java.util.Locale;

/** A {@link MigrationReport} as one HTML page that needs nothing else. */
public final class MigrationReportPage {
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; color: #222 }
      h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em }
      table { border-collapse: collapse; margin: .5em 0 } td, th { border: 1px solid #ccc; padding: .25em .6em; text-align: left }
      td.n { text-align: right; font-variant-numeric: tabular-nums } .good { color: #060 } .note { color: #850 } .bad { color: #a00; font-weight: bold }
      code, pre { font-family: ui-monospace, monospace; background: #f4f4f4; padding: .1em .3em } pre { padding: .6em }
      """;

  private final StringBuilder out = new StringBuilder();

  private MigrationReportPage() {}

  /** The page. */
  public static String html(MigrationReport report) {
    MigrationReportPage page = new MigrationReportPage();
    page.write(report);
    return page.out.toString();
  }

  private void write(MigrationReport report) {
    out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
        .append("Migration of ")
        .append(escape(report.source().location()))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n");
    out.append("<h1>Migration of ").append(code(report.source().location())).append("</h1>\n");
    verdict(report);
    namespaces(report);
    ends(report);
    checks(report);
    remarks(report);
    pods(report);
    estimate(report);
    next(report);
    out.append("</body>\n</html>\n");
  }

  private void verdict(MigrationReport report) {
    boolean verified = report.verification() != null;
    boolean exact = report.changes().isEmpty();
    String text =
        switch (report.status()) {
          case COMPLETE ->
              !verified
                  ? "Complete: every record of the source was written" + (exact ? "." : ", but:")
                  : exact
                      ? "Complete and verified: every record of the source is in the index, bit for"
                          + " bit."
                      : "Complete and verified: every record of the source is in the index as it was"
                          + " read, which is not all that the source holds:";
          case PARTIAL ->
              "Partial: not everything that the source should hold is in the index"
                  + (verified ? "; what was written was compared, as it was read." : ".");
          case STOPPED -> "Stopped by a refused record: nothing was written yet.";
          case DIFFERS -> "The verification found differences.";
          case DRY_RUN -> "Dry run: nothing was written.";
        };
    boolean good =
        report.status() == MigrationReport.Status.COMPLETE && exact
            || report.status() == MigrationReport.Status.DRY_RUN;
    boolean doubtful = report.status() == MigrationReport.Status.COMPLETE && !exact;
    out.append("<p class=\"").append(good ? "good" : doubtful ? "note" : "bad").append("\">");
    out.append(escape(text)).append("</p>\n");
    list(report.changes());
    if (verified) {
      out.append("<p>Compared was every record that could be read, of those with one id the last: ")
          .append("dense and sparse values by their bits, metadata by value.</p>\n");
    }
    if (report.stoppedBy() != null) {
      out.append("<p>").append(code(report.stoppedBy().text())).append("</p>\n");
    }
  }

  private void namespaces(MigrationReport report) {
    out.append("<h2>Records</h2>\n<table>\n<tr><th>namespace<th>expected<th>read<th>refused");
    out.append("<th>came again, same<th>came again, other<th>written<th>as<th>bytes<th>verified\n");
    for (NamespaceReport n : report.namespaces()) {
      out.append("<tr><td>").append(code(n.namespace()));
      number(n.expected()).append(number(n.read(), ""));
      out.append(number(n.rejected(), "")).append(number(n.identical(), ""));
      out.append(number(n.replaced(), "")).append(number(n.written(), ""));
      out.append("<td>").append(as(n)).append(number(n.bytes(), ""));
      out.append("<td>").append(verified(n.proof())).append('\n');
    }
    out.append("</table>\n");
    out.append("<p>Read = refused + came again + written. Of records with one id the last in the")
        .append(" source's order counts.");
    if (report.skipped() > 0) {
      out.append(' ')
          .append(report.skipped())
          .append(" records of other namespaces were left out.");
    }
    out.append("</p>\n");
  }

  private StringBuilder number(long value) {
    return out.append(number(value, "not said"));
  }

  private static String number(long value, String none) {
    return "<td class=\"n\">" + (value < 0 ? none : String.format(Locale.ROOT, "%,d", value));
  }

  private static String as(NamespaceReport n) {
    return switch (n.way()) {
      case "slabs" -> n.slabs() + (n.slabs() == 1 ? " slab" : " slabs");
      case "log" -> "log, flushed";
      default -> "-";
    };
  }

  private static String verified(NamespaceProof proof) {
    if (proof == null) {
      return "no";
    }
    String text =
        String.format(
            Locale.ROOT,
            "%,d equal, %,d different, %,d missing; %d of %d queries agree",
            proof.equal(),
            proof.different(),
            proof.missing(),
            proof.agreed(),
            proof.queries());
    if (proof.others() > 0) {
      text += String.format(Locale.ROOT, "; %,d records not from this source", proof.others());
    }
    if (!proof.examples().isEmpty()) {
      text += "; for example " + String.join(", ", proof.examples());
    }
    if (proof.disagreement() != null) {
      text += "; " + proof.disagreement();
    }
    return "<span class=\"" + (proof.holds() ? "good" : "bad") + "\">" + escape(text) + "</span>";
  }

  private void ends(MigrationReport report) {
    out.append("<h2>Source and target</h2>\n<table>\n");
    row(
        "source",
        report.source().shape().text() + ", " + report.source().parts().size() + " parts");
    row("index", report.target() + (report.created() ? " (created)" : " (was there)"));
    row("dimension", Integer.toString(report.spec().dimension()));
    row("metric", report.spec().metric().label());
    row("vector type", report.spec().givenType().label());
    row(
        "fields indexed for filters",
        report.spec().schema() == null ? "all" : String.join(", ", report.spec().schema()));
    row("time", report.millis() / 1000.0 + " s" + (report.resumed() ? ", resumed" : ""));
    if (report.rejectsFile() != null) {
      row("refused records", report.rejectsFile().toString());
    }
    out.append("</table>\n");
    list(report.decisions());
    list(report.source().notices());
  }

  private void row(String name, String value) {
    out.append("<tr><th>").append(escape(name)).append("<td>").append(escape(value)).append('\n');
  }

  private void list(List<String> items) {
    if (items.isEmpty()) {
      return;
    }
    out.append("<ul>\n");
    items.forEach(item -> out.append("<li>").append(escape(item)).append('\n'));
    out.append("</ul>\n");
  }

  private void checks(MigrationReport report) {
    if (report.checks().isEmpty()) {
      return;
    }
    out.append("<h2>What the export says about itself</h2>\n<table>\n");
    out.append("<tr><th>what<th>said<th>found\n");
    report
        .checks()
        .forEach(check ->
            out.append("<tr><td>")
                .append(escape(check.what()))
                .append("<td>")
                .append(escape(check.declared()))
                .append("<td class=\"")
                .append(check.agrees() ? "good" : "bad")
                .append("\">")
                .append(escape(check.found()))
                .append('\n'));
    out.append("</table>\n");
  }

  private void remarks(MigrationReport report) {
    if (report.remarks().isEmpty()
        && report.narrowed().isEmpty()
        && report.cutParts().isEmpty()
        && report.source().unread().isEmpty()) {
      return;
    }
    out.append("<h2>Remarks</h2>\n<ul>\n");
    report
        .source()
        .unread()
        .forEach(file ->
            out.append("<li class=\"bad\">not read: ").append(escape(file.reason())).append('\n'));
    report
        .cutParts()
        .forEach(part ->
            out.append("<li class=\"bad\">not read to its end: ")
                .append(escape(part))
                .append('\n'));
    report
        .narrowed()
        .forEach(field ->
            out.append("<li>the numbers of ")
                .append(code(field))
                .append(
                    " were rounded to 32 bits before they got into this export: large whole numbers,")
                .append(" such as times, are off\n"));
    report
        .remarks()
        .forEach(remark ->
            out.append("<li>")
                .append(String.format(Locale.ROOT, "%,d ", remark.count()))
                .append(escape(remark.text()))
                .append(" (")
                .append(escape(String.join("; ", remark.examples())))
                .append(")\n"));
    out.append("</ul>\n");
  }

  private void pods(MigrationReport report) {
    if (report.pods().isEmpty()) {
      return;
    }
    out.append("<h2>Settings of the pod index</h2>\n<table>\n<tr><th>setting<th>was<th>here\n");
    report
        .pods()
        .forEach(pod ->
            out.append("<tr><td>")
                .append(escape(pod.name()))
                .append("<td>")
                .append(escape(pod.value()))
                .append("<td>")
                .append(escape(pod.here()))
                .append('\n'));
    out.append("</table>\n");
  }

  private void estimate(MigrationReport report) {
    var size = report.estimate().size();
    var cost = report.estimate().cost();
    out.append("<h2>Estimate</h2>\n<table>\n");
    row("slabs", Integer.toString(size.slabs()));
    row("bytes", String.format(Locale.ROOT, "%,d", size.bytes()));
    row(
        "requests to write them to S3",
        size.loadRequests() + " writing, " + size.loadReads() + " reading");
    row("S3, once", dollars(cost.s3Load()));
    row("S3, a month", dollars(cost.s3Month()));
    row("cloud, once (write units)", dollars(cost.cloudLoad()));
    row("cloud, a month (storage)", dollars(cost.cloudMonth()));
    row("cloud, 1,000 queries", dollars(cost.cloudThousandQueries()));
    out.append(
        "</table>\n<p>Prices are assumptions with a date: <code>slab estimate --print-prices</code>.</p>\n");
  }

  private static String dollars(double amount) {
    return String.format(Locale.ROOT, amount > 0 && amount < 0.01 ? "$%.6f" : "$%,.2f", amount);
  }

  private void next(MigrationReport report) {
    if (report.next().isEmpty()) {
      return;
    }
    out.append("<h2>Next</h2>\n<pre>");
    report.next().forEach(command -> out.append(escape(command)).append('\n'));
    out.append("</pre>\n");
  }

  private static String code(String text) {
    return "<code>" + escape(text) + "</code>";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
