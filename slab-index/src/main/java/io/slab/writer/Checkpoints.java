package io.slab.writer;

import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.model.Ulid;
import io.slab.model.Version;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes, lists and releases the checkpoints of a namespace: manifests that gc keeps, with all that
 * they name (spec/index.md, "Checkpoints"). Thread-safe.
 */
public final class Checkpoints {
  /** Most that one namespace has at a time. */
  public static final int MAX = 256;

  /** Longest time to keep one: a thousand years. The sum with the time of now stays in range. */
  public static final long MAX_KEEP_MILLIS = 1_000L * 365 * 86_400_000;

  private final NamespaceHandle namespace;

  public Checkpoints(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /**
   * Makes a checkpoint that has every record acknowledged before the call: flushes what is in the
   * log only, then commits the manifest that is the checkpoint.
   *
   * @param keepMillis how long gc keeps it, by the store's clock; 0: until it is deleted
   * @throws NotFoundException when the namespace does not exist
   * @throws ConflictException when there is one of that name, or there are {@value #MAX}
   * @throws InvalidInputException for a name that no checkpoint can have, or a time that is out of
   *     range
   */
  public Checkpoint create(String name, long keepMillis) {
    requireFree(name);
    if (keepMillis < 0 || keepMillis > MAX_KEEP_MILLIS) {
      throw new InvalidInputException(
          "a checkpoint is kept for 0 to " + MAX_KEEP_MILLIS + " ms, not for " + keepMillis,
          "give a shorter time, or none to keep it until it is deleted");
    }
    try (NamespaceWriter writer = new NamespaceWriter(namespace)) {
      writer.flush();
    }
    Ulid commit = namespace.environment().newId();
    while (true) {
      NamespaceManifest newest = requireLive();
      requireFree(name, newest);
      long now = namespace.store().now();
      List<Checkpoint> all = new ArrayList<>(kept(newest, now));
      long expires = keepMillis == 0 ? 0 : now + keepMillis;
      all.add(new Checkpoint(name, newest.id() + 1, expires));
      if (commit(newest, commit, all)) {
        return all.getLast();
      }
    }
  }

  /**
   * Checks that a checkpoint of that name could be made now.
   *
   * @throws ConflictException as {@link #create}
   */
  public void requireFree(String name) {
    AsOf.requireName(name);
    namespace.requireIndex();
    if (!namespace.exists()) {
      throw missing();
    }
    requireFree(name, namespace.requireNewest());
  }

  private void requireFree(String name, NamespaceManifest newest) {
    List<Checkpoint> kept = kept(newest, namespace.store().now());
    for (Checkpoint checkpoint : kept) {
      if (checkpoint.name().equals(name)) {
        throw new ConflictException(
            "namespace '"
                + newest.namespace()
                + "' has a checkpoint '"
                + name
                + "' already, manifest "
                + checkpoint.manifest(),
            "give another name, or delete that one first");
      }
    }
    if (kept.size() >= MAX) {
      throw new ConflictException(
          "namespace '" + newest.namespace() + "' has " + MAX + " checkpoints",
          "delete some first");
    }
  }

  /**
   * Releases a checkpoint: gc may take its state once no reader of its minimum age can hold it.
   *
   * @return the one that was released
   * @throws NotFoundException when there is none of that name, or no such namespace
   */
  public Checkpoint delete(String name) {
    AsOf.requireName(name);
    namespace.requireIndex();
    Ulid commit = namespace.environment().newId();
    while (true) {
      NamespaceManifest newest = namespace.requireNewest();
      Checkpoint released = find(newest, name);
      List<Checkpoint> rest = new ArrayList<>(kept(newest, namespace.store().now()));
      rest.remove(released);
      if (commit(newest, commit, rest)) {
        return released;
      }
    }
  }

  /** Those that are kept, oldest first; none where there is no such namespace. */
  public List<Checkpoint> list() {
    return namespace.read(() -> {
      NamespaceManifest newest = namespace.newest();
      return newest == null ? List.<Checkpoint>of() : kept(newest, namespace.store().now());
    });
  }

  private static Checkpoint find(NamespaceManifest newest, String name) {
    for (Checkpoint checkpoint : newest.checkpoints()) {
      if (checkpoint.name().equals(name)) {
        return checkpoint;
      }
    }
    throw new NotFoundException(
        "namespace '" + newest.namespace() + "' has no checkpoint '" + name + "'",
        "see `slab checkpoint list`");
  }

  private static List<Checkpoint> kept(NamespaceManifest manifest, long now) {
    return manifest.checkpoints().stream().filter(c -> c.isKept(now)).toList();
  }

  private NamespaceManifest requireLive() {
    NamespaceManifest newest = namespace.requireNewest();
    if (newest.deleted()) {
      throw missing();
    }
    return newest;
  }

  private NotFoundException missing() {
    return new NotFoundException(
        "there is no namespace '" + namespace.names().namespace() + "'",
        "see the list of namespaces");
  }

  private boolean commit(NamespaceManifest newest, Ulid commit, List<Checkpoint> checkpoints) {
    Edit edit = Edit.unchanged(newest, NamespaceManifest.CHECKPOINT);
    NamespaceManifest next =
        newest
            .next(commit, namespace.environment().now(), Version.PROGRAM, edit)
            .withCheckpoints(checkpoints);
    return namespace.manifests().commit(next);
  }
}
