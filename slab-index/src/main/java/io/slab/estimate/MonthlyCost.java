package io.slab.estimate;

/**
 * What an index costs in a month by one offer, in the currency of the price table.
 *
 * @param offer its name
 * @param storage of the slabs
 * @param queries requests and bytes of the queries
 * @param writes requests of commits, flushes and compactions
 */
public record MonthlyCost(String offer, double storage, double queries, double writes) {
  public double total() {
    return storage + queries + writes;
  }
}
