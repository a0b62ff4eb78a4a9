package io.slab.index;

import io.slab.error.MissingException;
import io.slab.manifest.IndexListing;
import io.slab.manifest.NamespaceNames;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Utf8;
import io.slab.namespace.IndexPresence;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.SlabFiles;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.store.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The namespaces of one opened index: one handle for each, shared by all that read and write it,
 * and the lists of their names. Thread-safe.
 */
final class Handles implements AutoCloseable {
  private final ObjectStore store;
  private final IndexSpec spec;
  private final Environment environment;
  private final SlabFiles files;
  private final Retry retry;
  private final OpenedIndex index;
  private final Map<String, NamespaceHandle> handles = new ConcurrentHashMap<>();

  Handles(
      ObjectStore store,
      IndexSpec spec,
      Environment environment,
      SlabFiles files,
      Retry retry,
      OpenedIndex index) {
    this.store = store;
    this.spec = spec;
    this.environment = environment;
    this.files = files;
    this.retry = retry;
    this.index = index;
  }

  /** The shared handle; the empty name means the default namespace. */
  NamespaceHandle get(String namespace) {
    String name = new NamespaceNames(namespace).namespace();
    return handles.computeIfAbsent(name, n -> open(n, index));
  }

  /** A handle of the caller's own, which asks another way whether the index is there. */
  NamespaceHandle open(String namespace, IndexPresence presence) {
    return new NamespaceHandle(store, namespace, spec, environment, files, retry, presence);
  }

  /** Names of the namespaces that exist, by their encoded names. */
  List<String> existing() {
    return existing(all());
  }

  /**
   * The first namespaces that exist, without looking at all of them.
   *
   * @param wanted which names count
   * @param most no more than so many
   * @return in byte order
   */
  List<String> existing(Predicate<String> wanted, int most) {
    List<String> names = all().stream().filter(wanted).sorted(Utf8.ORDER).toList();
    List<String> found = new ArrayList<>();
    for (int from = 0; from < names.size() && found.size() < most; ) {
      int to = (int) Math.min(names.size(), (long) from + most - found.size());
      found.addAll(existing(names.subList(from, to)));
      from = to;
    }
    if (names.isEmpty()) {
      index.require();
    }
    return found;
  }

  private List<String> existing(List<String> names) {
    boolean[] exist = new boolean[names.size()];
    List<Runnable> tasks = new ArrayList<>();
    for (int i = 0; i < exist.length; i++) {
      int number = i;
      tasks.add(() -> exist[number] = get(names.get(number)).existsByListing());
    }
    try {
      if (store.isRemote()) {
        Together.run(tasks);
      } else {
        tasks.forEach(Runnable::run);
      }
    } catch (MissingException e) {
      // A namespace that was read before is gone: perhaps because the whole index is.
      index.require();
      throw e;
    }
    index.require();
    return IntStream.range(0, exist.length).filter(i -> exist[i]).mapToObj(names::get).toList();
  }

  /**
   * Names of all namespaces that have objects, dropped ones included; those too that were read
   * before and have none any more, so that a caller that looks into them meets the loss: the last
   * manifest of a namespace is never removed from a living index.
   */
  List<String> all() {
    Set<String> folders = new TreeSet<>(folders());
    handles.values().stream()
        .filter(NamespaceHandle::wasRead)
        .map(NamespaceHandle::folder)
        .forEach(folders::add);
    return folders.stream().map(NamespaceNames::decode).filter(Objects::nonNull).toList();
  }

  /** Folders of this index; a listing that shows none is believed when it shows the index. */
  private List<String> folders() {
    if (!store.isRemote()) {
      List<String> folders = IndexListing.remains(store, retry);
      index.requireListed();
      return folders;
    }
    List<List<String>> found = new ArrayList<>();
    Together.run(
        List.of(
            index::require,
            () -> found.add(IndexListing.remains(store, retry)),
            () -> IndexListing.require(store, retry)));
    return found.getFirst();
  }

  /** Closes the slabs of all; handles are made anew when they are asked for. */
  @Override
  public void close() {
    handles.values().forEach(NamespaceHandle::close);
    handles.clear();
  }
}
