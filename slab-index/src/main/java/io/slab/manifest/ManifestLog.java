package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.manifest.CommitRules.CommitState;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import java.util.List;

/**
 * The manifests of one namespace: finding the newest and committing the next (spec/index.md,
 * "Commit protocol", rules 1, 2 and 8). Thread-safe.
 */
public final class ManifestLog {
  /**
   * How often a newest manifest may vanish between listing and reading it before that is called an
   * error.
   */
  private static final int MAX_CHASES = 50;

  private final ObjectStore store;
  private final NamespaceNames names;
  private final ObjectSequence sequence;
  private final Retry retry;

  /**
   * The newest manifest seen: the highest number is never deleted, so a listing may start just
   * before it.
   */
  private volatile NamespaceManifest known;

  public ManifestLog(ObjectStore store, NamespaceNames names, Retry retry) {
    this.store = store;
    this.names = names;
    this.sequence = new ObjectSequence(store, names.manifestFolder(), ".json");
    this.retry = retry;
  }

  /**
   * The newest manifest, or null when the namespace never had one. Costs one listing, and one read
   * when it is new to us.
   *
   * @throws MissingException when there is no manifest and what only a namespace with one has, so
   *     that its manifests are lost
   */
  public NamespaceManifest newest() {
    return newest(Look.LIST);
  }

  /** The same, looked for in another way. */
  public NamespaceManifest newest(Look look) {
    NamespaceManifest newest = newestThere(look);
    if (newest != null) {
      return newest;
    }
    String remains = Remains.find(store, names);
    if (remains == null) {
      return null;
    }
    // Another process may have created the namespace and written to it between the two looks.
    newest = newestThere();
    if (newest == null) {
      throw Remains.missing(names, remains);
    }
    return newest;
  }

  /**
   * The newest manifest, or null when there is none, also where other objects show a loss: for
   * callers that report or repair it.
   */
  public NamespaceManifest newestThere() {
    return newestThere(Look.LIST);
  }

  private NamespaceManifest newestThere(Look first) {
    Look look = first;
    for (int chase = 0; ; chase++) {
      NamespaceManifest before = known;
      List<Long> ids = idsFrom(before, look);
      if (ids.isEmpty() && look == Look.READ) {
        look = Look.LIST; // An earlier listing, from before what we know.
        continue;
      }
      if (ids.isEmpty()) {
        if (before != null) {
          throw new MissingException(
              sequence.name(before.id()),
              -1,
              "neither it nor a newer one",
              "it: it was read before");
        }
        return null;
      }
      long id = ids.getLast();
      if (before != null && before.id() == id) {
        return before;
      }
      try {
        NamespaceManifest manifest = read(id);
        known = manifest;
        return manifest;
      } catch (MissingException e) {
        // Superseded and collected since the listing: look again, but not for ever.
        if (chase == MAX_CHASES) {
          throw e;
        }
        look = Look.LIST;
      }
    }
  }

  private List<Long> idsFrom(NamespaceManifest before, Look look) {
    return retry.run(() -> sequence.listAfter(before == null ? -1 : before.id() - 1, look));
  }

  /** True when a manifest was read or committed here. */
  public boolean wasRead() {
    return known != null;
  }

  /** Full name of a manifest. */
  public String name(long id) {
    return sequence.name(id);
  }

  /** Reads one manifest. */
  public NamespaceManifest read(long id) {
    return sequence.decode(
        id,
        () -> retry.run(() -> sequence.read(id, ManifestJson.MAX_BYTES)),
        bytes -> decode(id, bytes));
  }

  private NamespaceManifest decode(long id, byte[] bytes) {
    NamespaceManifest manifest = ManifestJson.decode(sequence.name(id), id, bytes);
    if (!manifest.namespace().equals(names.namespace())) {
      throw new CorruptException(
          sequence.name(id), -1, "the namespace '" + manifest.namespace() + "'", names.namespace());
    }
    return manifest;
  }

  /** The manifests that are there with the times of the store, oldest first. */
  public List<ObjectInfo> objects() {
    return retry.run(sequence::list);
  }

  /** Number of a manifest that {@link #objects} gave. */
  public long number(ObjectInfo object) {
    return sequence.number(object.fileName());
  }

  /** All manifests that exist, oldest first. */
  public List<Long> ids() {
    return retry.run(() -> sequence.listAfter(-1));
  }

  /**
   * Tries to make a manifest the next one.
   *
   * @return true when it is committed; false when it is proved that it is not and never will be
   * @throws io.slab.error.OutcomeUnknownException when neither can be proved
   * @throws StoreException when the store failed and it is certain that nothing was written
   */
  public boolean commit(NamespaceManifest manifest) {
    long id = manifest.id();
    Attempt attempt = sequence.attempt(id, ManifestJson.encode(manifest), retry);
    return attempt.judge(() -> stateOf(attempt, manifest));
  }

  /**
   * The manifest that committed built slabs, or 0 when it is known that none did. Where the history
   * of the newest one begins too late, those of earlier manifests go on, as far as they are there.
   *
   * @throws OutcomeUnknownException when they do not reach back to the beginning
   */
  public long committedIn(NamespaceManifest newest, BuiltSlabs built) {
    NamespaceManifest at = newest;
    while (true) {
      try {
        return built.committedIn(at);
      } catch (OutcomeUnknownException e) {
        at = earliest(at);
        if (at == null) {
          throw e;
        }
      }
    }
  }

  /** The first manifest of a history; null when it is not there, or another one in its place. */
  private NamespaceManifest earliest(NamespaceManifest of) {
    NamespaceManifest.Change first = of.history().getFirst();
    if (first.id() == of.id()) {
      return null;
    }
    try {
      NamespaceManifest manifest = read(first.id());
      return manifest.commit().equals(first.commit()) ? manifest : null;
    } catch (DataException e) {
      return null;
    }
  }

  private CommitState stateOf(Attempt attempt, NamespaceManifest manifest) {
    long id = manifest.id();
    if (attempt.created() && retry.run(() -> sequence.listAfter(id)).isEmpty()) {
      known = manifest;
      return CommitState.COMMITTED;
    }
    NamespaceManifest newest = newest();
    return newest == null ? CommitState.LOOK : CommitRules.manifest(newest, id, manifest.commit());
  }
}
