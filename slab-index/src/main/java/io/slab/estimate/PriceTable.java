package io.slab.estimate;

/**
 * Prices in US dollars. Prices change: the defaults are those of the table that is shipped (see
 * {@link Prices}), assumptions with a date, meant to be replaced.
 *
 * @param cloudStorageGbMonth a vector database in the cloud: one GB (10^9 bytes) for a month
 * @param cloudWriteMillion a million write units
 * @param cloudReadMillion a million read units
 * @param s3StorageGbMonth an object store: one GB for a month
 * @param s3WriteThousand a thousand requests that write or list
 * @param s3ReadThousand a thousand requests that read
 */
public record PriceTable(
    double cloudStorageGbMonth,
    double cloudWriteMillion,
    double cloudReadMillion,
    double s3StorageGbMonth,
    double s3WriteThousand,
    double s3ReadThousand) {
  /** The first offer and the cloud of the table that is shipped. */
  public static PriceTable listPrices() {
    return Prices.defaults().table();
  }
}
