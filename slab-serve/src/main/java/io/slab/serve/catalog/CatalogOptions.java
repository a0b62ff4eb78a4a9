package io.slab.serve.catalog;

import io.slab.IndexOptions;
import java.time.Duration;
import java.util.List;

/**
 * What is served, and how it is read.
 *
 * @param root a folder or a prefix on S3, whose children are indexes
 * @param reading how each index is opened
 * @param ports one for each index, in the order in which they are given out
 * @param freshness how old what other processes wrote may be before it is looked for
 * @param patience how long a read waits for an LSN that another server acknowledged
 * @param limits of requests
 * @param claimAge after which what is being made is taken for something that no server works on
 */
public record CatalogOptions(
    String root,
    IndexOptions reading,
    List<Integer> ports,
    Duration freshness,
    Duration patience,
    ServedLimits limits,
    Duration claimAge) {
  public CatalogOptions {
    ports = List.copyOf(ports);
  }
}
