package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.error.ShellWord;
import io.slab.index.SlabIndex;
import io.slab.ingest.IngestSummary;
import io.slab.model.Limits;
import io.slab.source.RefusalKinds;
import io.slab.source.Remedies;
import java.nio.file.Path;
import java.util.List;

/**
 * What an ingest of records did, as a document and in words.
 *
 * @param namespace where the records went
 * @param target the index as the user named it
 * @param rejects where refused records went, or null
 * @param dryRun true when nothing was written
 * @param flushed true when the records were flushed at the end
 */
record IngestReport(
    Session session,
    String namespace,
    String target,
    Path rejects,
    boolean dryRun,
    boolean flushed) {
  /** Reasons for refused records that are told. */
  private static final int REASONS = 5;

  /**
   * The document.
   *
   * @param notices what was said about the sources
   * @param unread reasons for files that were left out
   */
  Doc doc(IngestSummary summary, List<String> notices, List<String> unread) {
    return new Doc()
        .put("upsertedCount", summary.written())
        .put("rejectedCount", summary.rejected())
        .put("batches", summary.batches())
        .put("firstLsn", lsn(summary.firstLsn()))
        .put("lastLsn", lsn(summary.lastLsn()))
        .put("bytes", summary.bytes())
        .put("elapsedMs", summary.elapsedNanos() / 1_000_000)
        .put("resumeToken", summary.resume() == null ? null : summary.resume().token())
        .put("notices", notices)
        .put("unread", unread)
        .put("remarks", Remarks.docs(summary.notes()))
        .put("refusals", summary.refusals().stream().map(IngestReport::refusal).toList());
  }

  /** Says in words how it went, and what is to be done next. */
  ExitCode say(SlabIndex index, IngestSummary summary) {
    if (summary.problem() != null) {
      return aborted(summary);
    }
    written(index, summary);
    if (summary.rejected() > 0) {
      session
          .console()
          .warn(
              "the first refused record: "
                  + summary.firstRefused().text()
                  + (rejects == null ? "; --rejects FILE keeps all with their reasons" : ""));
      kinds(summary.refusals());
    }
    return summary.rejected() > 0 ? ExitCode.PARTIAL : ExitCode.OK;
  }

  /** Why records were refused, where that says more than the first of them. */
  private void kinds(List<RefusalKinds.Kind> kinds) {
    for (RefusalKinds.Kind kind : kinds.subList(0, Math.min(REASONS, kinds.size()))) {
      String remedy = Remedies.of(kind.reason());
      if (kinds.size() > 1 || kind.count() > 1 || remedy != null) {
        session.console().warn("refused " + kind.text() + (remedy == null ? "" : "; " + remedy));
      }
    }
    if (kinds.size() > REASONS) {
      session.console().warn("and " + Human.plural(kinds.size() - REASONS, "other reason"));
    }
  }

  private static Doc refusal(RefusalKinds.Kind kind) {
    return new Doc()
        .put("reason", kind.reason())
        .put("count", kind.count())
        .put("examples", kind.examples());
  }

  private static String lsn(long lsn) {
    return lsn < 0 ? null : Long.toString(lsn);
  }

  private ExitCode aborted(IngestSummary summary) {
    String remedy = Remedies.of(summary.problem());
    session
        .console()
        .problem(
            summary.problem().text(),
            (remedy == null ? "" : remedy + "; ")
                + summary.stopText()
                + "; --on-error skip goes on after refused records");
    return ExitCode.PARTIAL;
  }

  private void written(SlabIndex index, IngestSummary summary) {
    String rejected =
        summary.rejected() == 0
            ? ""
            : ", refused "
                + Human.plural(summary.rejected(), "record")
                + (rejects == null ? "" : " (see " + rejects + ")");
    String time = " in " + Human.millis(summary.elapsedNanos() / 1_000_000);
    if (dryRun) {
      session.say(
          "dry run: "
              + Human.plural(summary.read() - summary.rejected(), "record")
              + " would be written"
              + rejected);
      return;
    }
    String due = Debt.after(session, index, namespace, target);
    String which =
        ShellWord.of(target)
            + (namespace.equals(Limits.DEFAULT_NAMESPACE)
                ? ""
                : " --namespace " + ShellWord.of(namespace));
    String look = due == null ? "slab list " + which + " --limit 5" : due;
    String later = due == null ? "" : ", then " + due;
    String next = flushed ? look : "slab flush " + which + later;
    session.say(
        "wrote "
            + Human.plural(summary.written(), "record")
            + " to "
            + namespace
            + rejected
            + time
            + "; next: "
            + next);
  }
}
