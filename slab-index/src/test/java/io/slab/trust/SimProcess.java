package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.compaction.CompactionRequest.Kind;
import io.slab.compaction.Compactor;
import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.gc.GarbageCollector;
import io.slab.gc.GcRequest;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.memtable.WriteOp;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.AsOf;
import io.slab.namespace.Moment;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.writer.BulkLoad;
import io.slab.writer.BulkResult;
import io.slab.writer.Checkpoints;
import io.slab.writer.Commit;
import io.slab.writer.FlushResult;
import io.slab.writer.ListRows;
import io.slab.writer.NamespaceWriter;
import io.slab.writer.Restore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * One process of the simulation: does one operation after the other with the production code, and
 * checks what each of them says. Its calls go through a store of its own.
 */
final class SimProcess {
  /** What a process may do. */
  enum Deed {
    APPEND,
    FLUSH,
    READ,
    HOLD,
    COMPACT,
    COLLECT,
    CHECKPOINT,
    RELEASE,
    READ_PAST,
    RESTORE,
    CONFIGURE,
    DROP,
    BULK
  }

  private final SimWorld world;
  private final Supplier<NamespaceHandle> open;
  private final Runnable pause;
  private final long minAge;
  private final Random random;
  private NamespaceHandle handle;
  private NamespaceWriter writer;
  private History.Intent intent = History.Intent.NONE;
  private long began;

  /** Whether a call of the operation under way was made to fail. */
  private boolean met;

  /**
   * @param open a handle of a process that was just started
   * @param pause lets others go on
   * @param minAge of gc, milliseconds: who takes no longer than that may rely on what he read
   */
  SimProcess(
      SimWorld world, Supplier<NamespaceHandle> open, Runnable pause, long minAge, Random random) {
    this.world = world;
    this.open = open;
    this.pause = pause;
    this.minAge = minAge;
    this.random = random;
  }

  History.Intent intent() {
    return intent;
  }

  History.Intent replaceIntent(History.Intent other) {
    History.Intent was = intent;
    intent = other;
    return was;
  }

  void met() {
    met = true;
  }

  /** Forgets everything, as a process that died. */
  void died() {
    handle = null;
    writer = null;
  }

  void end() {
    if (writer != null) {
      writer.close();
    }
    if (handle != null) {
      handle.close();
    }
  }

  /** One operation, with its checks; ends with what only a crash or a mistake throws. */
  void run(Deed deed) {
    began = world.now();
    met = false;
    intent = History.Intent.NONE;
    if (handle == null) {
      handle = open.get();
      writer = new NamespaceWriter(handle);
    }
    try {
      perform(deed);
    } catch (ConflictException | NotFoundException e) {
      assertTrue(deed != Deed.APPEND && deed != Deed.READ, () -> deed + ": " + e.getMessage());
    } catch (SlabException e) {
      if (!excused(e)) {
        throw e;
      }
    } finally {
      intent = History.Intent.NONE;
    }
  }

  /** A call failed on purpose, or gc passed a process that slept for longer than it waits. */
  private boolean excused(SlabException e) {
    if (e instanceof StoreException || e instanceof OutcomeUnknownException) {
      return met || slept();
    }
    return e instanceof DataException && slept();
  }

  private boolean slept() {
    return world.now() - began >= minAge;
  }

  private void perform(Deed deed) {
    switch (deed) {
      case APPEND -> append();
      case FLUSH -> flush();
      case READ -> read(0);
      case HOLD -> read(1 + random.nextInt(6));
      case COMPACT -> compact();
      case COLLECT -> GarbageCollector.of(handle).run(new GcRequest(minAge, 1, 1_000, false));
      case CHECKPOINT -> checkpoint();
      case RELEASE -> release();
      case READ_PAST -> readPast();
      case RESTORE -> restore();
      case CONFIGURE -> configure();
      case DROP -> drop();
      case BULK -> bulk();
    }
  }

