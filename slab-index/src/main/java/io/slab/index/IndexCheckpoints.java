package io.slab.index;

import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checkpoints of one name in several namespaces. One thread only. */
public final class IndexCheckpoints {
  private final SlabIndex index;

  public IndexCheckpoints(SlabIndex index) {
    this.index = index;
  }

  /**
   * Makes a checkpoint in each namespace, or in none. Each has every record that was acknowledged
   * before the call; they are made one after the other, so that of what is written meanwhile one
   * may have what another has not.
   *
   * @param keepMillis how long gc keeps them, by the store's clock; 0: until they are deleted
   * @return those that were made, by namespace
   * @throws NotFoundException when a namespace does not exist
   * @throws io.slab.error.ConflictException when one of them has a checkpoint of that name
   */
  public Map<String, Checkpoint> create(List<String> namespaces, String name, long keepMillis) {
    namespaces.forEach(namespace -> index.checkpoints(namespace).requireFree(name));
    Map<String, Checkpoint> made = new LinkedHashMap<>();
    try {
      for (String namespace : namespaces) {
        made.put(namespace, index.checkpoints(namespace).create(name, keepMillis));
      }
      return made;
    } catch (SlabException e) {
      made.keySet().forEach(namespace -> release(namespace, name));
      throw e;
    }
  }

  /** What cannot be released is there to be deleted by its name. */
  private void release(String namespace, String name) {
    try {
      index.checkpoints(namespace).delete(name);
    } catch (SlabException e) {
      return;
    }
  }

  /**
   * Releases the checkpoints of a name, wherever they are.
   *
   * @return those that were released, by namespace
   * @throws NotFoundException when none of the namespaces has one
   */
  public Map<String, Checkpoint> delete(List<String> namespaces, String name) {
    Map<String, Checkpoint> released = new LinkedHashMap<>();
    for (String namespace : having(namespaces, name)) {
      released.put(namespace, index.checkpoints(namespace).delete(name));
    }
    return released;
  }

  /**
   * The namespaces that have a checkpoint of a name, dropped ones included.
   *
   * @throws NotFoundException when none has
   */
  public List<String> having(List<String> namespaces, String name) {
    List<String> having =
        namespaces.stream()
            .filter(namespace ->
                index.checkpoints(namespace).list().stream()
                    .anyMatch(checkpoint -> checkpoint.name().equals(name)))
            .toList();
    if (having.isEmpty()) {
      throw new NotFoundException(
          "no namespace has a checkpoint '" + name + "'", "see `slab checkpoint list`");
    }
    return having;
  }
}
