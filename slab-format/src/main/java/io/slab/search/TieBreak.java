package io.slab.search;

import io.slab.model.Utf8;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/** Chooses among rows of equal score by id. */
final class TieBreak {
  private TieBreak() {}

  /**
   * The head of one source's run of rows: {@code position} up to {@code end} of the sorted
   * references.
   */
  private record Run(byte[] id, int position, int end) {}

  /**
   * The {@code wanted} rows with the first ids. Sorts the array; reads one id per source and row
   * chosen.
   */
  static long[] firstIds(long[] refs, int wanted, List<Rows> sources) {
    Arrays.sort(refs);
    PriorityQueue<Run> runs = new PriorityQueue<>((a, b) -> Utf8.compareBytes(a.id, b.id));
    for (int from = 0; from < refs.length; ) {
      int to = from + 1;
      while (to < refs.length && Candidates.source(refs[to]) == Candidates.source(refs[from])) {
        to++;
      }
      if (to - from == refs.length) {
        return Arrays.copyOf(refs, wanted);
      }
      runs.add(run(refs, from, to, sources));
      from = to;
    }
    long[] chosen = new long[wanted];
    for (int i = 0; i < wanted; i++) {
      Run first = runs.remove();
      chosen[i] = refs[first.position];
      if (first.position + 1 < first.end) {
        runs.add(run(refs, first.position + 1, first.end, sources));
      }
    }
    return chosen;
  }

  private static Run run(long[] refs, int position, int end, List<Rows> sources) {
    long ref = refs[position];
    byte[] id = sources.get(Candidates.source(ref)).id(Candidates.row(ref));
    return new Run(id, position, end);
  }
}
