package io.slab.s3;

import io.slab.error.ConflictException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.store.ObjectUpload;
import java.io.ByteArrayInputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A large object on its way to S3. What fits one part is one conditional PUT; more goes by parts
 * that are sent while the next ones are written. Memory: one part that fills and at most {@link
 * #IN_FLIGHT} bytes on the way. One thread only.
 */
final class S3Upload implements ObjectUpload {
  private static final int FIRST_BUFFER = 1 << 20;

  /** Bytes on the way at once, at least one part. */
  private static final int IN_FLIGHT = 64 << 20;

  private static final int UNIT = 1 << 20;

  private final String name;
  private final MultipartUpload upload;
  private final SimplePut put;
  private final Semaphore units = new Semaphore(IN_FLIGHT / UNIT);
  private final List<Future<?>> sent = new ArrayList<>();
  private final List<CompletedPart> parts = new ArrayList<>();
  private ExecutorService threads;
  private byte[] buffer = new byte[FIRST_BUFFER];
  private int filled;
  private long position;
  private boolean finished;

  /** Creates the object at once; false when the name is taken. */
  interface SimplePut {
    boolean create(String name, byte[] content);
  }

  S3Upload(String name, MultipartUpload upload, SimplePut put) {
    this.name = name;
    this.upload = upload;
    this.put = put;
  }

  @Override
  public void write(MemorySegment bytes) {
    requireOpen();
    long size = bytes.byteSize();
    for (long at = 0; at < size; ) {
      int room = room();
      if (room == 0) {
        send();
        continue;
      }
      int count = (int) Math.min(room, size - at);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, buffer, filled, count);
      filled += count;
      at += count;
      position += count;
    }
  }

  /** Free bytes of the buffer, which grows up to the size of a part. */
  private int room() {
    int part = PartSizes.of(parts.size() + 1);
    if (filled == buffer.length && buffer.length < part) {
      buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, part));
    }
    return buffer.length - filled;
  }

  private void send() {
    if (parts.size() == PartSizes.MOST_PARTS - 1) {
      throw StoreException.refused(
          StoreException.Kind.FAILED,
          name + " is too large for S3: more than " + PartSizes.most() + " bytes",
          "compact to smaller slabs (a lower --level)",
          null);
    }
    if (threads == null) {
      upload.begin();
      threads = Executors.newVirtualThreadPerTaskExecutor();
    }
    failEarly();
    byte[] content = buffer;
    int length = filled;
    int number = parts.size() + 1;
    int weight = Math.min(IN_FLIGHT, Math.max(UNIT, length)) / UNIT;
    units.acquireUninterruptibly(weight);
    parts.add(null);
    sent.add(
        threads.submit(() -> {
          try {
            CompletedPart part = upload.part(number, content, length);
            synchronized (parts) {
              parts.set(number - 1, part);
            }
          } finally {
            units.release(weight);
          }
          return null;
        }));
    buffer = new byte[PartSizes.of(number + 1)];
    filled = 0;
  }

  /** Reports a part that failed without waiting for the end. */
  private void failEarly() {
    while (!sent.isEmpty() && sent.getFirst().isDone()) {
      S3Pieces.await(List.of(sent.removeFirst()));
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void commit() {
    requireOpen();
    boolean created;
    try {
      if (threads == null) {
        finished = true;
        created = put.create(name, Arrays.copyOf(buffer, filled));
      } else {
        if (filled > 0) {
          send();
        }
        S3Pieces.await(sent);
        created = upload.complete(parts);
        finished = true;
        threads.close();
      }
    } finally {
      buffer = new byte[0];
      filled = 0;
    }
    if (!created) {
      throw new ConflictException("the object " + name + " exists already");
    }
  }

  private void requireOpen() {
    if (finished) {
      throw new IllegalStateException("the upload of " + name + " is finished");
    }
  }

  @Override
  public void close() {
    if (finished || threads == null) {
      finished = true;
      return;
    }
    finished = true;
    sent.forEach(task -> task.cancel(true));
    threads.close();
    try {
      upload.abort();
    } catch (SlabException e) {
      // Its parts lie there until gc, which sweeps what was begun and never completed.
    }
  }

  /** A stream of the first bytes of an array, without a copy. */
  static ByteArrayInputStream stream(byte[] content, int length) {
    return new ByteArrayInputStream(content, 0, length);
  }
}
