package io.slab.testkit;

import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;

import io.slab.error.StoreException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A decorator that fails, delays and counts. A fault after the operation is the ambiguous one: it
 * took effect and the caller does not know.
 */
public final class FaultyStore implements ObjectStore {
  /** What is asked of the store. */
  public enum Operation {
    LIST,
    READ,
    OPEN,
    CREATE,
    COMMIT,
    DELETE
  }

  /** What happens to one call. */
  public enum Fault {
    NONE,
    /** Fails without effect. */
    BEFORE,
    /** Takes effect and fails all the same. */
    AFTER,
    /** The process dies without effect, and so does every later call. */
    CRASH_BEFORE,
    /** The process dies after the effect, and so does every later call. */
    CRASH_AFTER
  }

  /** Decides about each call; {@code call} counts from 0. May sleep to delay it. */
  @FunctionalInterface
  public interface Plan {
    Fault decide(long call, Operation operation, String name);
  }

  /** The simulated process is gone: nothing may catch this. */
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crashed", null, false, false);
    }
  }

  private final ObjectStore inner;
  private final Plan plan;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong bytesWritten = new AtomicLong();
  private volatile boolean dead;

  public FaultyStore(ObjectStore inner, Plan plan) {
    this.inner = inner;
    this.plan = plan;
  }

  /** Calls so far, failed ones included. */
  public long calls() {
    return calls.get();
  }

  public long bytesRead() {
    return bytesRead.get();
  }

  public long bytesWritten() {
    return bytesWritten.get();
  }

  private interface Action<T> {
    T run();
  }

  private <T> T call(Operation operation, String name, Action<T> action) {
    if (dead) {
      throw new Crash();
    }
    Fault fault = plan.decide(calls.getAndIncrement(), operation, name);
    if (fault == Fault.BEFORE) {
      throw failed(operation, name);
    }
    if (fault == Fault.CRASH_BEFORE) {
      dead = true;
      throw new Crash();
    }
    T result = action.run();
    if (fault == Fault.AFTER) {
      throw failed(operation, name);
    }
    if (fault == Fault.CRASH_AFTER) {
      dead = true;
      throw new Crash();
    }
    return result;
  }

  private static StoreException failed(Operation operation, String name) {
    return new StoreException(
        StoreException.Kind.TEMPORARY, "injected: " + operation + " " + name, null, null);
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public List<ObjectInfo> list(String folder, String startAfter) {
    return call(Operation.LIST, folder, () -> inner.list(folder, startAfter));
  }

  @Override
  public List<String> listFolders(String folder) {
    return call(Operation.LIST, folder, () -> inner.listFolders(folder));
  }

  @Override
  public byte[] read(String name, long limit) {
    byte[] bytes = call(Operation.READ, name, () -> inner.read(name, limit));
    bytesRead.addAndGet(bytes.length);
    return bytes;
  }

  @Override
  public ByteSource open(String name) {
    return call(Operation.OPEN, name, () -> inner.open(name));
  }

  @Override
  public boolean create(String name, byte[] content) {
    bytesWritten.addAndGet(content.length);
    return call(Operation.CREATE, name, () -> inner.create(name, content));
  }

  @Override
  public ObjectUpload upload(String name) {
    if (dead) {
      throw new Crash();
    }
    ObjectUpload upload = inner.upload(name);
    return new ObjectUpload() {
      @Override
      public void write(MemorySegment bytes) {
        bytesWritten.addAndGet(bytes.byteSize());
        upload.write(bytes);
      }

      @Override
      public long position() {
        return upload.position();
      }

      @Override
      public void commit() {
        call(
            Operation.COMMIT,
            name,
            () -> {
              upload.commit();
              return null;
            });
      }

      @Override
      public void close() {
        upload.close();
      }
    };
  }

  @Override
  public void delete(String name) {
    call(
        Operation.DELETE,
        name,
        () -> {
          inner.delete(name);
          return null;
        });
  }

  @Override
  public boolean createsMayLandLate() {
    return inner.createsMayLandLate();
  }
}
