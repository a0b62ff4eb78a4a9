package io.slab.cli.command;

import io.slab.cli.verb.Session;
import io.slab.cli.verb.StorageOptions;
import io.slab.error.SlabException;
import io.slab.index.SlabIndex;
import io.slab.migrate.Migration;
import io.slab.model.IndexSpec;
import io.slab.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The index of a migration: one that is there, or one that is made when there is something to write
 * into it. One thread only.
 */
final class LateIndex implements AutoCloseable {
  private final Session session;
  private final String target;
  private final StorageOptions storage;
  private final IndexSpec planned;
  private SlabIndex index;
  private boolean made;

  private LateIndex(
      Session session, String target, StorageOptions storage, IndexSpec planned, SlabIndex index) {
    this.session = session;
    this.target = target;
    this.storage = storage;
    this.planned = planned;
    this.index = index;
  }

  static LateIndex there(String target, StorageOptions storage) {
    SlabIndex index = Target.open(target, storage);
    return new LateIndex(null, target, storage, index.spec(), index);
  }

  /**
   * One that is to be made.
   *
   * @throws io.slab.error.StoreException when nothing can be written there: that would come out
   *     after hours of reading else
   */
  static LateIndex planned(Session session, String target, StorageOptions storage, IndexSpec spec) {
    boolean local = !StorageOptions.isRemote(target);
    boolean folder = local && Files.exists(Path.of(target));
    try (ObjectStore store = storage.store(target)) {
      String trial = "migration-trial-" + UUID.randomUUID();
      store.create(trial, new byte[0]);
      try {
        store.delete(trial);
      } catch (SlabException e) {
        // Who may write and not delete may migrate all the same; an empty object stays.
        session.say("left behind, since it could not be deleted: " + trial + " in " + target);
      }
    } finally {
      if (local && !folder) {
        Path.of(target).toFile().delete();
      }
    }
    return new LateIndex(session, target, storage, spec, null);
  }

  IndexSpec spec() {
    return index == null ? planned : index.spec();
  }

  void run(Migration migration) {
    String place = index == null ? describe() : index.store().describe();
    migration.run(place, index, this::index);
  }

  /** Names the place as the store of an index that is there does. */
  private String describe() {
    try (ObjectStore store = storage.store(target)) {
      return store.describe();
    }
  }

  /** The index, made now where it was not there. */
  SlabIndex index() {
    if (index == null) {
      index = Target.create(target, storage, planned, false);
      made = true;
      session.say("created the index " + planned.name() + " at " + target);
    }
    return index;
  }

  /** True when it was made by this run. */
  boolean made() {
    return made;
  }

  @Override
  public void close() {
    if (index != null) {
      index.close();
    }
  }
}
