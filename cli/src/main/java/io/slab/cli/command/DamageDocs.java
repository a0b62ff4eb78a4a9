package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.JsonText;
import io.slab.cli.output.Sink;
import io.slab.cli.verb.Session;
import io.slab.model.Utf8;
import io.slab.output.OutputFile;
import io.slab.repair.Loss;
import io.slab.repair.RepairReport;
import io.slab.repair.RepairStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is damaged and what is lost, as documents and as lines for people. */
final class DamageDocs {
  /** Most ids of a line for people; documents have all. */
  private static final int SHOWN = 5;

  private DamageDocs() {}

  static Doc doc(String namespace, RepairStep step) {
    return new Doc()
        .put("namespace", namespace)
        .put("object", step.object())
        .put("section", step.section())
        .put("offset", step.offset() < 0 ? null : step.offset())
        .put("problem", step.problem())
        .put("remedy", step.remedy().label());
  }

  /** Everything that is lost: by id, by rows of a slab, or by LSNs. */
  static List<Doc> lost(RepairReport report) {
    List<Doc> docs = new ArrayList<>();
    for (Loss loss : report.lost()) {
      docs.add(
          new Doc()
              .put("namespace", report.namespace())
              .put("object", loss.object())
              .put("id", loss.id())
              .put("firstRow", loss.firstRow() < 0 ? null : loss.firstRow())
              .put("lastRow", loss.lastRow() < 0 ? null : loss.lastRow())
              .put("lsnFrom", loss.lsnFrom() < 0 ? null : Long.toString(loss.lsnFrom()))
              .put("lsnTo", loss.lsnTo() < 0 ? null : Long.toString(loss.lsnTo())));
    }
    return docs;
  }

  /** One namespace, for programs that read what was left out. */
  static Doc doc(RepairReport report) {
    return new Doc()
        .put("namespace", report.namespace())
        .put(
            "problems", report.steps().stream().map(step -> doc(report.namespace(), step)).toList())
        .put("recordsLost", report.recordsLost())
        .put("lost", lost(report))
        .put("resurrected", report.resurrected());
  }

  /** Writes a report of what was left out. */
  static void write(Path file, List<Doc> damage) {
    byte[] json = Utf8.bytes(JsonText.of(new Doc().put("skipped", damage)) + "\n");
    try (OutputFile out = OutputFile.open(file)) {
      out.stream().write(json);
      out.commit();
    } catch (IOException e) {
      throw Sink.failure(file.toString(), e);
    }
  }

  /** Says what is left out. */
  static void say(Session session, RepairReport report) {
    for (RepairStep step : report.steps()) {
      session.say("damaged: " + words(step));
    }
    if (report.losesAny()) {
      session.say(lostWords(report));
    }
    if (!report.resurrected().isEmpty()) {
      session.say(
          Human.plural(report.resurrected().size(), "record")
              + " may have been deleted, or never written: "
              + some(report.resurrected()));
    }
  }

  static String words(RepairStep step) {
    return step.object()
        + (step.section() == null ? "" : " " + step.section())
        + (step.offset() < 0 ? "" : " at byte " + step.offset())
        + ": "
        + step.problem();
  }

  private static String lostWords(RepairReport report) {
    List<String> ids = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Loss loss : report.lost()) {
      if (loss.id() != null) {
        ids.add(loss.id());
      } else if (loss.firstRow() >= 0) {
        others.add("rows " + loss.firstRow() + " to " + loss.lastRow() + " of " + loss.object());
      } else {
        others.add("LSNs " + loss.lsnFrom() + " to " + loss.lsnTo() + " in " + loss.object());
      }
    }
    return "left out: "
        + Human.plural(report.recordsLost(), "record")
        + (ids.isEmpty() ? "" : ", by id: " + some(ids))
        + (others.isEmpty() ? "" : "; " + some(others));
  }

  private static String some(List<String> all) {
    String shown = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
    return all.size() <= SHOWN ? shown : shown + " and " + (all.size() - SHOWN) + " more";
  }
}
