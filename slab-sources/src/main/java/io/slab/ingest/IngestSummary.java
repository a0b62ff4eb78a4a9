package io.slab.ingest;

import io.slab.source.RefusalKinds;
import io.slab.source.SourceProblem;
import java.util.List;

/**
 * What an {@link IngestJob} did.
 *
 * @param outcome how it ended
 * @param read records read, refused ones included
 * @param written records acknowledged by the sink
 * @param rejected records refused
 * @param batches batches acknowledged
 * @param firstLsn log sequence number of the first acknowledged record, -1 when there is none
 * @param lastLsn of the last one, -1 when there is none
 * @param bytes bytes of input worked through
 * @param elapsedNanos nanoseconds it took
 * @param firstRefused the first record that was refused, or null
 * @param refusals why records were refused, by kind
 * @param problem the record that stopped an {@link Outcome#ABORTED} job, else null
 * @param resume the first line that is not durable yet, or null when all are
 * @param notes what was done to records that were taken, by kind
 */
public record IngestSummary(
    Outcome outcome,
    long read,
    long written,
    long rejected,
    long batches,
    long firstLsn,
    long lastLsn,
    long bytes,
    long elapsedNanos,
    SourceProblem firstRefused,
    List<RefusalKinds.Kind> refusals,
    SourceProblem problem,
    ResumePoint resume,
    List<NoteTally.Count> notes) {

  /** How a job ended. */
  public enum Outcome {
    /** Every input was read to its end. */
    COMPLETED,
    /** A refused record stopped it; everything before that record was acknowledged. */
    ABORTED,
    /** It was told to stop. */
    CANCELLED,
    /** It still runs, or an input or the sink failed. */
    UNFINISHED
  }

  /** For people: how many records are certainly durable. */
  public static String stayText(long written) {
    return written == 0
        ? "no record was acknowledged"
        : written == 1
            ? "1 record was written and stays"
            : written + " records were written and stay";
  }

  /** For people: what is durable and how to go on; null when the job completed. */
  public String stopText() {
    if (outcome == Outcome.COMPLETED) {
      return null;
    }
    boolean known = outcome != Outcome.UNFINISHED;
    String kept = written == 0 && known ? "no record was written" : stayText(written);
    // After a failure what is not acknowledged may be written all the same.
    String not = known ? "written" : "acknowledged";
    return resume == null
        ? kept
        : kept
            + "; the first line not "
            + not
            + " is line "
            + resume.line()
            + " of "
            + resume.file()
            + " (resume token "
            + resume.token()
            + ")";
  }
}
