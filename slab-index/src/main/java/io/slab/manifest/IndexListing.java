package io.slab.manifest;

import io.slab.error.MissingException;
import io.slab.error.StoreException;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.store.Together;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a listing that shows nothing is believed. Nothing is also what a listing shows that was cut
 * off, answered by another server or filtered on its way; a reader that believed it would call an
 * index empty. So it has to show something first of which it is known that it is there.
 */
public final class IndexListing {
  private IndexListing() {}

  /** True when there is an {@code index.json}; costs one read and believes no listing. */
  public static boolean isThere(ObjectStore store) {
    try {
      byte[] unused = store.retry().run(() -> store.read(IndexJson.NAME, IndexJson.MAX_BYTES));
      return true;
    } catch (MissingException e) {
      return false;
    }
  }

  /**
   * Throws unless the listing of the root shows {@code index.json}, which the caller has just read.
   */
  public static void require(ObjectStore store, Retry retry) {
    if (retry.run(() -> store.list("", null)).stream()
        .noneMatch(object -> object.name().equals(IndexJson.NAME))) {
      throw unbelievable(store, "it does not show index.json, which was read a moment ago");
    }
  }

  /**
   * The folders of the namespaces of an index whose {@code index.json} the caller has just read.
   */
  public static List<String> namespaces(ObjectStore store, Retry retry) {
    List<List<String>> folders = new ArrayList<>();
    List<Runnable> tasks =
        List.of(() -> folders.add(remains(store, retry)), () -> require(store, retry));
    if (store.isRemote()) {
      Together.run(tasks);
    } else {
      tasks.forEach(Runnable::run);
    }
    return folders.getFirst();
  }

  /** The folders of the namespaces where {@code index.json} may be gone. */
  public static List<String> remains(ObjectStore store, Retry retry) {
    List<String> folders = retry.run(() -> store.listFolders(NamespaceNames.ROOT));
    String known = new NamespaceNames("").manifestFolder();
    if (folders.isEmpty() && !retry.run(() -> store.list(known, null)).isEmpty()) {
      throw unbelievable(store, "it shows no folders, though there is " + known);
    }
    return folders;
  }

  private static StoreException unbelievable(ObjectStore store, String why) {
    return new StoreException(
        StoreException.Kind.TEMPORARY,
        "the listing of " + store.describe() + " cannot be believed: " + why,
        "try again; if this persists see what `slab doctor` says of this storage",
        null);
  }
}
