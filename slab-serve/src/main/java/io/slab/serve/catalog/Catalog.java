package io.slab.serve.catalog;

import io.slab.Index;
import io.slab.IndexOptions;
import io.slab.IndexSettings;
import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.NotFoundException;
import io.slab.model.IndexSpec;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.Kind;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
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
  private static final String TAKEN = " already exists";

  private final CatalogOptions options;

  /** The server's own folder, or null where there is none to write to. */
  private final JobFolder folder;

  private final NameClaims claims;

  /** Open indexes by name and by port; changed under the lock of this object alone. */
  private final Map<String, ServedIndex> byName = new ConcurrentHashMap<>();

  private final Map<Integer, ServedIndex> byPort = new ConcurrentHashMap<>();

  /** Indexes that are being made of copies. */
  private final Map<String, ComingIndex> coming = new ConcurrentHashMap<>();

  /** Indexes that cannot be opened, and why: said once. */
  private final Map<String, String> damaged = new ConcurrentHashMap<>();

  private long scannedAt;
  private boolean scanned;

  /**
   * @param folder of the server, for claims of names; null on a server that makes none
   */
  public Catalog(CatalogOptions options, JobFolder folder) {
    this.options = options;
    this.folder = folder;
    this.claims = new NameClaims(options, folder);
  }

  /** The place that all of it is in. */
  public String root() {
    return options.root();
  }

  /** How indexes are read and written. */
  public IndexOptions reading() {
    return options.reading();
  }

  /** The place of an index. */
  public String place(String name) {
    return Index.child(options.root(), name);
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

  /** All that clients are told of, by name: those that are coming too. */
  public List<IndexView> views() {
    Map<String, IndexView> views = new TreeMap<>(coming);
    list().forEach(index -> views.put(index.name(), index));
    return List.copyOf(views.values());
  }

  /**
   * One of them.
   *
   * @throws ApiException when there is none
   */
  public IndexView view(String name) {
    ComingIndex soon = coming.get(name);
    return soon == null ? get(name) : soon;
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
    there.remove(JobFolder.NAME);
    there.removeAll(coming.keySet());
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
      // One that is damaged does not hide the others.
      if (damaged.put(name, e.getMessage()) == null) {
        System.err.println("slab serve: " + name + " is not served: " + e.getMessage());
      }
      return Optional.empty();
    }
  }

  private ServedIndex add(String name, Index index) {
    return add(name, index, freePort());
  }

  /** The port that the next index gets, if none comes before it; 0 for none. */
  public synchronized int nextPort() {
    return freePort();
  }

  private int freePort() {
    return options.ports().stream()
        .filter(port -> !byPort.containsKey(port))
        .filter(port -> coming.values().stream().noneMatch(soon -> soon.port() == port))
        .findFirst()
        .orElse(0);
  }

  private ServedIndex add(String name, Index index, int port) {
    ServedIndex served = new ServedIndex(name, port, index, options, () -> scan(false));
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
    requireFree(name);
    String kept = profile.requireFits().text();
    claims.claim(name, Bodies.object().set("profile", profile.json()));
    try {
      Index index = Index.create(place(name), settings, options.reading());
      index.configure(null, before -> kept);
      NameClaims.embed(index, profile);
      folder.release(name);
      return add(name, index).made(profile);
    } catch (ConflictException e) {
      folder.release(name);
      throw NameClaims.taken(name + TAKEN + ": " + e.getMessage());
    }
  }

  private void requireFree(String name) {
    scan(true);
    if (byName.containsKey(name) || coming.containsKey(name)) {
      throw NameClaims.taken(name + TAKEN);
    }
    if (freePort() == 0) {
      throw ApiException.forbidden(
          "all "
              + options.ports().size()
              + " ports for indexes are taken: delete an index, or start the server with more"
              + " --index-ports");
    }
  }

  /** What was claimed and deleted below ROOT. */
  public NameClaims claims() {
    return claims;
  }

  /**
   * Keeps name and port for an index that is going to be made of a copy.
   *
   * @param job the restore job that makes it
   * @param claimed whether the job has its claim already
   * @throws ApiException where there is one of this name
   */
  public synchronized ComingIndex reserve(
      String name,
      IndexSpec spec,
      IndexProfile profile,
      boolean deletionProtected,
      String job,
      boolean claimed) {
    requireFree(name);
    if (!claimed) {
      claims.claim(name, Bodies.object().put("job", job));
    }
    ComingIndex soon = new ComingIndex(name, freePort(), spec, profile, deletionProtected);
    coming.put(name, soon);
    return soon;
  }

  /** An index that was kept a place for is there, or is not going to be. */
  public synchronized void arrived(String name) {
    ComingIndex soon = coming.remove(name);
    if (soon != null && !byName.containsKey(name)) {
      tryOpen(name).ifPresent(index -> add(name, index, soon.port()));
    }
    folder.release(name);
  }

  /** An index that was kept a place for is made elsewhere, or later. */
  public synchronized void leave(String name) {
    coming.remove(name);
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
    if (coming.containsKey(name)) {
      throw new ApiException(
          Status.FAILED_PRECONDITION,
          "the index " + name + " is being restored: wait for the end of the job");
    }
    ServedIndex served = get(name);
    requireMade(name);
    if (served.deletionProtected()) {
      throw ApiException.forbidden(
          "Deletion protection is enabled for this index. Disable deletion protection before"
              + " retrying.");
    }
    served.leaving();
    try {
      folder.noteRemoved(name);
      served.index().remove();
    } finally {
      // Where that failed, what is left is opened again: this one is closed.
      forget(name);
    }
  }

  /** A server that goes on with a restore of one that is gone would bring the index back. */
  private void requireMade(String name) {
    boolean restoring =
        folder
            .claimed(name)
            .map(claim -> new Members(claim.content()).text("job"))
            .flatMap(job -> folder.find(Kind.RESTORE, job))
            .map(job -> !job.ended())
            .orElse(false);
    if (restoring) {
      throw new ApiException(
          Status.FAILED_PRECONDITION,
          "the index " + name + " is being restored: wait for the end of the job");
    }
  }

  @Override
  public synchronized void close() {
    List.copyOf(byName.keySet()).forEach(this::forget);
  }
}