  private void append() {
    List<WriteOp> batch = new ArrayList<>(Oracle.batch(random));
    intent = History.Intent.append(batch);
    History.Position before = world.history.seen();
    long replaced = world.history.seenReplaced();
    Commit commit;
    try {
      commit = writer.append(batch);
      assertEquals(batch.size(), commit.operations());
      world.history.acknowledged(batch, commit.walSeq(), before);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (SlabException e) {
      world.history.refused(batch);
      throw e;
    }
    if (random.nextInt(3) == 0) {
      try (Snapshot snapshot = writer.snapshot()) {
        world.history.held(snapshot, commit.walSeq(), replaced);
      }
    }
  }

  private void flush() {
    intent = History.Intent.fresh();
    FlushResult result = writer.flush();
    if (!result.slabs().isEmpty()) {
      world.history.done(result.manifest(), intent);
    }
  }

  private void read(int looks) {
    History.Position before = world.history.seen();
    try (Snapshot snapshot = random.nextInt(3) == 0 ? refreshed() : handle.snapshot()) {
      world.history.shown(snapshot, before);
      for (int i = 0; i < looks; i++) {
        pause.run();
        world.history.check(snapshot);
      }
    }
  }

  /** What the writer holds once it has read what others wrote, as a server answers from it. */
  private Snapshot refreshed() {
    writer.refresh();
    return writer.snapshot();
  }

  private void compact() {
    Kind kind = Kind.values()[random.nextInt(3) == 0 ? Kind.FULL.ordinal() : Kind.AUTO.ordinal()];
    CompactionRequest request =
        new CompactionRequest(kind, -1, List.of(), Long.MAX_VALUE, Long.MAX_VALUE);
    intent = History.Intent.fresh();
    if (!Compactor.of(handle).run(request, () -> false, r -> {}).isEmpty()) {
      world.history.done(intent);
    }
  }

  private void checkpoint() {
    String name = "c" + world.history.newestManifest() + "-" + random.nextInt(1_000_000);
    History.Position before = world.history.seen();
    long keep = random.nextBoolean() ? 0 : 1 + random.nextLong(2 * minAge + 3_600_000);
    intent = History.Intent.fresh();
    Checkpoint made = new Checkpoints(handle).create(name, keep);
    NamespaceManifest manifest = handle.manifests().read(made.manifest());
    assertTrue(
        manifest.walFlushedThrough() >= before.wal() && made.manifest() > before.manifest(),
        "a checkpoint without what was acknowledged before it");
    world.history.done(made.manifest(), intent);
    world.checkpoints.put(name, keep == 0 ? Long.MAX_VALUE : made.expiresMillis());
    world.history.told(made.manifest(), manifest.walFlushedThrough());
  }

  private String anyCheckpoint() {
    List<String> names = List.copyOf(new TreeSet<>(world.checkpoints.keySet()));
    return names.isEmpty() ? null : names.get(random.nextInt(names.size()));
  }

  private void release() {
    String name = anyCheckpoint();
    if (name != null) {
      // From now on no process may rely on it, also when the call fails.
      world.checkpoints.remove(name);
      intent = History.Intent.fresh();
      var unused = new Checkpoints(handle).delete(name);
      world.history.done(intent);
    }
  }

  private void readPast() {
    String name = anyCheckpoint();
    if (name == null || random.nextInt(3) == 0) {
      long some = 1 + random.nextLong(world.history.newestManifest());
      try (Snapshot snapshot = new PastStates(handle).snapshot(AsOf.manifest(some))) {
        world.history.check(snapshot);
      } catch (MissingException e) {
        // Nothing keeps it: gc may take it while it is read.
      }
      return;
    }
    try (Snapshot snapshot = new PastStates(handle).snapshot(AsOf.checkpoint(name))) {
      world.history.check(snapshot);
    } catch (NotFoundException e) {
      Long expires = world.checkpoints.get(name);
      assertTrue(
          expires == null || expires <= world.now(), () -> name + " is gone: " + e.getMessage());
    }
  }

  private void restore() {
    String name = anyCheckpoint();
    long last = world.history.newestManifest();
    AsOf asOf =
        name == null || random.nextInt(3) == 0
            ? AsOf.manifest(Math.max(1, last - random.nextInt(5)))
            : AsOf.checkpoint(name);
    Moment moment = new PastStates(handle).find(asOf);
    intent = History.Intent.restore(moment);
    Restore.Result result = new Restore(handle).run(moment);
    world.history.done(result.manifest(), intent);
    world.history.told(result.manifest(), 0);
    world.history.replaced(result.manifest());
  }

  private void configure() {
    new NamespaceAdmin(handle).configure(Map.of("level0Slabs", 2L + random.nextInt(4)));
  }

  private void drop() {
    intent = History.Intent.fresh();
    new NamespaceAdmin(handle).drop();
    world.history.done(intent);
  }

  private void bulk() {
    List<VectorRecord> rows = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(9); i++) {
      Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(i)));
      rows.add(new VectorRecord("a" + i, new float[] {i, 1}, null, fields));
    }
    intent = History.Intent.bulk(rows);
    try {
      BulkResult result = new BulkLoad(handle).run(new ListRows(rows), () -> false);
      if (result != null) {
        world.history.done(result.manifest(), intent);
        world.history.replaced(result.manifest());
      }
    } catch (InvalidInputException e) {
      throw new AssertionError(e);
    }
  }
}
