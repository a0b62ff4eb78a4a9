package io.slab.trust;

import io.slab.error.StoreException;
import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.store.Retry;
import io.slab.testkit.HeapObject;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The store as one simulated process sees it: every call waits at a gate, which says what becomes
 * of it, and what took effect is reported. After a crash every call ends the process.
 */
final class SimStore implements ObjectStore {
  /** Decides about each call; it may let other processes go on first. */
  interface Gate {
    CallOutcome pass(Call call, String name);

    /** A create or a delete took effect, or did nothing since the name was taken or free. */
    void done(Call call, String name, boolean effective);

    /** The create of a process that was told that it failed takes effect some time. */
    void later(Runnable create);

    long now();
  }

  /**
   * What a store is able to.
   *
   * @param late whether a create may take effect after it failed
   * @param torn whether it may hold objects that were cut short
   * @param heap whether objects are opened on the heap, which is quicker
   */
  record Traits(boolean late, boolean torn, boolean heap, Retry retry) {}

  private final ObjectStore inner;
  private final Gate gate;
  private final Traits traits;
  private boolean dead;

  SimStore(ObjectStore inner, Gate gate, Traits traits) {
    this.inner = inner;
    this.gate = gate;
    this.traits = traits;
  }

  private <T> T look(Call call, String name, Supplier<T> request) {
    return result(call, name, request, pass(call, name));
  }

  private CallOutcome pass(Call call, String name) {
    if (dead) {
      throw new Crash();
    }
    return gate.pass(call, name);
  }

  private <T> T result(Call call, String name, Supplier<T> request, CallOutcome outcome) {
    if (outcome == CallOutcome.CRASH_BEFORE) {
      dead = true;
      throw new Crash();
    }
    if (outcome == CallOutcome.FAIL_BEFORE) {
      throw failed(
          call, name, traits.late ? StoreException.Effect.OPEN : StoreException.Effect.NONE);
    }
    T result = request.get();
    if (outcome == CallOutcome.FAIL_AFTER) {
      throw failed(call, name, StoreException.Effect.OPEN);
    }
    if (outcome.crashes()) {
      dead = true;
      throw new Crash();
    }
    return result;
  }

  private static StoreException failed(Call call, String name, StoreException.Effect effect) {
    return new StoreException(
        StoreException.Kind.TEMPORARY, effect, "injected: " + call + " " + name, null, null);
  }

  @Override
  public String describe() {
    return "simulated";
  }

  @Override
  public List<ObjectInfo> list(String folder, String startAfter) {
    return look(Call.LIST, folder, () -> inner.list(folder, startAfter));
  }

  @Override
  public Listing listing(String folder, String startAfter) {
    return look(Call.LIST, folder, () -> inner.listing(folder, startAfter));
  }

  @Override
  public long absentAt(String name) {
    return look(Call.LIST, name, () -> inner.absentAt(name));
  }

  @Override
  public List<String> listFolders(String folder) {
    return look(Call.LIST, folder, () -> inner.listFolders(folder));
  }

  @Override
  public byte[] read(String name, long limit) {
    return look(Call.READ, name, () -> inner.read(name, limit));
  }

  @Override
  public ByteSource open(String name) {
    return look(Call.OPEN, name, () -> traits.heap ? onHeap(name) : inner.open(name));
  }

  private ByteSource onHeap(String name) {
    return HeapObject.source(name, inner.read(name, Integer.MAX_VALUE), false);
  }

  @Override
  public boolean create(String name, byte[] content) {
    CallOutcome outcome = pass(Call.CREATE, name);
    if (outcome == CallOutcome.FAIL_LATE) {
      gate.later(() -> make(name, content));
      throw failed(Call.CREATE, name, StoreException.Effect.OPEN);
    }
    if (outcome == CallOutcome.CRASH_TORN) {
      // Half of it under the name: for the look-up of what took effect that is no create.
      boolean unused = inner.create(name, Arrays.copyOf(content, content.length / 2));
    }
    return result(
        Call.CREATE,
        name,
        () -> make(name, content),
        outcome == CallOutcome.CRASH_TORN ? CallOutcome.CRASH_BEFORE : outcome);
  }

  private boolean make(String name, byte[] content) {
    boolean made = inner.create(name, content);
    gate.done(Call.CREATE, name, made);
    return made;
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
        boolean unused =
            look(
                Call.WRITE,
                name,
                () -> {
                  upload.write(bytes);
                  return true;
                });
      }

      @Override
      public long position() {
        return upload.position();
      }

      @Override
      public void commit() {
        CallOutcome outcome = pass(Call.COMMIT, name);
        boolean unused =
            result(
                Call.COMMIT,
                name,
                () -> {
                  upload.commit();
                  gate.done(Call.COMMIT, name, true);
                  return true;
                },
                outcome == CallOutcome.CRASH_TORN ? CallOutcome.CRASH_BEFORE : outcome);
      }

      @Override
      public void close() {
        // A process that is gone cleans up nothing.
        if (!dead) {
          upload.close();
        }
      }
    };
  }

  @Override
  public void delete(String name) {
    boolean unused =
        look(
            Call.DELETE,
            name,
            () -> {
              inner.delete(name);
              gate.done(Call.DELETE, name, true);
              return true;
            });
  }

  @Override
  public List<ObjectInfo> listTemporary(String folder) {
    return look(Call.LIST, folder, () -> inner.listTemporary(folder));
  }

  @Override
  public void deleteTemporary(String name) {
    boolean unused =
        look(
            Call.DELETE,
            name,
            () -> {
              inner.deleteTemporary(name);
              return true;
            });
  }

  @Override
  public boolean createsMayLandLate() {
    return traits.late;
  }

  @Override
  public boolean mayHoldTornObjects() {
    return traits.torn;
  }

  @Override
  public boolean setAside(String name, byte[] content) {
    if (!traits.torn || !Arrays.equals(inner.read(name, Integer.MAX_VALUE), content)) {
      return false;
    }
    inner.delete(name);
    return true;
  }

  @Override
  public Retry retry() {
    return traits.retry;
  }

  @Override
  public long now() {
    return gate.now();
  }
}
