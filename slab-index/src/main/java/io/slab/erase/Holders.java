package io.slab.erase;

import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.format.SlabTombstones;
import io.slab.format.SlabView;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.DecodedBatch;
import io.slab.namespace.NamespaceHandle;
import io.slab.store.ObjectInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Finds out which objects of a namespace hold something of the erased records. What cannot be read
 * counts as if it did. One thread only.
 */
final class Holders {
  private final NamespaceHandle namespace;
  private final Traces traces;

  /** Of slabs that no manifest in force names, which never change. */
  private final Map<String, Boolean> unnamed = new HashMap<>();

  Holders(NamespaceHandle namespace, Traces traces) {
    this.namespace = namespace;
    this.traces = traces;
  }

  /** A slab of the newest manifest with dead rows of erased records. */
  boolean rows(NamespaceManifest manifest, SlabEntry entry) {
    return entry.deletes().cardinality() > 0
        && ask(entry, view -> traces.inRows(view, namespace.dead(manifest, entry)));
  }

  /** A slab of the newest manifest with rows of erased records, dead or alive. */
  boolean anyRow(SlabEntry entry) {
    return ask(entry, view -> traces.inRows(view, null));
  }

  /** A slab of the newest manifest that carries deletes of erased ids. */
  boolean tombstones(SlabEntry entry) {
    return entry.tombstones() > 0 && ask(entry, traces::inTombstones);
  }

  /**
   * A slab that carries such deletes, and would carry fewer of them if it was rewritten.
   *
   * @param then what it would carry
   */
  boolean endsTombstones(SlabEntry entry, Supplier<SlabTombstones> then) {
    return tombstones(entry) && ask(entry, view -> traces.end(view.tombstones(), then.get()));
  }

  private boolean ask(SlabEntry entry, Predicate<SlabView> question) {
    SlabView view = namespace.pool().acquire(entry);
    try {
      return question.test(view);
    } finally {
      namespace.pool().release(entry.id());
    }
  }

  /** A slab that the newest manifest does not name; false when it is gone. */
  boolean unnamed(ObjectInfo slab) {
    return unnamed.computeIfAbsent(slab.name(), name -> look(slab));
  }

  private boolean look(ObjectInfo slab) {
    try (SlabView view =
        namespace
            .files()
            .openUnnamed(
                namespace.store().openUnmapped(slab.name(), slab.size()), namespace.spec())) {
      return traces.inRows(view, null) || traces.inTombstones(view);
    } catch (MissingException e) {
      return false;
    } catch (DataException e) {
      return true;
    }
  }

  /** A slab with rows, alive or dead, or deletes of the records. */
  boolean any(SlabEntry entry) {
    return ask(entry, view -> traces.inRows(view, null) || traces.inTombstones(view));
  }

  /** An object of the log. */
  boolean log(ObjectInfo object) {
    return log(namespace.wal().number(object));
  }

  /** The object of the log of a number. */
  boolean log(long number) {
    String name = namespace.wal().name(number);
    try {
      return traces.in(DecodedBatch.of(name, namespace.wal().read(number), namespace.spec()));
    } catch (MissingException e) {
      return false;
    } catch (DataException e) {
      return true;
    }
  }
}
