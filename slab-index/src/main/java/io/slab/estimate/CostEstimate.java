package io.slab.estimate;

/**
 * Money, in US dollars, by a {@link PriceTable}.
 *
 * @param s3Load requests of writing the slabs once
 * @param s3Month storage of the slabs for a month
 * @param cloudLoad write units of sending the records to the cloud once
 * @param cloudMonth its storage for a month, without reads and without a plan's minimum
 * @param cloudThousandQueries read units of a thousand queries of one namespace that holds all
 */
public record CostEstimate(
    double s3Load,
    double s3Month,
    double cloudLoad,
    double cloudMonth,
    double cloudThousandQueries) {
  private static final double GB = 1e9;

  /** Smallest number of read units of a query, and of write units of a record. */
  private static final double MIN_READ_UNITS = 0.25;

  private static final double MIN_WRITE_UNITS = 5;

  public static CostEstimate of(RecordMix mix, SizeEstimate size, PriceTable prices) {
    double gb = mix.cloudBytes() / GB;
    double perRecord = mix.records() == 0 ? 0 : (double) mix.cloudBytes() / mix.records();
    double writeUnits = mix.records() * Math.max(MIN_WRITE_UNITS, Math.ceil(perRecord / 1000));
    double load =
        size.loadRequests() / 1e3 * prices.s3WriteThousand()
            + size.loadReads() / 1e3 * prices.s3ReadThousand();
    return new CostEstimate(
        load,
        size.bytes() / GB * prices.s3StorageGbMonth(),
        writeUnits / 1e6 * prices.cloudWriteMillion(),
        gb * prices.cloudStorageGbMonth(),
        1000 * Math.max(MIN_READ_UNITS, gb) / 1e6 * prices.cloudReadMillion());
  }
}
