package io.slab.cli.report;

import io.slab.estimate.Activity;
import io.slab.estimate.EstimateBasis;
import io.slab.estimate.IndexEstimate;
import io.slab.estimate.IndexEstimator;
import io.slab.estimate.MonthlyCost;
import io.slab.estimate.MonthlyCostEstimator;
import io.slab.estimate.Prices;
import io.slab.estimate.QueryEstimate;
import io.slab.estimate.QueryEstimator;
import java.util.List;
import java.util.SortedMap;

/**
 * One whole estimate.
 *
 * @param basis what it starts from
 * @param found what is there, null for plain numbers
 * @param compacted everything in few slabs
 * @param levelled as records that come by the log lie
 * @param coldCompacted a query of the former without a cache
 * @param coldLevelled a query of the latter without a cache
 * @param warm a query with a full cache
 * @param month what happens to it
 * @param prices the table
 * @param costs of the compacted index, an offer each
 * @param cloud what records of this size cost in the cloud, by the month
 */
public record Forecast(
    EstimateBasis basis,
    Found found,
    IndexEstimate compacted,
    IndexEstimate levelled,
    QueryEstimate coldCompacted,
    QueryEstimate coldLevelled,
    QueryEstimate warm,
    Activity month,
    Prices prices,
    List<MonthlyCost> costs,
    MonthlyCost cloud) {
  /**
   * What an estimate was measured on.
   *
   * @param name for people
   * @param records in it
   * @param slabs in it
   * @param bytes of these
   */
  public record Found(String name, long records, long slabs, long bytes) {}

  /** From plain numbers. */
  public static Forecast assumed(
      EstimateBasis basis,
      long records,
      SortedMap<String, Long> rules,
      int topK,
      Activity month,
      Prices prices) {
    return measured(basis, records, rules, topK, month, prices, null);
  }

  /** From what was found. */
  public static Forecast measured(
      EstimateBasis basis,
      long records,
      SortedMap<String, Long> rules,
      int topK,
      Activity month,
      Prices prices,
      Found found) {
    IndexEstimator indexes = IndexEstimator.of(basis.rows(), basis.search(), rules);
    QueryEstimator queries = new QueryEstimator(indexes.slab(), topK);
    IndexEstimate compacted = indexes.compacted(records);
    IndexEstimate levelled = indexes.levelled(records);
    QueryEstimate cold = queries.cold(compacted);
    QueryEstimate warm = queries.warm();
    MonthlyCostEstimator costs = new MonthlyCostEstimator(prices, month);
    return new Forecast(
        basis,
        found,
        compacted,
        levelled,
        cold,
        queries.cold(levelled),
        warm,
        month,
        prices,
        costs.of(compacted, cold, warm),
        costs.cloud(basis.rows(), records));
  }
}
