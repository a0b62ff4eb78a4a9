package io.slab.pull;

import io.slab.error.CancellationToken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What a {@link Pull} reads, and how. {@link #into} makes them.
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

  /** Options of a pull into a folder, with what is usual for all others. */
  public static Builder into(Path folder) {
    return new Builder().folder(folder);
  }

  /** A builder that begins with these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.index = index;
    builder.host = host;
    builder.control = control;
    builder.key = key;
    builder.folder = folder;
    builder.namespaces = namespaces;
    builder.ids = ids;
    builder.probe = probe;
    builder.idle = idle;
    builder.threads = threads;
    builder.perSecond = perSecond;
    builder.firstWait = firstWait;
    builder.restart = restart;
    builder.cancellation = cancellation;
    return builder;
  }

  /** Puts options together, each by its name. Not thread-safe. */
  public static final class Builder {
    private String index;
    private String host;
    private String control = CONTROL;
    private String key;
    private Path folder;
    private Set<String> namespaces = Set.of();
    private Path ids;
    private boolean probe;
    private int idle = 200;
    private int threads = 4;
    private double perSecond = 50;
    private Duration firstWait = Duration.ofMillis(500);
    private boolean restart;
    private CancellationToken cancellation = CancellationToken.NONE;

    private Builder() {}

    /** The index by its name, of which the control plane says the host. */
    public Builder index(String index) {
      this.index = index;
      return this;
    }

    /** The index by its host. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Host of the control plane; {@link #CONTROL} unless said. */
    public Builder control(String control) {
      this.control = control;
      return this;
    }

    /** The API key; null, as unless said, for a server that asks for none. */
    public Builder key(String key) {
      this.key = key;
      return this;
    }

    /** The export to make. */
    public Builder folder(Path folder) {
      this.folder = folder;
      return this;
    }

    /** Only these; all unless said. */
    public Builder namespaces(Set<String> namespaces) {
      this.namespaces = namespaces;
      return this;
    }

    /** A file of identifiers, one a line, for one namespace; none unless said. */
    public Builder ids(Path ids) {
      this.ids = ids;
      return this;
    }

    /** Whether to look for identifiers with queries; not unless said. */
    public Builder probe(boolean probe) {
      this.probe = probe;
      return this;
    }

    /** Queries in a row without a new identifier after which probing ends; 200 unless said. */
    public Builder idle(int idle) {
      this.idle = idle;
      return this;
    }

    /** Fetches at once; 4 unless said. */
    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    /** Most requests a second; 50 unless said. */
    public Builder perSecond(double perSecond) {
      this.perSecond = perSecond;
      return this;
    }

    /** The wait before a request is first repeated; half a second unless said. */
    public Builder firstWait(Duration firstWait) {
      this.firstWait = firstWait;
      return this;
    }

    /** Whether to forget what an interrupted run left; not unless said. */
    public Builder restart(boolean restart) {
      this.restart = restart;
      return this;
    }

    /** The request that the pull is part of; none unless said. */
    public Builder cancellation(CancellationToken cancellation) {
      this.cancellation = cancellation;
      return this;
    }

    /** The options as they are now. */
    public PullOptions build() {
      return new PullOptions(
          index,
          host,
          control,
          key,
          folder,
          namespaces,
          ids,
          probe,
          idle,
          threads,
          perSecond,
          firstWait,
          restart,
          cancellation);
    }
  }
}
