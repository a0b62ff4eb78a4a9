package io.slab.serve.catalog;

import io.slab.Index;
import io.slab.IndexDescription;
import io.slab.Namespace;
import io.slab.Snapshot;
import io.slab.error.CancellationToken;
import io.slab.error.NotFoundException;
import io.slab.model.EmbeddingSpec;
import io.slab.model.IndexSpec;
import io.slab.model.VectorType;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Place;
import io.slab.serve.api.Status;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** An index that is open. Thread-safe. */
public final class ServedIndex implements IndexView, AutoCloseable {
  private static final long SETTLED_MILLIS = 60_000;

  /** How long a read that waits for an LSN rests before it looks again: longer each time. */
  private static final long STEP_MILLIS = 20;

  private static final long MAX_STEP_MILLIS = 160;

  private final String name;
  private final int port;
  private final Index index;
  private final IndexSpec spec;
  private final Duration freshness;
  private final Duration patience;
  private final ServedLimits limits;

  /** Null until it is known; an index never changes its kind. */
  private volatile Optional<DocumentFields> documents;

  /** Until when a young index that says nothing of documents is not asked again. */
  private volatile long vectorsUntil = System.nanoTime();

  private final Map<String, LiveNamespace> namespaces = new ConcurrentHashMap<>();
  private final Runnable suspicion;
  private volatile boolean leaving;

  /**
   * @param name of its folder, which is its name for clients
   * @param port that answers for it alone; 0 for none
   * @param suspicion is run when something was not found: the index itself may be gone
   */
  ServedIndex(String name, int port, Index index, CatalogOptions options, Runnable suspicion) {
    this.suspicion = suspicion;
    this.name = name;
    this.port = port;
    this.index = index;
    this.freshness = options.freshness();
    this.patience = options.patience();
    this.limits = options.limits();
    IndexDescription is = index.describe();
    this.spec =
        new IndexSpec(
            is.name(),
            is.dimension(),
            is.metric(),
            is.vectorType(),
            is.schema(),
            // Beside dense vectors a text index is not shown here.
            is.vectorType() == VectorType.SPARSE ? is.textIndex() : null,
            is.created().toEpochMilli());
  }

  @Override
  public String name() {
    return name;
  }

  /** The port that answers for it alone; 0 for none. */
  @Override
  public int port() {
    return port;
  }

  /** How much a request may ask for. */
  public ServedLimits limits() {
    return limits;
  }

  /** What never changes about it. */
  @Override
  public IndexSpec spec() {
    return spec;
  }

  /** Whether deleting it is refused; asks the store. */
  @Override
  public boolean deletionProtected() {
    return index.describe().deletionProtection();
  }

  /** What the API says of it; asks the store. */
  @Override
  public IndexProfile profile() {
    return IndexProfile.of(index.service());
  }

  /** Which model made its vectors of which field, where it says so; asks the store. */
  public Optional<EmbeddingSpec> embedding() {
    return index.embedding();
  }

  @Override
  public boolean ready() {
    return true;
  }

  /**
   * Makes a checkpoint of one name in all namespaces, or in none; of each it has every write that
   * was acknowledged before.
   *
   * @return how many namespaces have it
   */
  public int checkpoint(String checkpoint, Duration keep) {
    return index.createCheckpoint(checkpoint, keep);
  }

  /** Releases the checkpoints of a name. */
  public void releaseCheckpoint(String checkpoint) {
    index.deleteCheckpoint(checkpoint);
  }

  /**
   * The vector fields of an index of the documents API; empty for one of the vectors API. Asks the
   * store the first time.
   */
  public Optional<DocumentFields> documents() {
    Optional<DocumentFields> known = documents;
    if (known != null) {
      return known;
    }
    if (System.nanoTime() - vectorsUntil < 0) {
      return Optional.empty();
    }
    Optional<DocumentFields> found =
        Optional.ofNullable(profile().fields()).map(DocumentFields::of);
    boolean young = System.currentTimeMillis() - spec.createdMillis() < SETTLED_MILLIS;
    if (found.isPresent() || !young) {
      // Another server may have made the index a moment ago, and not said yet what it is.
      documents = found;
    } else {
      vectorsUntil = System.nanoTime() + freshness.toNanos();
    }
    return found;
  }

  /**
   * Refuses requests of the vectors API to an index of the other one.
   *
   * @throws ApiException then
   */
  public void requireVectors() {
    if (documents().isPresent()) {
      throw ApiException.invalid(
          "the index " + name + " was made with a schema: use the documents API");
    }
  }

