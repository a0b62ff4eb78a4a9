package io.slab.copy;

import io.slab.error.MissingException;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Change;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.model.Environment;
import io.slab.model.Ulid;
import io.slab.model.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies manifests under the numbers that they have at the source; where gc at the destination took
 * these, under the next numbers there, and checkpoints name them by these. One thread calls.
 */
final class ManifestCopy {
  private final ManifestLog source;
  private final ManifestLog there;
  private final ObjectCopy objects;
  private final Environment environment = Environment.system();

  /** Numbers at the destination by those at the source. */
  private final Map<Long, Long> numbers = new HashMap<>();

  ManifestCopy(ManifestLog source, ManifestLog there, ObjectCopy objects) {
    this.source = source;
    this.there = there;
    this.objects = objects;
  }

  /**
   * Copies.
   *
   * @param kept those of checkpoints and the newest one, ascending
   * @param common the last commit that both have, or null
   * @return false when another process was first at the destination
   */
  boolean copy(Collection<NamespaceManifest> kept, Ulid common) {
    NamespaceManifest last = List.copyOf(kept).getLast();
    for (NamespaceManifest manifest : kept) {
      NamespaceManifest newest = there.newestThere();
      long number = newest == null ? -1 : numberThere(newest, manifest);
      if (number >= 0) {
        numbers.put(manifest.id(), number);
      } else if ((newest == null || newest.id() < manifest.id()) && keepsNumbers(manifest, kept)) {
        fillGap(manifest.id());
        numbers.put(manifest.id(), manifest.id());
        put(manifest, manifest == last);
      } else if (newest != null && (manifest == last || follows(manifest, common))) {
        if (!there.commit(renumbered(manifest, newest))) {
          return false;
        }
      }
      // Else it is older than what is there, and the copy does without its checkpoint.
    }
    return true;
  }

  /** A newest manifest names the checkpoints alone that are copied. */
  private void put(NamespaceManifest manifest, boolean last) {
    String name = source.name(manifest.id());
    boolean complete =
        manifest.checkpoints().stream().allMatch(one -> numbers.containsKey(one.manifest()));
    if (last && !complete) {
      NamespaceManifest copied = manifest.withCheckpoints(copied(manifest));
      objects.small(name, ManifestJson.encode(copied));
    } else {
      objects.small(
          name, ManifestJson.MAX_BYTES, bytes -> ManifestJson.decode(name, manifest.id(), bytes));
    }
  }

  /** The number that a manifest has at the destination, -1 when it is not there. */
  private long numberThere(NamespaceManifest newest, NamespaceManifest manifest) {
    try {
      if (there.read(manifest.id()).commit().equals(manifest.commit())) {
        return manifest.id();
      }
    } catch (MissingException e) {
      // Under another number, or not at all.
    }
    for (Change change : newest.history()) {
      if (change.commit().equals(manifest.commit()) && there.ids().contains(change.id())) {
        return change.id();
      }
    }
    return -1;
  }

  private static boolean follows(NamespaceManifest manifest, Ulid common) {
    return manifest.history().stream().anyMatch(change -> change.commit().equals(common));
  }

  /** True when the manifests of its checkpoints have at the destination the numbers it says. */
  private boolean keepsNumbers(NamespaceManifest manifest, Collection<NamespaceManifest> kept) {
    return manifest.checkpoints().stream()
        .map(Checkpoint::manifest)
        .filter(id -> id != manifest.id() && kept.stream().anyMatch(one -> one.id() == id))
        .allMatch(id -> numbers.getOrDefault(id, -1L) == (long) id);
  }

  private NamespaceManifest renumbered(NamespaceManifest manifest, NamespaceManifest newest) {
    NamespaceManifest next = manifest.after(newest);
    numbers.put(manifest.id(), next.id());
    return next.withCheckpoints(copied(manifest));
  }

  /** Its checkpoints that are copied, by their numbers at the destination. */
  private List<Checkpoint> copied(NamespaceManifest manifest) {
    List<Checkpoint> checkpoints = new ArrayList<>();
    for (Checkpoint checkpoint : manifest.checkpoints()) {
      Long number = numbers.get(checkpoint.manifest());
      if (number != null) {
        checkpoints.add(new Checkpoint(checkpoint.name(), number, checkpoint.expiresMillis()));
      }
    }
    return checkpoints;
  }

  /**
   * Creates the numbers at the destination below one that is copied, in their order: a reader that
   * knows the highest of them may ask for the next (spec/index.md, R-14).
   */
  private void fillGap(long below) {
    NamespaceManifest newest = there.newestThere();
    while (newest != null && newest.id() + 1 < below) {
      NamespaceManifest next =
          newest.next(
              environment.newId(),
              environment.now(),
              Version.PROGRAM,
              Edit.unchanged(newest, NamespaceManifest.GC));
      newest = there.commit(next) ? next : there.newestThere();
    }
  }
}
