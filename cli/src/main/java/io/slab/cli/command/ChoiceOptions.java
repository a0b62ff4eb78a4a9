package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.search.Match;
import io.slab.search.MatchChoice;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
  void check(boolean many, int topK) {
    if (lambda != null && !(lambda >= 0 && lambda <= 1)) {
      throw new UsageException("--mmr must be from 0 to 1, not " + lambda, null);
    }
    if (lambda != null && topK > MOST_DIVERSE) {
      throw new UsageException(
          "--mmr compares each match with each: --top-k is at most " + MOST_DIVERSE + " then",
          null);
    }
    if (minScore != null && minScore.isNaN()) {
      throw new UsageException("--min-score must be a number", null);
    }
    if (lambda != null && group != null) {
      throw new UsageException("--mmr and --group-by exclude each other", "give one of them");
    }
    if (many && (lambda != null || group != null)) {
      throw new UsageException("--mmr and --group-by go with a single query", null);
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
    if (lambda == null && group == null) {
      QueryResult result = engine.apply(wanted);
      return minScore == null ? result : with(result, goodEnough(result.matches(), metric));
    }
    int k = wanted.topK();
    for (int most = wider(k); ; most = wider(most)) {
      QueryResult result = engine.apply(request(wanted, most));
      List<Match> good = goodEnough(result.matches(), metric);
      List<Match> chosen =
          lambda != null
              ? MatchChoice.diverse(good, lambda, k)
              : MatchChoice.firstOfEach(good, group, k);
      boolean all = result.matches().size() < most || good.size() < result.matches().size();
      if (lambda != null || chosen.size() == k || all || most == Limits.MAX_TOP_K) {
        return with(result, chosen);
      }
    }
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

  private static QueryResult with(QueryResult result, List<Match> matches) {
    return new QueryResult(matches, result.profile());
  }
}
