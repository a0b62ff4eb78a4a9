package io.slab.migrate;

import io.slab.estimate.CostEstimate;
import io.slab.estimate.SizeEstimate;
import io.slab.json.Json;
import io.slab.migrate.MigrationReport.Check;
import io.slab.migrate.MigrationReport.NamespaceReport;
import io.slab.migrate.MigrationReport.PodSetting;
import io.slab.migrate.MigrationReport.RemarkReport;
import io.slab.source.Declared;
import io.slab.source.RefusalKinds;
import io.slab.source.SourceProblem;
import io.slab.source.Unread;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** A {@link MigrationReport} as JSON (spec/migration-report.md). */
public final class MigrationReportJson {
  static final String FORMAT = "slab-migration-report";
  static final int VERSION = 1;

  private MigrationReportJson() {}

  /** One compact JSON object. */
  public static String text(MigrationReport report) {
    return Json.text(out -> write(out, report));
  }

  private static void write(JsonGenerator out, MigrationReport report) {
    out.writeStartObject();
    out.writeStringProperty("format", FORMAT);
    out.writeNumberProperty("version", VERSION);
    out.writeStringProperty("status", report.status().label());
    source(out, report);
    target(out, report);
    out.writeArrayPropertyStart("checks");
    report.checks().forEach(check -> check(out, check));
    out.writeEndArray();
    out.writeArrayPropertyStart("namespaces");
    report.namespaces().forEach(namespace -> namespace(out, namespace));
    out.writeEndArray();
    totals(out, report);
    out.writeArrayPropertyStart("remarks");
    report.remarks().forEach(remark -> remark(out, remark));
    out.writeEndArray();
    out.writeArrayPropertyStart("refusals");
    report.refusals().forEach(kind -> refusal(out, kind));
    out.writeEndArray();
    strings(out, "changes", report.changes());
    strings(out, "narrowedFields", report.narrowed());
    strings(out, "cutParts", report.cutParts());
    out.writeArrayPropertyStart("pods");
    report.pods().forEach(pod -> pod(out, pod));
    out.writeEndArray();
    estimate(out, report.estimate());
    rejects(out, report);
    verification(out, report);
    out.writeBooleanProperty("resumed", report.resumed());
    out.writeNumberProperty("elapsedMs", report.millis());
    strings(out, "next", report.next());
    out.writeEndObject();
  }

  private static void strings(JsonGenerator out, String name, List<String> texts) {
    if (texts == null) {
      out.writeNullProperty(name);
      return;
    }
    out.writeArrayPropertyStart(name);
    texts.forEach(out::writeString);
    out.writeEndArray();
  }

  private static void text(JsonGenerator out, String name, String text) {
    if (text == null) {
      out.writeNullProperty(name);
    } else {
      out.writeStringProperty(name, text);
    }
  }

  private static void count(JsonGenerator out, String name, long count) {
    if (count < 0) {
      out.writeNullProperty(name);
    } else {
      out.writeNumberProperty(name, count);
    }
  }

  private static void number(JsonGenerator out, String name, double value) {
    out.writeName(name);
    Json.writeNumber(out, Math.round(value * 1e6) / 1e6);
  }

