package io.slab.testkit;

import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.MappedSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectNames;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;

import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.bytes.ByteWriter;
import io.slab.model.Utf8;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A store in memory: deterministic, for tests and for indexes that need not outlive the process.
 * Thread-safe.
 */
public final class MemoryStore implements ObjectStore {
  private record Stored(byte[] content, long modifiedMillis) {}

  private final ConcurrentSkipListMap<String, Stored> objects =
      new ConcurrentSkipListMap<>(Utf8.ORDER);
  private final LongSupplier clock;

  public MemoryStore() {
    this(System::currentTimeMillis);
  }

  /** A store whose modification times come from {@code clock} (milliseconds since the epoch). */
  public MemoryStore(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * A store whose clock goes on by two hours each time it is looked at: every object is old enough
   * for gc at once, so that a process may be taken to sleep that long between any two calls.
   */
  public static MemoryStore aging() {
    return new MemoryStore(new AtomicLong()::incrementAndGet, TimeUnit.HOURS.toMillis(2));
  }

  private MemoryStore(LongSupplier ticks, long tickMillis) {
    this(() -> ticks.getAsLong() * tickMillis);
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public List<ObjectInfo> list(String folder, String startAfter) {
    ObjectNames.folder(folder);
    List<ObjectInfo> found = new ArrayList<>();
    String from = startAfter == null ? folder : folder + startAfter;
    objects
        .tailMap(from, false)
        .entrySet()
        .iterator()
        .forEachRemaining(entry -> {
          String name = entry.getKey();
          if (name.startsWith(folder) && name.indexOf('/', folder.length()) < 0) {
            Stored stored = entry.getValue();
            found.add(new ObjectInfo(name, stored.content.length, stored.modifiedMillis));
          }
        });
    return found;
  }

  @Override
  public Listing listing(String folder, String startAfter) {
    long now = clock.getAsLong();
    return new Listing(list(folder, startAfter), now);
  }

  @Override
  public long absentAt(String name) {
    return objects.containsKey(ObjectNames.object(name)) ? Listing.UNDATED : clock.getAsLong();
  }

  @Override
  public List<String> listFolders(String folder) {
    ObjectNames.folder(folder);
    TreeSet<String> found = new TreeSet<>(Utf8.ORDER);
    for (String name : objects.keySet()) {
      int slash = name.indexOf('/', folder.length());
      if (name.startsWith(folder) && slash > 0) {
        found.add(name.substring(folder.length(), slash));
      }
    }
    return List.copyOf(found);
  }

  @Override
  public long now() {
    return clock.getAsLong();
  }

  private Stored get(String name) {
    Stored stored = objects.get(ObjectNames.object(name));
    if (stored == null) {
      throw new MissingException(name, -1, "no such object", "an object");
    }
    return stored;
  }

  @Override
  public byte[] read(String name, long limit) {
    byte[] content = get(name).content;
    if (content.length > limit) {
      throw new CorruptException(
          name, -1, content.length + " bytes", "at most " + limit + " bytes");
    }
    return content.clone();
  }

  @Override
  public ByteSource open(String name) {
    return new MemorySource(name, get(name).content);
  }

  @Override
  public boolean create(String name, byte[] content) {
    ObjectNames.object(name);
    return objects.putIfAbsent(name, new Stored(content.clone(), clock.getAsLong())) == null;
  }

  @Override
  public ObjectUpload upload(String name) {
    return new MemoryUpload(ObjectNames.object(name));
  }

  @Override
  public void delete(String name) {
    objects.remove(ObjectNames.object(name));
  }

  @Override
  public boolean createsMayLandLate() {
    return false;
  }

  /** Off the heap and page-aligned, so that code behind it sees what a mapping would give. */
  private static final class MemorySource implements ByteSource {
    private final String name;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    MemorySource(String name, byte[] content) {
      this.name = name;
      segment = arena.allocate(Math.max(1, content.length), 4096).asSlice(0, content.length);
      MemorySegment.copy(content, 0, segment, ValueLayout.JAVA_BYTE, 0, content.length);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long length() {
      return segment.byteSize();
    }

    @Override
    public boolean mapped() {
      return true;
    }

    @Override
    public MemorySegment read(long offset, long length) {
      return MappedSource.slice(name, segment, offset, length);
    }

    @Override
    public void close() {
      if (arena.scope().isAlive()) {
        arena.close();
      }
    }
  }

  private final class MemoryUpload implements ObjectUpload {
    private final String name;
    private final ByteWriter bytes = new ByteWriter();
    private boolean finished;

    MemoryUpload(String name) {
      this.name = name;
    }

    @Override
    public void write(MemorySegment part) {
      requireOpen();
      bytes.bytes(part.toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public long position() {
      return bytes.size();
    }

    @Override
    public void commit() {
      requireOpen();
      finished = true;
      if (!create(name, bytes.toBytes())) {
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
      finished = true;
    }
  }
}
