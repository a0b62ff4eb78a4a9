package io.slab.source;

import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.RecordRules;

/** Options of the command line with which a refused record would be taken. */
public final class Remedies {
  /** How the message about a metadata value of a wrong type goes on to the value. */
  private static final String TYPE = RecordRules.metadataType("", "").split("''", 2)[0] + "'";

  private Remedies() {}

  /**
   * What would help with a record of any index.
   *
   * @return null when no option does
   */
  public static String of(SourceProblem problem) {
    return of(problem.message());
  }

  /** As {@link #of(SourceProblem)}, of the message alone. */
  public static String of(String message) {
    if (!message.startsWith(TYPE) || message.length() == TYPE.length()) {
      return null;
    }
    return switch (message.charAt(TYPE.length())) {
      case '[', '{' ->
          "--nested text stores such a metadata value as its JSON text, --nested drop leaves it out";
      case 'n', 'N' -> "--nulls drop leaves such fields out";
      default -> null;
    };
  }

  /**
   * As {@link #of(SourceProblem)}, where the index is made for the records.
   *
   * @param spec of the index as it is planned
   */
  public static String of(String message, IndexSpec spec) {
    boolean hybrid =
        message.equals(RecordRules.sparseInDense()) || message.equals(RecordRules.denseInSparse());
    if (!hybrid) {
      return of(message);
    }
    String metric = spec.metric() == Metric.DOTPRODUCT ? "" : " --metric dotproduct";
    String drop =
        spec.vectorType().hasDense() ? "; --drop-sparse leaves the sparse values out" : "";
    return "--vector-type hybrid" + metric + " makes an index of records with both" + drop;
  }
}