  private static void source(JsonGenerator out, MigrationReport report) {
    Declared declared = report.source().declared();
    out.writeObjectPropertyStart("source");
    out.writeStringProperty("location", report.source().location());
    out.writeStringProperty("shape", report.source().shape().label());
    out.writeNumberProperty("parts", report.source().parts().size());
    count(out, "bytes", report.sourceBytes());
    strings(out, "notices", report.source().notices());
    strings(out, "unread", report.source().unread().stream().map(Unread::reason).toList());
    out.writeObjectPropertyStart("declared");
    text(out, "index", declared.index());
    count(out, "dimension", declared.dimension());
    text(out, "metric", declared.metric() == null ? null : declared.metric().label());
    count(out, "count", declared.count());
    strings(out, "from", declared.from());
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void target(JsonGenerator out, MigrationReport report) {
    out.writeObjectPropertyStart("target");
    out.writeStringProperty("location", report.target());
    out.writeStringProperty("name", report.spec().name());
    out.writeNumberProperty("dimension", report.spec().dimension());
    out.writeStringProperty("metric", report.spec().metric().label());
    out.writeStringProperty("vectorType", report.spec().givenType().label());
    strings(out, "schema", report.spec().schema());
    out.writeBooleanProperty("created", report.created());
    strings(out, "decisions", report.decisions());
    out.writeEndObject();
  }

  private static void check(JsonGenerator out, Check check) {
    out.writeStartObject();
    out.writeStringProperty("what", check.what());
    out.writeStringProperty("declared", check.declared());
    out.writeStringProperty("found", check.found());
    out.writeBooleanProperty("agrees", check.agrees());
    out.writeEndObject();
  }

  private static void namespace(JsonGenerator out, NamespaceReport namespace) {
    out.writeStartObject();
    out.writeStringProperty("namespace", namespace.namespace());
    count(out, "expected", namespace.expected());
    out.writeNumberProperty("read", namespace.read());
    out.writeNumberProperty("rejected", namespace.rejected());
    out.writeNumberProperty("duplicatesIdentical", namespace.identical());
    out.writeNumberProperty("duplicatesReplaced", namespace.replaced());
    out.writeNumberProperty("written", namespace.written());
    out.writeStringProperty("way", namespace.way());
    out.writeNumberProperty("slabs", namespace.slabs());
    out.writeNumberProperty("bytes", namespace.bytes());
    if (namespace.proof() == null) {
      out.writeNullProperty("verified");
    } else {
      proof(out, namespace.proof());
    }
    out.writeEndObject();
  }

  private static void proof(JsonGenerator out, NamespaceProof proof) {
    out.writeObjectPropertyStart("verified");
    out.writeBooleanProperty("holds", proof.holds());
    out.writeNumberProperty("compared", proof.compared());
    out.writeNumberProperty("equal", proof.equal());
    out.writeNumberProperty("different", proof.different());
    out.writeNumberProperty("missing", proof.missing());
    out.writeNumberProperty("others", proof.others());
    strings(out, "examples", proof.examples());
    out.writeNumberProperty("queries", proof.queries());
    out.writeNumberProperty("agreed", proof.agreed());
    text(out, "disagreement", proof.disagreement());
    out.writeEndObject();
  }

  private static void totals(JsonGenerator out, MigrationReport report) {
    out.writeObjectPropertyStart("totals");
    out.writeNumberProperty("read", report.read());
    out.writeNumberProperty("rejected", report.rejected());
    out.writeNumberProperty("duplicates", report.duplicates());
    out.writeNumberProperty("written", report.written());
    out.writeNumberProperty("skipped", report.skipped());
    out.writeEndObject();
  }

  private static void remark(JsonGenerator out, RemarkReport remark) {
    out.writeStartObject();
    out.writeStringProperty("kind", remark.kind());
    out.writeStringProperty("effect", remark.effect().label());
    out.writeStringProperty("text", remark.text());
    out.writeNumberProperty("count", remark.count());
    strings(out, "examples", remark.examples());
    out.writeEndObject();
  }

  private static void refusal(JsonGenerator out, RefusalKinds.Kind kind) {
    out.writeStartObject();
    out.writeStringProperty("reason", kind.reason());
    out.writeNumberProperty("count", kind.count());
    strings(out, "examples", kind.examples());
    out.writeEndObject();
  }

  private static void pod(JsonGenerator out, PodSetting pod) {
    out.writeStartObject();
    out.writeStringProperty("setting", pod.name());
    out.writeStringProperty("value", pod.value());
    out.writeStringProperty("here", pod.here());
    out.writeEndObject();
  }

  private static void estimate(JsonGenerator out, MigrationReport.Estimate estimate) {
    SizeEstimate size = estimate.size();
    CostEstimate cost = estimate.cost();
    out.writeObjectPropertyStart("estimate");
    out.writeNumberProperty("slabs", size.slabs());
    out.writeNumberProperty("bytes", size.bytes());
    out.writeNumberProperty("vectorBytes", size.vectorBytes());
    out.writeNumberProperty("s3Writes", size.loadRequests());
    out.writeNumberProperty("s3Reads", size.loadReads());
    number(out, "s3LoadUsd", cost.s3Load());
    number(out, "s3MonthUsd", cost.s3Month());
    out.writeNumberProperty("cloudBytes", estimate.cloudBytes());
    number(out, "cloudLoadUsd", cost.cloudLoad());
    number(out, "cloudMonthUsd", cost.cloudMonth());
    number(out, "cloudThousandQueriesUsd", cost.cloudThousandQueries());
    out.writeEndObject();
  }

  private static void rejects(JsonGenerator out, MigrationReport report) {
    text(out, "rejectsFile", report.rejectsFile() == null ? null : report.rejectsFile().toString());
    SourceProblem stopped = report.stoppedBy();
    if (stopped == null) {
      out.writeNullProperty("stoppedBy");
      return;
    }
    out.writeObjectPropertyStart("stoppedBy");
    out.writeStringProperty("position", stopped.position());
    text(out, "id", stopped.id());
    text(out, "field", stopped.field());
    out.writeStringProperty("reason", stopped.message());
    out.writeEndObject();
  }

  private static void verification(JsonGenerator out, MigrationReport report) {
    if (report.verification() == null) {
      out.writeNullProperty("verification");
      return;
    }
    out.writeObjectPropertyStart("verification");
    out.writeBooleanProperty("holds", report.verification().holds());
    out.writeNumberProperty("queries", report.verification().queries());
    out.writeStringProperty("seed", Long.toString(report.verification().seed()));
    out.writeEndObject();
  }
}
