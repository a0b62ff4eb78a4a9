package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.StoreException;
import io.slab.manifest.CommitRules.Fate;
import io.slab.model.Ulid;
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

  private final ObjectSequence sequence;
  private final String namespace;
  private final Retry retry;

  /**
   * The newest manifest seen: the highest number is never deleted, so a listing may start just
   * before it.
   */
  private volatile NamespaceManifest known;

  public ManifestLog(ObjectStore store, NamespaceNames names, Retry retry) {
    this.sequence = new ObjectSequence(store, names.manifestFolder(), ".json");
    this.namespace = names.namespace();
    this.retry = retry;
  }

  /**
   * The newest manifest, or null when there is none. Costs one listing, and one read when it is new
   * to us.
   */
  public NamespaceManifest newest() {
    for (int chase = 0; ; chase++) {
      NamespaceManifest before = known;
      List<Long> ids = retry.run(() -> sequence.listAfter(before == null ? -1 : before.id() - 1));
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
      }
    }
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
    if (!manifest.namespace().equals(namespace)) {
      throw new CorruptException(
          sequence.name(id), -1, "the namespace '" + manifest.namespace() + "'", namespace);
    }
    return manifest;
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
    Attempt attempt = Attempt.create(sequence, id, ManifestJson.encode(manifest), retry);
    try {
      if (attempt.created() && retry.run(() -> sequence.listAfter(id)).isEmpty()) {
        known = manifest;
        return true;
      }
      return decide(attempt, id, manifest.commit());
    } catch (StoreException | CorruptException e) {
      // "Exists" too may be the echo of an earlier request of ours, and now nobody can look.
      throw Attempt.unknown(sequence, id, e);
    }
  }

  private boolean decide(Attempt attempt, long id, Ulid commit) {
    NamespaceManifest newest = newest();
    Fate fate = newest == null ? Fate.LOOK : CommitRules.manifest(newest, id, commit);
    return switch (fate) {
      case COMMITTED -> true;
      case LOST -> false;
      case UNKNOWN -> throw Attempt.unknown(sequence, id, null);
      case LOOK ->
          throw attempt.unanswered()
              ? attempt.nothingThere(sequence, id)
              : new MissingException(
                  sequence.name(id), -1, "no object", "one: the store said that there is");
    };
  }
}
