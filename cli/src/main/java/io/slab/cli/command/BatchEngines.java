package io.slab.cli.command;

import io.slab.error.CancellationToken;
import io.slab.format.SlabManifest;
import io.slab.index.SlabIndex;
import io.slab.query.SnapshotSource;
import io.slab.search.QueryEngine;
import io.slab.search.QueryRequest;
import io.slab.search.QueryResult;
import io.slab.search.SearchSource;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.vector.Kernels;
import io.slab.vector.Workload;
import java.time.Duration;
import java.util.List;

/**
 * The engine for the next queries of a batch. Plain loops answer from the first query on; vector
 * instructions are several times quicker, but not before the optimising compiler has seen them for
 * a second or two. So the first queries of a batch are answered by plain loops. When they have
 * taken as long as that compiler is going to take, many more may follow: a thread beside asks the
 * same queries with vector instructions, until these are ahead. Both give the same answers. Scans
 * of whole slabs, whose loops are long enough to be compiled within the first query, take vector
 * instructions at once, and so do slabs behind a network. One thread only.
 */
final class BatchEngines implements AutoCloseable {
  /** Queries over which the time of vector instructions is taken. */
  private static final int SAMPLE = 32;

  /**
   * Nanoseconds of processor time that plain loops get before vector instructions are prepared,
   * which takes about as much: so no batch takes more than twice what the better choice would have
   * taken.
   */
  private static final long PATIENCE_NANOS = 4_000_000_000L;

  private final SlabIndex index;
  private final int threads;
  private final long patience;
  private final QueryEngine quick;

  /** With vector instructions; made when they are wanted. */
  private QueryEngine warm;

  private final boolean hasBoth;
  private Thread warming;
  private volatile boolean isWarm;
  private volatile boolean closed;

  /** Processor time of this process when the batch began. */
  private final long begun = processorNanos();

  /** Nanoseconds of one thread that a query took with plain loops; 0 while that is unknown. */
  private volatile double plainNanos;

  BatchEngines(SlabIndex index, int threads) {
    this(index, threads, PATIENCE_NANOS);
  }

  /**
   * @param patience nanoseconds of processor time before vector instructions are prepared
   */
  BatchEngines(SlabIndex index, int threads, long patience) {
    this.index = index;
    this.threads = threads;
    this.patience = patience;
    this.quick = new QueryEngine(index.spec(), threads, Workload.ONE_SHOT);
    this.hasBoth = Kernels.vectorAvailable();
  }

  private QueryEngine warm() {
    if (warm == null) {
      warm = new QueryEngine(index.spec(), threads, Workload.LONG_RUNNING);
    }
    return warm;
  }

  /** True when blocks of queries should be short, since the engine may change after each. */
  boolean mayChange() {
    return hasBoth && !isWarm;
  }

  /**
   * Answers with the engine that is quicker now.
   *
   * @param namespace of the snapshot
   */
  List<QueryResult> answer(
      Snapshot snapshot,
      String namespace,
      List<QueryRequest> requests,
      CancellationToken cancellation) {
    SearchSource source = SnapshotSource.of(snapshot);
    if (hasBoth && (isWarm || isForVectors(snapshot, requests))) {
      return warm().batch(source, requests, cancellation);
    }
    if (!hasBoth) {
      return quick.batch(source, requests, cancellation);
    }
    if (warming == null && processorNanos() - begun >= patience) {
      List<QueryRequest> sample = List.copyOf(requests);
      warming = Thread.ofPlatform().daemon().name("slab-warm").start(() -> warm(namespace, sample));
    }
    long start = System.nanoTime();
    List<QueryResult> results = quick.batch(source, requests, cancellation);
    plainNanos = (double) (System.nanoTime() - start) * threads / requests.size();
    return results;
  }

  /** Where the system does not say, the time that went by: other programs count then too. */
  private static long processorNanos() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(Duration::toNanos)
        .orElseGet(System::nanoTime);
  }

  /** True when most rows are scanned rather than searched, or when to ask twice costs requests. */
  private static boolean isForVectors(Snapshot snapshot, List<QueryRequest> requests) {
    QueryRequest first = requests.getFirst();
    if (first.recall() >= 1 || first.vector() == null) {
      return true;
    }
    long scanned = snapshot.memtable().size();
    long searched = 0;
    for (LiveSlab slab : snapshot.slabs()) {
      if (slab.view().isRemote()) {
        return true;
      }
      if (slab.entry().algorithm().equals(SlabManifest.EXACT)) {
        scanned += slab.view().rows();
      } else {
        searched += slab.view().rows();
      }
    }
    return searched <= scanned;
  }

  private void warm(String namespace, List<QueryRequest> sample) {
    try (Snapshot snapshot = index.snapshot(namespace);
        QueryEngine engine = new QueryEngine(index.spec(), 1, Workload.LONG_RUNNING)) {
      SearchSource source = SnapshotSource.of(snapshot);
      long start = System.nanoTime();
      for (int i = 1; !closed; i++) {
        engine.query(source, sample.get(i % sample.size()));
        if (i % SAMPLE == 0) {
          long now = System.nanoTime();
          if ((double) (now - start) / SAMPLE < plainNanos) {
            isWarm = true;
            return;
          }
          start = now;
        }
      }
    } catch (RuntimeException | Error e) {
      // Plain loops go on answering, as quickly as before; what stands in their way too, they say.
      isWarm = false;
    }
  }

  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (warming != null && warming.isAlive()) {
      try {
        // It reads mapped slabs: they must not go before it does, even after an interrupt.
        warming.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    quick.close();
    if (warm != null) {
      warm.close();
    }
  }
}
