package io.slab.pull;

import io.slab.error.CancellationToken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What a {@link Pull} reads, and how.
 *
 * @param index name of the index, or null where {@code host} says it
 * @param host of the index, or null to ask the control plane for it
 * @param control host of the control plane
 * @param key the API key, or null for a server that asks for none
 * @param folder the export to make; it must not be there yet
 * @param namespaces only these; empty for all
 * @param ids a file of identifiers, one a line, or null; for one namespace
 * @param probe whether to look for identifiers with queries
 * @param idle queries in a row without a new identifier after which {@code probe} gives up
 * @param threads fetches at once
 * @param perSecond most requests a second
 * @param firstWait before the first repetition of a request
 * @param restart whether to forget what an interrupted run left
 * @param cancellation of the request that this is part of
 */
public record PullOptions(
    String index,
    String host,
    String control,
    String key,
    Path folder,
    Set<String> namespaces,
    Path ids,
    boolean probe,
    int idle,
    int threads,
    double perSecond,
    Duration firstWait,
    boolean restart,
    CancellationToken cancellation) {
  /** Host of Pinecone's control plane. */
  public static final String CONTROL = "https://api.pinecone.io";

  /** Where work in progress lies: beside the export. */
  Path work() {
    Path place = folder.toAbsolutePath().normalize();
    return place.resolveSibling(place.getFileName() + ".pull");
  }
}
