package io.slab.estimate;

import io.slab.estimate.Prices.Offer;
import io.slab.model.Limits;
import java.util.List;

/** Turns bytes and requests into money. Immutable and thread-safe. */
public record MonthlyCostEstimator(Prices prices, Activity month) {
  private static final double GIB = 1L << 30;
  private static final double PART_BYTES = 8L << 20;

  /** Least units of a query and of a record, as in {@link CostEstimate}. */
  private static final double MIN_READ_UNITS = 0.25;

  private static final double MIN_WRITE_UNITS = 5;

  /** LIST, PUT of the log object, LIST again to acknowledge (spec/index.md, "Commit protocol"). */
  private static final int COMMIT_LISTS = 2;

  /** Slab, deletion vectors and manifest. */
  private static final int FLUSH_PUTS = 4;

  /** One line for each offer of the table. */
  public List<MonthlyCost> of(IndexEstimate index, QueryEstimate cold, QueryEstimate warm) {
    return prices.offers().stream()
        .map(offer ->
            new MonthlyCost(
                offer.name(),
                index.bytes() / GIB * offer.storagePerGiBMonth(),
                month.queries()
                    * (month.coldShare() * query(offer, cold)
                        + (1 - month.coldShare()) * query(offer, warm)),
                writes(offer, index)))
        .toList();
  }

  /**
   * The same records in the cloud of the table: by what it counts as their size, each query reading
   * as many units as the namespace has GB. Its minimum is part of the storage.
   */
  public MonthlyCost cloud(RowShape rows, long records) {
    double metadata = rows.metadataBytes() / RowShape.METADATA_SHARE;
    double each = RowShape.ID_LENGTH + metadata + 4.0 * rows.dimension() + 8 * rows.sparseEntries();
    double gb = each * records / 1e9;
    Prices.Cloud cloud = prices.cloud();
    double queries =
        month.queries() * Math.max(MIN_READ_UNITS, gb) / 1e6 * cloud.readPerMillionUnits();
    double units = Math.max(MIN_WRITE_UNITS, Math.ceil(each / 1000));
    double writes = month.writes() * units / 1e6 * cloud.writePerMillionUnits();
    double storage = gb * cloud.storagePerGBMonth();
    double missing = Math.max(0, cloud.minimumPerMonth() - storage - queries - writes);
    return new MonthlyCost(cloud.name(), storage + missing, queries, writes);
  }

  private static double query(Offer offer, QueryEstimate query) {
    return (query.requests() - query.lists()) * offer.getPer1000() / 1000
        + query.lists() * offer.listPer1000() / 1000
        + query.bytes() / GIB * offer.readPerGiB();
  }

  /**
   * Each record is written to the log and to a slab, and once more for each level that it rises.
   */
  private double writes(Offer offer, IndexEstimate index) {
    double commits = Math.ceil((double) month.writes() / month.batch());
    double flushes = (double) month.writes() / Limits.MAX_MEMTABLE_RECORDS;
    int top = index.levels().stream().mapToInt(LevelEstimate::level).max().orElse(0);
    double bytes =
        index.records() == 0 ? 0 : (double) index.bytes() / index.records() * month.writes();
    double parts = bytes / PART_BYTES;
    double puts = commits + FLUSH_PUTS * flushes + parts * (1 + top);
    double gets = parts * top;
    double lists = COMMIT_LISTS * commits;
    return (puts * offer.putPer1000() + gets * offer.getPer1000() + lists * offer.listPer1000())
        / 1000;
  }
}
