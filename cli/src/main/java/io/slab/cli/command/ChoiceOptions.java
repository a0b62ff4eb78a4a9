package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.search.Match;
import io.slab.search.MatchChoice;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import picocli.CommandLine.Option;

/** Which of the nearest records a query shows. */
final class ChoiceOptions {
  /** So many times the matches that are wanted are looked at first. */
  private static final int WIDER = 4;

  private static final int FEWEST = 50;
  private static final int MOST_DIVERSE = 1000;

  @Option(
      names = "--min-score",
      paramLabel = "X",
      description =
          "leave out worse scores than X; of euclidean, where smaller is better, larger ones")
  Double minScore;

  @Option(
      names = "--mmr",
      paramLabel = "LAMBDA",
      description =
          "matches that differ (maximal marginal relevance): 1 is the nearest, 0 the most different")
  Double lambda;

  @Option(
      names = "--group-by",
      paramLabel = "FIELD",
      description = "the best match of each value of a metadata field; records without it stay")
  String group;

  boolean given() {
    return minScore != null || lambda != null || group != null;
  }

  /** Refuses what cannot be. */
  void check(int topK) {
    if (lambda != null && !(lambda >= 0 && lambda <= 1)) {
      throw new UsageException("--mmr must be from 0 to 1, not " + lambda, null);
    }
    requireFew(topK);
    if (minScore != null && minScore.isNaN()) {
      throw new UsageException("--min-score must be a number", null);
    }
    if (lambda != null && group != null) {
      throw new UsageException("--mmr and --group-by exclude each other", "give one of them");
    }
  }

  /** Refuses more matches than {@code --mmr} can compare with each other. */
  void requireFew(int topK) {
    if (lambda != null && topK > MOST_DIVERSE) {
      throw new UsageException(
          "--mmr compares each match with each: --top-k is at most " + MOST_DIVERSE + " then",
          null);
    }
  }

  /** Matches without those of worse scores than wanted. */
  List<Match> goodEnough(List<Match> found, Metric metric) {
    if (minScore == null) {
      return found;
    }
    List<Match> good = new ArrayList<>();
    for (Match match : found) {
      boolean enough =
          metric == Metric.EUCLIDEAN ? match.score() <= minScore : match.score() >= minScore;
      if (enough) {
        good.add(match);
      }
    }
    return good;
  }

  /** Asks, perhaps for more than is wanted, and chooses. */
  QueryResult ask(QueryRequest wanted, Metric metric, Function<QueryRequest, QueryResult> engine) {
    return ask(
            List.of(wanted),
            i -> metric,
            (asked, places) -> List.of(engine.apply(asked.getFirst())))
        .getFirst();
  }

  /**
   * Asks many questions, and those again of which too few could be chosen.
   *
   * @param metric by which the scores of a question are read
   * @param engine answers questions, of which it is told the places among all
   */
  List<QueryResult> ask(
      List<QueryRequest> wanted,
      IntFunction<Metric> metric,
      BiFunction<List<QueryRequest>, List<Integer>, List<QueryResult>> engine) {
    List<QueryResult> chosen = new ArrayList<>(Collections.nCopies(wanted.size(), null));
    int[] most = new int[wanted.size()];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < most.length; i++) {
      int k = wanted.get(i).topK();
      most[i] = lambda == null && group == null ? k : wider(k);
      open.add(i);
    }
    while (!open.isEmpty()) {
      List<QueryRequest> requests = new ArrayList<>();
      open.forEach(place -> requests.add(request(wanted.get(place), most[place])));
      List<QueryResult> results = engine.apply(requests, List.copyOf(open));
      List<Integer> again = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        int place = open.get(i);
        chosen.set(place, choose(results.get(i), metric.apply(place), wanted.get(place).topK()));
        List<Match> good = goodEnough(results.get(i).matches(), metric.apply(place));
        boolean few = chosen.get(place).matches().size() < wanted.get(place).topK();
        // More groups may be among matches that were not asked for.
        if (group != null && few && good.size() == most[place] && most[place] < Limits.MAX_TOP_K) {
          most[place] = wider(most[place]);
          again.add(place);
        }
      }
      open = again;
    }
    return chosen;
  }

  private QueryResult choose(QueryResult result, Metric metric, int k) {
    List<Match> good = goodEnough(result.matches(), metric);
    if (lambda != null) {
      good = MatchChoice.diverse(good, lambda, k);
    } else if (group != null) {
      good = MatchChoice.firstOfEach(good, group, k);
    }
    return new QueryResult(good, result.profile());
  }

  private static int wider(int count) {
    return Math.min(Limits.MAX_TOP_K, Math.max(FEWEST, WIDER * count));
  }

  private QueryRequest request(QueryRequest wanted, int most) {
    return new QueryRequest(
        wanted.vector(),
        wanted.sparse(),
        wanted.filter(),
        most,
        wanted.includeValues() || lambda != null,
        wanted.includeMetadata() || group != null,
        wanted.recall());
  }
}
