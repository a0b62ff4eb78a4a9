package io.slab.estimate;

/**
 * Prices in US dollars. They are somebody else's and change: the defaults are list prices of autumn
 * 2026 and meant to be replaced.
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
  /** List prices: Pinecone serverless (Standard, AWS us-east-1), S3 Standard (us-east-1). */
  public static PriceTable listPrices() {
    return new PriceTable(0.33, 4.0, 16.0, 0.023, 0.005, 0.0004);
  }
}
