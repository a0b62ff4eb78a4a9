package io.slab.gc;

import io.slab.error.SlabException;
import io.slab.gc.GcResult.Item;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.NamespaceNames;
import io.slab.model.Version;
import io.slab.namespace.NamespaceHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files that gc is about to delete, as the manifests list them (spec/index.md, R-4). A file
 * gets on the list by a commit, so that no manifest after it can name the file, and leaves it by
 * another one once its deletion was confirmed. One thread only.
 */
final class Condemned {
  static final String REASON = "condemned by an earlier gc";

  /** How often other commits may come first. */
  private static final int MAX_LOST = 100;

  private final NamespaceHandle namespace;
  private final NamespaceManifest base;
  private final Set<String> needed;
  private final Set<String> listed;
  private final Set<String> before = new HashSet<>();

  /**
   * @param base the newest manifest
   * @param needed full names of what manifests in use name
   * @param listed full names of the slabs and deletion vectors that are there
   */
  Condemned(
      NamespaceHandle namespace, NamespaceManifest base, Set<String> needed, Set<String> listed) {
    this.namespace = namespace;
    this.base = base;
    this.needed = needed;
    this.listed = listed;
    base.condemned().forEach(file -> before.add(full(file)));
    before.removeAll(needed);
  }

  private String full(String file) {
    return namespace.names().folder() + file;
  }

  boolean needed(String name) {
    return needed.contains(name);
  }

  /** True for a file that may be deleted at once. */
  boolean before(String name) {
    return before.contains(name);
  }

  /**
   * Condemns those of the names that are slabs or deletion vectors; the others need none of it.
   *
   * @return false when another commit came first; nothing is condemned then
   */
  boolean commit(Collection<String> names) {
    Set<String> all = new LinkedHashSet<>(base.condemned());
    for (String name : names) {
      String file = name.substring(namespace.names().folder().length());
      if (NamespaceNames.isFile(file)) {
        all.add(file);
      }
    }
    return all.size() == base.condemned().size() || commit(base, all);
  }

  private boolean commit(NamespaceManifest parent, Collection<String> files) {
    Edit edit = Edit.unchanged(parent, NamespaceManifest.GC);
    NamespaceManifest next =
        parent
            .next(
                namespace.environment().newId(),
                namespace.environment().now(),
                Version.PROGRAM,
                edit)
            .withCondemned(List.copyOf(files));
    return namespace.manifests().commit(next);
  }

  /**
   * Takes off the list what is deleted. A list that stays too long does no harm: the next gc
   * deletes what is on it once more.
   *
   * @return the result, with a failure to do so among what failed
   */
  GcResult release(GcResult result) {
    try {
      for (int lost = 0; lost < MAX_LOST; lost++) {
        NamespaceManifest newest = namespace.newest();
        List<String> left = left(newest, result);
        if (left.size() == newest.condemned().size() || commit(newest, left)) {
          break;
        }
      }
      return result;
    } catch (SlabException e) {
      List<Item> all = new ArrayList<>(result.failed());
      String list = "its list of condemned files could not be shortened: ";
      all.add(new Item(namespace.manifests().name(base.id()), 0, 0, list + e.getMessage()));
      return new GcResult(result.removed(), all, result.kept());
    }
  }

  /** What stays: what others condemned since, and what was not or could not be deleted. */
  private List<String> left(NamespaceManifest newest, GcResult result) {
    Set<String> gone = new HashSet<>();
    result.removed().forEach(item -> gone.add(item.name()));
    for (String name : before) {
      if (!listed.contains(name)) {
        // An earlier gc deleted it and could not say so. The answer to this request is the proof.
        namespace.store().delete(name);
        gone.add(name);
      }
    }
    return newest.condemned().stream().filter(file -> !gone.contains(full(file))).toList();
  }
}
