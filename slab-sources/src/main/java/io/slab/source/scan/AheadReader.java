package io.slab.source.scan;

import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;

/**
 * Reads ahead on a thread of its own. What is held ahead is bounded: a few batches of some hundred
 * records, or of some megabytes.
 */
final class AheadReader implements RecordReader {
  private static final int BATCH = 256;
  private static final long BATCH_BYTES = 2 << 20;
  private static final int BATCHES = 3;

  /** A record with everything that is asked about it. */
  private record Item(
      VectorRecord record,
      SourceProblem problem,
      String namespace,
      List<Note> notes,
      String position,
      long ordinal,
      long bytes,
      byte[] raw) {}

  /** Items, or why there are no more; neither at the end. */
  private record Batch(List<Item> items, Throwable failure) {}

  private final RecordReader inner;
  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(BATCHES);
  private final Thread thread;
  private Batch batch = new Batch(List.of(), null);
  private int at = -1;
  private boolean started;
  private boolean ended;
  private long floor;
  private long bytes;

  private AheadReader(RecordReader inner) {
    this.inner = inner;
    thread = Thread.ofPlatform().daemon().name("slab-source-ahead").unstarted(this::work);
  }

  /** The reader itself when there is to be one thread only. */
  static RecordReader of(RecordReader inner, ReadOptions options) {
    return options.threads() == 1 ? inner : new AheadReader(inner);
  }

  private void work() {
    try {
      try {
        List<Item> items;
        do {
          items = read();
          queue.put(new Batch(items, null));
        } while (!items.isEmpty());
      } catch (RuntimeException | Error e) {
        queue.put(new Batch(List.of(), e));
      }
    } catch (InterruptedException e) {
      // Closed: no reader waits for more.
    }
  }

  private List<Item> read() throws InterruptedException {
    List<Item> items = new ArrayList<>(BATCH);
    long size = 0;
    while (items.size() < BATCH && size < BATCH_BYTES && inner.next()) {
      VectorRecord record = inner.record();
      items.add(
          new Item(
              record,
              inner.problem(),
              inner.namespace(),
              inner.notes(),
              inner.position(),
              inner.ordinal(),
              inner.bytesRead(),
              record == null ? inner.raw() : null));
      size += record == null || record.values() == null ? 64 : 4L * record.values().length;
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return items;
  }

  @Override
  public boolean next() {
    if (!started) {
      started = true;
      inner.skipTo(floor);
      thread.start();
    }
    do {
      at++;
      while (at >= batch.items().size()) {
        if (ended) {
          return false;
        }
        take();
      }
    } while (ordinal() < floor);
    bytes = item().bytes();
    return true;
  }

  private void take() {
    try {
      batch = queue.take();
      at = 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for input");
    }
    ended = batch.items().isEmpty();
    switch (batch.failure()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(batch.failure());
    }
  }

  private Item item() {
    return batch.items().get(at);
  }

  @Override
  public VectorRecord record() {
    return item().record();
  }

  @Override
  public SourceProblem problem() {
    return item().problem();
  }

  @Override
  public String namespace() {
    return item().namespace();
  }

  @Override
  public List<Note> notes() {
    return item().notes();
  }

  @Override
  public String position() {
    return item().position();
  }

  @Override
  public long ordinal() {
    return item().ordinal();
  }

  @Override
  public void skipTo(long ordinal) {
    floor = Math.max(floor, ordinal);
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  public byte[] raw() {
    byte[] raw = item().raw();
    VectorRecord record = item().record();
    return raw != null ? raw : Json.bytes(out -> RecordJson.write(out, record));
  }

  @Override
  public void close() {
    ended = true;
    thread.interrupt();
    try {
      if (started) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    inner.close();
  }
}
