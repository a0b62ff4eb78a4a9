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

  /** The {@code wanted} rows with the first ids; reads one id per source and row chosen. */
  static long[] firstIds(long[] refs, int wanted, List<Rows> sources) {
    long[] ranks = byRank(refs, sources);
    long[] chosen = firstRanks(ranks, wanted, sources);
    for (int i = 0; i < chosen.length; i++) {
      int source = Candidates.source(chosen[i]);
      chosen[i] = Candidates.ref(source, sources.get(source).rowAt(Candidates.row(chosen[i])));
    }
    return chosen;
  }

  /** References with the ranks of the ids in place of the rows, ascending. */
  private static long[] byRank(long[] refs, List<Rows> sources) {
    long[] ranks = new long[refs.length];
    for (int i = 0; i < refs.length; i++) {
      int source = Candidates.source(refs[i]);
      ranks[i] = Candidates.ref(source, sources.get(source).rankOf(Candidates.row(refs[i])));
    }
    Arrays.sort(ranks);
    return ranks;
  }

  private static long[] firstRanks(long[] ranks, int wanted, List<Rows> sources) {
    PriorityQueue<Run> runs = new PriorityQueue<>((a, b) -> Utf8.compareBytes(a.id, b.id));
    for (int from = 0; from < ranks.length; ) {
      int to = from + 1;
      while (to < ranks.length && Candidates.source(ranks[to]) == Candidates.source(ranks[from])) {
        to++;
      }
      if (to - from == ranks.length) {
        return Arrays.copyOf(ranks, wanted);
      }
      runs.add(run(ranks, from, to, sources));
      from = to;
    }
    long[] chosen = new long[wanted];
    for (int i = 0; i < wanted; i++) {
      Run first = runs.remove();
      chosen[i] = ranks[first.position];
      if (first.position + 1 < first.end) {
        runs.add(run(ranks, first.position + 1, first.end, sources));
      }
    }
    return chosen;
  }

  private static Run run(long[] ranks, int position, int end, List<Rows> sources) {
    long ref = ranks[position];
    byte[] id = sources.get(Candidates.source(ref)).idAt(Candidates.row(ref));
    return new Run(id, position, end);
  }
}
