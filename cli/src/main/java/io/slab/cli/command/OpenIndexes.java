package io.slab.cli.command;

import io.slab.cli.verb.StorageOptions;
import io.slab.embed.Embedder;
import io.slab.index.SlabIndex;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.VectorRecord;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.vector.Workload;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Indexes and engines that stay open from one command of the interactive shell to the next. The
 * verbs do not know: what they open and close is a loan. Thread-safe.
 */
public final class OpenIndexes implements AutoCloseable {
  private static final ScopedValue<OpenIndexes> CURRENT = ScopedValue.newInstance();

  /** False until a shell exists: a short command need not load what a scoped value is made of. */
  private static volatile boolean used;

  private static final int WARM_QUERIES = 2000;
  private static final long WARM_NANOS = 4_000_000_000L;

  /** What an engine depends on. */
  private record Key(IndexSpec spec, int threads, Workload workload) {}

  private final Map<String, SlabIndex> indexes = new HashMap<>();
  private final Map<Key, QueryEngine> engines = new HashMap<>();

  /** The embedder of the last question, and what it was opened by. */
  private Embedder embedder;

  private Object embedderKey;
  private volatile boolean warm;
  private volatile boolean closed;

  public OpenIndexes() {
    used = true;
  }

  /** What the command of this thread shares, or null when it is on its own. */
  static OpenIndexes current() {
    return used && CURRENT.isBound() ? CURRENT.get() : null;
  }

  /** Runs a command that shares what is open here. */
  public void share(Runnable command) {
    ScopedValue.where(CURRENT, this).run(command);
  }

  synchronized SlabIndex loan(String target, Supplier<SlabIndex> opener) {
    SlabIndex index = indexes.get(target);
    if (index == null) {
      index = opener.get();
      indexes.put(target, index);
    }
    return index.loan();
  }

  /** Throws when another index is at a target than the one that is open of it here. */
  synchronized void requireSame(String target) {
    SlabIndex index = indexes.get(target);
    if (index != null) {
      index.requireSame();
    }
  }

  /** Closes what is open of a target, where a command has just made another index. */
  synchronized void forget(String target) {
    SlabIndex index = indexes.remove(target);
    if (index != null) {
      index.close();
    }
  }

  /** An engine with the kernels that are quickest now. */
  synchronized QueryEngine engine(IndexSpec spec, int threads) {
    Workload workload = warm ? Workload.LONG_RUNNING : Workload.ONE_SHOT;
    return engines.computeIfAbsent(
        new Key(spec, threads, workload), key -> new QueryEngine(spec, threads, workload));
  }

  /**
   * The embedder of the commands before where they used the same; to close it is left to this.
   *
   * @param key what it depends on
   */
  synchronized Embedder embedder(Object key, Supplier<Embedder> opener) {
    if (!key.equals(embedderKey)) {
      closeEmbedder();
      embedder = opener.get();
      embedderKey = key;
    }
    return new LentEmbedder(embedder);
  }

  private void closeEmbedder() {
    if (embedder != null) {
      embedder.close();
    }
    embedderKey = null;
  }

  /**
   * What a prompt says about an index.
   *
   * @param manifest number of the newest manifest, 0 when there is none
   * @param unflushed whether some records are in no slab yet
   */
  public record Glance(
      int dimension, String metric, long records, long manifest, boolean unflushed) {}

  /** Looks at an index; throws what a command would that cannot open it. */
  public Glance glance(String target, String namespace) {
    Glance[] found = new Glance[1];
    share(() -> {
      try (SlabIndex index = Target.open(target, new StorageOptions());
          Snapshot snapshot = index.snapshot(name(namespace))) {
        found[0] =
            new Glance(
                index.spec().dimension(),
                index.spec().metric().label(),
                snapshot.count(),
                snapshot.manifest() == null ? 0 : snapshot.manifest().id(),
                !snapshot.memtable().isEmpty());
      }
    });
    return found[0];
  }

  private static String name(String namespace) {
    return namespace == null ? Limits.DEFAULT_NAMESPACE : namespace;
  }

  /** Words of the index for completion, read from what is open here. */
  public void words(String target, String namespace, Consumer<LiveWords> use) {
    share(() -> use.accept(new LiveWords(target, name(namespace))));
  }

  /** Closes everything; the next command opens it anew. Only between commands. */
  public synchronized void refresh() {
    indexes.values().forEach(SlabIndex::close);
    indexes.clear();
  }

  /**
   * Asks an index questions until the optimising compiler has seen the vector kernels; from then on
   * queries use these. Meant for a thread of low priority; gives up quietly, since the scalar
   * kernels give the same answers.
   */
  public void warm(String target, String namespace) {
    long end = System.nanoTime() + WARM_NANOS;
    share(() -> {
      try (SlabIndex index = Target.open(target, new StorageOptions());
          Snapshot snapshot = index.snapshot(name(namespace));
          QueryEngine engine = new QueryEngine(index.spec(), 1, Workload.LONG_RUNNING)) {
        for (int i = 0; i < WARM_QUERIES && System.nanoTime() < end && !closed; i++) {
          VectorRecord record = record(snapshot, i);
          if (record == null) {
            return;
          }
          engine.query(
              SnapshotSource.of(snapshot),
              new QueryRequest(
                  record.values(),
                  record.sparse(),
                  null,
                  10,
                  false,
                  false,
                  QueryRequest.DEFAULT_RECALL));
        }
        warm = !closed;
      } catch (RuntimeException e) {
        // A target that cannot be opened, or is gone: the command that needs it will say so.
        warm = false;
      }
    });
  }

  private static VectorRecord record(Snapshot snapshot, int number) {
    if (snapshot.slabs().isEmpty()) {
      return null;
    }
    LiveSlab slab = snapshot.slabs().get(number % snapshot.slabs().size());
    return snapshot.shown(slab.view().record((int) (number * 7919L % slab.view().rows())));
  }

  /** True when queries use the vector kernels. */
  public boolean isWarm() {
    return warm;
  }

  @Override
  public synchronized void close() {
    closed = true;
    engines.values().forEach(QueryEngine::close);
    closeEmbedder();
    refresh();
  }
}
