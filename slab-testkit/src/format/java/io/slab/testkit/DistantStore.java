package io.slab.testkit;

import io.slab.error.MissingException;
import io.slab.error.StoreException;
import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;

/**
 * A store as over a network: every request takes its time, and nothing is mapped. Bandwidth is
 * limited for each request on its own, as with a connection each. Thread-safe.
 */
public class DistantStore implements ObjectStore {
  private final ObjectStore inner;
  private final double millis;
  private final double bytesPerMilli;

  /**
   * @param millis of each request
   * @param megabytesPerSecond of one request; 0 for no limit
   */
  public DistantStore(ObjectStore inner, double millis, double megabytesPerSecond) {
    this.inner = inner;
    this.millis = millis;
    this.bytesPerMilli = megabytesPerSecond * 1000;
  }

  private <T> T after(Supplier<T> request, long bytes) {
    double pause = millis + (bytesPerMilli == 0 ? 0 : bytes / bytesPerMilli);
    try {
      Thread.sleep((long) pause, (int) (pause % 1 * 1e6));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(StoreException.Kind.FAILED, "interrupted", null, e);
    }
    return request.get();
  }

  @Override
  public String describe() {
    return "distant " + inner.describe();
  }

  @Override
  public List<ObjectInfo> list(String folder, String startAfter) {
    return after(() -> inner.list(folder, startAfter), 0);
  }

  @Override
  public Listing listing(String folder, String startAfter) {
    long now = inner.now();
    return after(() -> new Listing(inner.list(folder, startAfter), now), 0);
  }

  @Override
  public long absentAt(String name) {
    return after(() -> absent(name), 0);
  }

  private long absent(String name) {
    try {
      byte[] unused = inner.read(name, Long.MAX_VALUE);
      return Listing.UNDATED;
    } catch (MissingException e) {
      return inner.now();
    }
  }

  @Override
  public List<String> listFolders(String folder) {
    return after(() -> inner.listFolders(folder), 0);
  }

  @Override
  public byte[] read(String name, long limit) {
    byte[] bytes = inner.read(name, limit);
    return after(() -> bytes, bytes.length);
  }

  @Override
  public ByteSource open(String name) {
    return after(() -> new DistantSource(inner.open(name)), 0);
  }

  @Override
  public ByteSource open(String name, long length) {
    return new DistantSource(inner.open(name));
  }

  /** What a ranged read delivers; for tests that damage it. */
  protected MemorySegment delivered(String name, long offset, MemorySegment bytes) {
    return bytes;
  }

  @Override
  public boolean create(String name, byte[] content) {
    return after(() -> inner.create(name, content), content.length);
  }

  @Override
  public ObjectUpload upload(String name) {
    return inner.upload(name);
  }

  @Override
  public void delete(String name) {
    after(
        () -> {
          inner.delete(name);
          return null;
        },
        0);
  }

  @Override
  public boolean createsMayLandLate() {
    return inner.createsMayLandLate();
  }

  @Override
  public long now() {
    return inner.now();
  }

  private final class DistantSource implements ByteSource {
    private final ByteSource object;

    DistantSource(ByteSource object) {
      this.object = object;
    }

    @Override
    public String name() {
      return object.name();
    }

    @Override
    public long length() {
      return object.length();
    }

    @Override
    public boolean mapped() {
      return false;
    }

    @Override
    public MemorySegment read(long offset, long length) {
      MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(length)]);
      copy.copyFrom(object.read(offset, length));
      return after(() -> delivered(name(), offset, copy), length);
    }

    @Override
    public void close() {
      object.close();
    }
  }
}
