package io.slab.serve.catalog;

import io.slab.Index;
import io.slab.IndexSettings;
import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.NotFoundException;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The indexes below ROOT. Those that other processes make or drop are noticed within the freshness,
 * when one is asked for that is not known, or all are. Thread-safe.
 */
public final class Catalog implements AutoCloseable {
  private final CatalogOptions options;

  /** Open indexes by name and by port; changed under the lock of this object alone. */
  private final Map<String, ServedIndex> byName = new ConcurrentHashMap<>();

  private final Map<Integer, ServedIndex> byPort = new ConcurrentHashMap<>();

  /** Indexes that cannot be opened, and why: said once. */
  private final Map<String, String> damaged = new ConcurrentHashMap<>();

  private long scannedAt;
  private boolean scanned;

  public Catalog(CatalogOptions options) {
    this.options = options;
  }

  /** All indexes by name. */
  public List<ServedIndex> list() {
    scan(true);
    return List.copyOf(new TreeMap<>(byName).values());
  }

  /** Those that are open, for metrics and background work; asks the store nothing. */
  public List<ServedIndex> open() {
    return List.copyOf(byName.values());
  }

  /**
   * An index by its name.
   *
   * @throws ApiException when there is none
   */
  public ServedIndex get(String name) {
    return find(name).orElseThrow(() -> ApiException.notFound("Resource " + name + " not found"));
  }

  /** The same, empty where there is none. */
  public Optional<ServedIndex> find(String name) {
    if (!byName.containsKey(name)) {
      scan(false);
    }
    return Optional.ofNullable(byName.get(name));
  }

  /** The index that a port is for; empty for the control plane's and for one that is free. */
  public Optional<ServedIndex> atPort(int port) {
    return Optional.ofNullable(byPort.get(port));
  }

  /** Finds out which indexes there are; open ones stay open. */
  public synchronized void scan(boolean now) {
    long time = System.nanoTime();
    if (scanned && !now && time - scannedAt < options.freshness().toNanos()) {
      return;
    }
    Set<String> there = new TreeSet<>(Index.list(options.root(), options.reading()));
    for (String name : List.copyOf(byName.keySet())) {
      // Another one may be at the place of one that is gone: it is opened below.
      if (!there.contains(name) || isGone(byName.get(name))) {
        forget(name);
      } else {
        there.remove(name);
      }
    }
    List<Opened> fresh = new ArrayList<>();
    for (String name : there) {
      tryOpen(name).ifPresent(index -> fresh.add(new Opened(name, index)));
    }
    // In the order in which they were made: a restart gives each the port that it had.
    fresh.sort(Comparator.comparing((Opened o) -> o.index.describe().created()));
    fresh.forEach(opened -> add(opened.name, opened.index));
    scannedAt = time;
    scanned = true;
  }

  private record Opened(String name, Index index) {}

  private static boolean isGone(ServedIndex index) {
    try {
      index.namespaces();
      return false;
    } catch (NotFoundException e) {
      return true;
    }
  }

  private Optional<Index> tryOpen(String name) {
    try {
      return Optional.of(Index.open(place(name), options.reading()));
    } catch (NotFoundException e) {
      return Optional.empty(); // Dropped, and its files are still there.
    } catch (DataException e) {
      // One that is damaged keeps nobody from the others.
      if (damaged.put(name, e.getMessage()) == null) {
        System.err.println("slab serve: " + name + " is not served: " + e.getMessage());
      }
      return Optional.empty();
    }
  }

  private String place(String name) {
    return Index.child(options.root(), name);
  }

  private ServedIndex add(String name, Index index) {
    int port = options.ports().stream().filter(p -> !byPort.containsKey(p)).findFirst().orElse(0);
    ServedIndex served = new ServedIndex(name, port, index, options.freshness(), () -> scan(false));
    byName.put(name, served);
    if (port != 0) {
      byPort.put(port, served);
    }
    return served;
  }

  private void forget(String name) {
    ServedIndex gone = byName.remove(name);
    if (gone != null) {
      byPort.remove(gone.port());
      gone.close();
    }
  }

  /**
   * Makes an index.
   *
   * @param profile what the API says of it
   * @throws ApiException where there is one of this name
   */
  public synchronized ServedIndex create(IndexSettings settings, IndexProfile profile) {
    String name = settings.name();
    scan(true);
    if (byName.containsKey(name)) {
      throw new ApiException(Status.ALREADY_EXISTS, "Resource " + name + " already exists");
    }
    if (byPort.size() >= options.ports().size()) {
      throw ApiException.forbidden(
          "all "
              + options.ports().size()
              + " ports for indexes are taken: delete an index, or start the server with more"
              + " --index-ports");
    }
    String kept = profile.requireFits().text();
    try {
      Index index = Index.create(place(name), settings, options.reading());
      index.configure(null, before -> kept);
      return add(name, index);
    } catch (ConflictException e) {
      throw new ApiException(
          Status.ALREADY_EXISTS, "Resource " + name + " already exists: " + e.getMessage());
    }
  }

  /**
   * Changes what may change of an index.
   *
   * @param deletionProtection null leaves it as it is
   */
  public ServedIndex configure(
      String name, Boolean deletionProtection, UnaryOperator<IndexProfile> change) {
    ServedIndex served = get(name);
    served
        .index()
        .configure(
            deletionProtection,
            text -> change.apply(IndexProfile.of(Optional.ofNullable(text))).text());
    return served;
  }

  /**
   * Ends an index and deletes its files.
   *
   * @throws ApiException where there is none, or it is protected
   */
  public synchronized void delete(String name) {
    ServedIndex served = get(name);
    if (served.deletionProtected()) {
      throw ApiException.forbidden(
          "Deletion protection is enabled for this index. Disable deletion protection before"
              + " retrying.");
    }
    served.leaving();
    try {
      served.index().remove();
    } finally {
      // Where that failed, what is left is opened again: this one is closed.
      forget(name);
    }
  }

  @Override
  public synchronized void close() {
    List.copyOf(byName.keySet()).forEach(this::forget);
  }
}
