package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.verb.Session;
import io.slab.compaction.CompactionPlan;
import io.slab.compaction.CompactionRequest;
import io.slab.error.ShellWord;
import io.slab.index.SlabIndex;
import io.slab.model.Limits;

/**
 * What upkeep of a namespace is due.
 *
 * @param plan what {@code compact} would do first; null for nothing
 * @param flushedLogObjects objects of the log that are in slabs and wait for gc
 */
record Debt(String namespace, CompactionPlan plan, long flushedLogObjects) {
  /** So many names in a folder cost each commit some milliseconds on a local disk. */
  private static final long MANY_LOG_OBJECTS = 5_000;

  static Debt of(SlabIndex index, String namespace) {
    return new Debt(
        namespace,
        index.compactor(namespace).plan(CompactionRequest.auto()),
        index.flushedLogObjects(namespace));
  }

  /**
   * What is due after some work, as {@link #next(String)} says it; null also when it is not known.
   */
  static String after(Session session, SlabIndex index, String namespace, String target) {
    return session.afterwards("what to do next", () -> of(index, namespace).next(target), null);
  }

  /** What to do about it, as a command with the reason; null when nothing is due. */
  String next(String target) {
    String verb = plan != null ? "compact " : flushedLogObjects >= MANY_LOG_OBJECTS ? "gc " : null;
    if (verb == null) {
      return null;
    }
    String option =
        namespace.equals(Limits.DEFAULT_NAMESPACE) ? "" : " --namespace " + ShellWord.of(namespace);
    String why =
        plan != null
            ? plan.reason()
            : flushedLogObjects + " log objects are in slabs, and each commit lists them";
    return "slab " + verb + ShellWord.of(target) + option + " (" + why + ")";
  }

  /** The plan as data, or null. */
  Doc doc() {
    return plan == null
        ? null
        : new Doc()
            .put("namespace", namespace)
            .put("reason", plan.reason())
            .put("inputs", plan.inputs().size())
            .put("level", "L" + plan.level())
            .put("rowsIn", plan.rowsIn())
            .put("rowsOut", plan.rowsOut())
            .put("bytesIn", plan.bytesIn())
            .put("bytesOut", plan.bytesOut());
  }
}