  /**
   * The vector fields, where there must be some.
   *
   * @throws ApiException for an index of the vectors API
   */
  public DocumentFields requireDocuments() {
    return documents()
        .orElseThrow(() ->
            ApiException.invalid(
                "the index " + name + " was made without a schema: use the vectors API"));
  }

  /** Says which kind it is, to spare asking the store. */
  ServedIndex made(IndexProfile profile) {
    documents = Optional.ofNullable(profile.fields()).map(DocumentFields::of);
    return this;
  }

  /** A namespace, whether it exists or not; the empty name is the default one's. */
  public LiveNamespace namespace(String wanted) {
    String real = wanted == null || wanted.isEmpty() ? Namespace.DEFAULT : wanted;
    LiveNamespace known = namespaces.get(real);
    if (known != null) {
      return known;
    }
    Namespace opened = index.namespace(real);
    return namespaces.computeIfAbsent(real, n -> new LiveNamespace(opened, freshness));
  }

  /**
   * What is in a namespace now. Of one that does not exist nothing is kept.
   *
   * @param least LSN that must be in it; it is waited for until it is there, for some seconds
   * @param cancellation ends the wait
   * @throws ApiException where it does not come
   */
  public Reading read(String wanted, long least, CancellationToken cancellation) {
    long asked = System.nanoTime();
    long end = asked + patience.toNanos();
    for (long step = STEP_MILLIS; true; step = Math.min(2 * step, MAX_STEP_MILLIS)) {
      Reading reading = read(wanted, least, asked);
      if (reading.snapshot().lsn() >= least) {
        return reading;
      }
      reading.close();
      if (System.nanoTime() > end) {
        throw new ApiException(
            Status.FAILED_PRECONDITION, "no write with the LSN " + least + " is in the log yet");
      }
      cancellation.check();
      // Before the rest: many that wait behind each other for a place share the look of the first.
      asked = System.nanoTime();
      Place.rest(step);
    }
  }

  private Reading read(String wanted, long least, long asked) {
    String real = wanted == null || wanted.isEmpty() ? Namespace.DEFAULT : wanted;
    LiveNamespace known = namespaces.get(real);
    if (known == null) {
      Optional<Snapshot> absent = index.absent(real);
      if (absent.isPresent()) {
        return new Reading(new SharedSnapshot(absent.get()));
      }
      known = namespace(real);
    }
    return known.read(least, asked);
  }

  /** The same, with any LSN. */
  public Reading read(String wanted) {
    return read(wanted, -1, System.nanoTime());
  }

  /** Names of the namespaces that exist, in the order of their bytes; asks the store. */
  public List<String> namespaces() {
    return index.namespaces();
  }

  /** Makes an empty namespace; {@link io.slab.error.ConflictException} where it exists. */
  public LiveNamespace createNamespace(String wanted) {
    index.createNamespace(wanted);
    LiveNamespace made = namespace(wanted);
    made.changed();
    return made;
  }

  /** Deletes a namespace; {@link io.slab.error.NotFoundException} where there is none. */
  public void deleteNamespace(String wanted) {
    LiveNamespace gone = namespace(wanted);
    index.deleteNamespace(gone.namespace().name());
    gone.changed();
  }

  /** The namespaces that were asked for since the start. */
  public Collection<LiveNamespace> open() {
    return namespaces.values();
  }

  /** Whether a namespace was asked for since the start. */
  public boolean isOpen(String name) {
    return namespaces.containsKey(name);
  }

  /** The library's namespace of one that exists, for work of the server's own. */
  public Namespace library(String name) {
    return index.namespace(name);
  }

  Index index() {
    return index;
  }

  /** From now on requests that fail because of it find no index. */
  void leaving() {
    leaving = true;
  }

  /**
   * Does work on the index.
   *
   * @throws ApiException as for an index that is not there when it is closed meanwhile
   */
  public <T> T whileServed(Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalStateException e) {
      if (leaving) {
        throw ApiException.notFound("Resource " + name + " not found");
      }
      throw e;
    } catch (NotFoundException e) {
      suspicion.run();
      throw e;
    }
  }

  /** Closes it; requests that are under way may fail. */
  @Override
  public void close() {
    leaving();
    namespaces.values().forEach(LiveNamespace::release);
    index.close();
  }
}
