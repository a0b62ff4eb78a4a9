package io.slab.writer;

import io.slab.model.Ulid;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.NamespaceState;
import io.slab.wal.WalObject;
import io.slab.wal.WalWriter;
import java.util.List;

/**
 * Objects without records in a log: a bulk load begins with one (spec/index.md, "Bulk load"), and
 * an erasure ends the log with one ("Erasure"). One thread only.
 */
public final class Reservations {
  private final NamespaceHandle namespace;
  private final Ulid writerId;

  public Reservations(NamespaceHandle namespace) {
    this.namespace = namespace;
    this.writerId = namespace.environment().newId();
  }

  /** The newest state of the namespace, which is created where there is none. Give it back. */
  public NamespaceState open() {
    NamespaceState state = namespace.load();
    try {
      // After loading, as any writer does: a drop that comes later is met in our slot.
      namespace.requireIndex();
    } catch (RuntimeException | Error e) {
      if (state != null) {
        namespace.release(state);
      }
      throw e;
    }
    while (state == null) {
      new NamespaceAdmin(namespace).create();
      state = namespace.load();
    }
    return state;
  }

  /** True when there is no live record. */
  static boolean empty(NamespaceState state) {
    state.resolve();
    return state.memtable().rows().isEmpty()
        && state.slabs().stream()
            .allMatch(slab -> slab.dead().getLongCardinality() == slab.entry().rows());
  }

  /**
   * Commits a reservation right after a state, which then ends with it.
   *
   * @return false when another writer was first
   */
  public boolean reserve(NamespaceState state) {
    Ulid attempt = namespace.environment().newId();
    WalObject object =
        new WalObject(state.applied() + 1, writerId, attempt, state.lastCommit(), List.of());
    if (!namespace.wal().commit(object, WalWriter.encode(object))) {
      return false;
    }
    state.apply(namespace.wal().name(object.sequence()), object);
    return true;
  }
}
