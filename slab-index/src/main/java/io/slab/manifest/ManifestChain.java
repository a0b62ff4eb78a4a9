package io.slab.manifest;

import io.slab.error.MissingException;
import io.slab.manifest.NamespaceManifest.Change;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import java.util.Set;

/**
 * Tells the manifests that were committed from those that a writer put under a number which gc had
 * set free (spec/index.md, R-2): no caller was ever told of such a one, and its state never was.
 * One thread only.
 */
public final class ManifestChain {
  private final ManifestLog manifests;
  private final NamespaceManifest newest;
  private final Set<Long> there;
  private final long now;

  /**
   * @param newest the newest manifest
   * @param there numbers of those that were listed
   * @param now by the store's clock
   */
  public ManifestChain(ManifestLog manifests, NamespaceManifest newest, Set<Long> there, long now) {
    this.manifests = manifests;
    this.newest = newest;
    this.there = there;
    this.now = now;
  }

  /**
   * Whether a manifest is one of the namespace's history. Costs nothing for the last {@link
   * NamespaceManifest#MAX_HISTORY}, and a read for so many before them.
   */
  public boolean has(NamespaceManifest manifest) {
    NamespaceManifest some = manifest;
    while (!isNamed(some)) {
      some = filledFrom(some);
      if (some == null) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the histories of the newest manifest, and of those before it, have it; or those of a
   * checkpoint in force. Gc takes what lies between, but never set the number of that free.
   */
  private boolean isNamed(NamespaceManifest manifest) {
    if (isNamedFrom(newest, manifest)) {
      return true;
    }
    return newest.checkpoints().stream()
        .filter(checkpoint -> checkpoint.isKept(now))
        .map(Checkpoint::manifest)
        .filter(id -> id >= manifest.id() && id < newest.id())
        .distinct()
        .map(this::read)
        .anyMatch(witness -> witness != null && isNamedFrom(witness, manifest));
  }

  private boolean isNamedFrom(NamespaceManifest start, NamespaceManifest manifest) {
    NamespaceManifest witness = start;
    while (witness != null && witness.history().getFirst().id() > manifest.id()) {
      witness = before(witness);
    }
    return witness != null && witness.history().stream().anyMatch(change -> is(manifest, change));
  }

  private static boolean is(NamespaceManifest manifest, Change change) {
    return change.id() == manifest.id() && change.commit().equals(manifest.commit());
  }

  /** The first one of a history that is there, to look further back with; null without one. */
  private NamespaceManifest before(NamespaceManifest witness) {
    for (Change change : witness.history()) {
      NamespaceManifest older = change.id() < witness.id() ? read(change.id()) : null;
      if (older != null && is(older, change)) {
        return older;
      }
    }
    return null;
  }

  /**
   * A copy to an earlier copy fills the numbers up to its own with manifests that say what the one
   * before says, and the newest one does not know these: the one before; null for others.
   */
  private NamespaceManifest filledFrom(NamespaceManifest manifest) {
    if (!manifest.operation().equals(NamespaceManifest.GC)) {
      return null;
    }
    NamespaceManifest before = read(manifest.id() - 1);
    return before != null && manifest.history().stream().anyMatch(change -> is(before, change))
        ? before
        : null;
  }

  private NamespaceManifest read(long id) {
    if (!there.contains(id)) {
      return null;
    }
    try {
      return manifests.read(id);
    } catch (MissingException e) {
      return null;
    }
  }
}
