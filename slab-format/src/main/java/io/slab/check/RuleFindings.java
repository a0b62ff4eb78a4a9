package io.slab.check;

import io.slab.format.section.StringBlocksReader;
import io.slab.model.RecordRules;
import io.slab.model.Utf8;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Records of a slab that break the rules of records: a writer that did not ask them let them in.
 * Every reader stands them, so they are warnings. Not thread-safe.
 */
public final class RuleFindings {
  /** What to do about such a record. */
  public static final String HINT =
      "; a writer that did not check it let it in: delete it, or upsert it anew," + " then flush";

  /** Records named of one slab. */
  private static final int NAMED = 10;

  private final IntPredicate dead;
  private final Map<Integer, RecordRules.Finding> first = new TreeMap<>();
  private long others;

  /**
   * @param dead rows, which readers do not see: nothing is said of them
   */
  RuleFindings(IntPredicate dead) {
    this.dead = dead;
  }

  /**
   * Notes what a row breaks.
   *
   * @param finding null for nothing
   */
  void add(int row, RecordRules.Finding finding) {
    if (finding == null || dead.test(row) || first.containsKey(row)) {
      return;
    }
    if (first.size() < NAMED) {
      first.put(row, finding);
    } else {
      others++;
    }
  }

  /**
   * Reports them.
   *
   * @param ids null where they cannot be read: then the number of the row must do
   */
  void report(String object, StringBlocksReader ids, Findings findings) {
    int[] ranks = first.isEmpty() || ids == null ? null : ids.positions();
    first.forEach((row, finding) -> {
      String record =
          ids == null
              ? "a record"
              : "record '" + Utf8.string(ids.get(ranks == null ? row : ranks[row])) + "'";
      String text = record + ": " + finding.message() + HINT;
      findings.warning(object, "row " + row, -1, text);
    });
    if (others > 0) {
      findings.warning(object, null, -1, others + " more findings of this kind");
    }
  }
}
