package io.slab.cache;

import io.slab.error.DataException;
import io.slab.error.StoreException;
import io.slab.store.ByteSource;
import io.slab.store.KeptBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A remote object with what was fetched of it. The local file is opened by the first need. */
final class CachedSource implements ByteSource, KeptBytes {
  /** Most bytes of one request, but for units that are longer. */
  static final long MOST = 8 << 20;

  private final CachingStore store;
  private final ByteSource inner;
  private final String key;
  private final List<Pending> hints = new CopyOnWriteArrayList<>();
  private volatile CacheFile file;
  private volatile boolean fileless;
  private boolean closed;

  /** Units for which the disk had no place, by their offsets. */
  private final ConcurrentSkipListMap<Long, MemorySegment> inMemory = new ConcurrentSkipListMap<>();

  /** A stretch on its way. */
  private record Pending(long offset, long length, Background<MemorySegment> bytes) {
    boolean covers(Unit unit) {
      return unit.offset() >= offset && unit.offset() + unit.length() <= offset + length;
    }
  }

  /**
   * @param inner the object itself
   */
  CachedSource(CachingStore store, ByteSource inner, String key) {
    this.store = store;
    this.inner = inner;
    this.key = key;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public long length() {
    return inner.length();
  }

  @Override
  public boolean mapped() {
    return false;
  }

  /** Bytes that come without a word on how they are checked: fetched, and not kept. */
  @Override
  public MemorySegment read(long offset, long length) {
    if (length <= MOST || offset < 0 || offset > length() - length) {
      return fetch(offset, length);
    }
    MemorySegment all = MemorySegment.ofArray(new byte[Math.toIntExact(length)]);
    List<Runnable> parts = new ArrayList<>();
    for (long at = 0; at < length; at += MOST) {
      long from = at;
      long size = Math.min(MOST, length - at);
      parts.add(() -> all.asSlice(from, size).copyFrom(fetch(offset + from, size)));
    }
    io.slab.store.Together.run(parts);
    return all;
  }

  private MemorySegment fetch(long offset, long length) {
    return store.get(() -> inner.read(offset, length));
  }

  @Override
  public KeptBytes kept() {
    return this;
  }

  /** The file, or null where there is no place for one. */
  private CacheFile file() {
    CacheFile known = file;
    return known != null || fileless ? known : openFile();
  }

  private synchronized CacheFile openFile() {
    if (closed) {
      throw new IllegalStateException(name() + " is closed");
    }
    if (file == null && !fileless) {
      file = store.folder().open(key, length());
      fileless = file == null;
    }
    return file;
  }

  @Override
  public MemorySegment view(long offset, long length) {
    if (inMemory.isEmpty() && file() != null) {
      return file().view(offset, length);
    }
    return patched(offset, length);
  }

  /** A stretch of which some units, or all, are in memory. */
  private MemorySegment patched(long offset, long length) {
    Map.Entry<Long, MemorySegment> unit = inMemory.floorEntry(offset);
    if (unit != null && offset + length <= unit.getKey() + unit.getValue().byteSize()) {
      return unit.getValue().asSlice(offset - unit.getKey(), length);
    }
    long from = unit == null ? offset : unit.getKey();
    NavigableMap<Long, MemorySegment> units = inMemory.subMap(from, true, offset + length, false);
    CacheFile known = file();
    if (units.isEmpty() && known != null) {
      return known.view(offset, length);
    }
    MemorySegment all = Arena.ofAuto().allocate(length, 4096);
    if (known != null) {
      all.copyFrom(known.view(offset, length));
    }
    units.forEach((at, bytes) -> {
      long begin = Math.max(at, offset);
      long end = Math.min(at + bytes.byteSize(), offset + length);
      if (begin < end) {
        MemorySegment.copy(bytes, begin - at, all, begin - offset, end - begin);
      }
    });
    return all.asReadOnly();
  }

  @Override
  public boolean has(long offset) {
    return inMemory.containsKey(offset) || file() != null && file().has(offset);
  }

  @Override
  public void hint(long offset, long length) {
    for (long at = offset; at < offset + length; at += MOST) {
      long from = at;
      long size = Math.min(MOST, offset + length - at);
      hints.add(new Pending(from, size, new Background<>(() -> fetch(from, size))));
    }
  }

  @Override
  public void forget() {
    hints.clear();
  }

  @Override
  public List<Runnable> requests(List<? extends Unit> units) {
    List<Unit> missing = new ArrayList<>();
    List<Unit> sorted = new ArrayList<>(units);
    sorted.sort(Comparator.comparingLong(Unit::offset));
    long previous = -1;
    for (Unit unit : sorted) {
      if (unit.length() == 0) {
        unit.check(MemorySegment.ofArray(new byte[0]));
      } else if (unit.offset() != previous && !atHand(unit)) {
        missing.add(unit);
      }
      previous = unit.offset();
    }
    return group(missing);
  }

  /** True for a unit that is kept and undamaged. */
  private boolean atHand(Unit unit) {
    if (!has(unit.offset())) {
      return false;
    }
    try {
      if (unit.offset() > length() - unit.length()) {
        return false;
      }
      unit.check(view(unit.offset(), unit.length()));
      store.traffic().cached(unit.length());
      return true;
    } catch (DataException e) {
      inMemory.remove(unit.offset());
      if (file() != null) {
        file().drop(unit.offset());
      }
      return false;
    }
  }

  private List<Runnable> group(List<Unit> missing) {
    List<Runnable> requests = new ArrayList<>();
    List<Unit> run = new ArrayList<>();
    for (Unit unit : missing) {
      Pending hint = hint(unit);
      if (hint != null) {
        // Taken up at once or never: it would only hold memory.
        requests.add(() -> takeFrom(hint, unit));
        continue;
      }
      if (!run.isEmpty()) {
        long end = run.getLast().offset() + run.getLast().length();
        boolean near = unit.offset() - end < GAP;
        if (!near || unit.offset() + unit.length() - run.getFirst().offset() > MOST) {
          List<Unit> full = run;
          requests.add(() -> fetchAll(full));
          run = new ArrayList<>();
        }
      }
      run.add(unit);
    }
    if (!run.isEmpty()) {
      List<Unit> rest = run;
      requests.add(() -> fetchAll(rest));
    }
    return requests;
  }

  private Pending hint(Unit unit) {
    for (Pending pending : hints) {
      if (pending.covers(unit)) {
        return pending;
      }
    }
    return null;
  }

  private void takeFrom(Pending hint, Unit unit) {
    MemorySegment bytes;
    try {
      bytes = hint.bytes().get();
    } catch (RuntimeException e) {
      // No caller asked for this one; the unit's own request says what is wrong.
      hints.remove(hint);
      fetchAll(List.of(unit));
      return;
    }
    accept(unit, bytes.asSlice(unit.offset() - hint.offset(), unit.length()));
  }

  private void fetchAll(List<Unit> units) {
    long start = units.getFirst().offset();
    MemorySegment bytes = fetch(start, units.getLast().offset() + units.getLast().length() - start);
    for (Unit unit : units) {
      accept(unit, bytes.asSlice(unit.offset() - start, unit.length()));
    }
  }

  /** Keeps a unit if it is undamaged; fetches it again, once, if not. */
  private void accept(Unit unit, MemorySegment fetched) {
    MemorySegment bytes = fetched;
    try {
      unit.check(bytes);
    } catch (DataException e) {
      bytes = fetch(unit.offset(), unit.length());
      unit.check(bytes);
    }
    keep(unit, bytes);
  }

  /** Into the file; into memory where the disk has no place for it, or no more. */
  private void keep(Unit unit, MemorySegment bytes) {
    CacheFile known = file();
    if (known != null) {
      try {
        known.write(unit.offset(), bytes);
        known.mark(unit.offset(), unit.length());
        return;
      } catch (StoreException e) {
        store.folder().doWithout(e);
      }
    }
    MemorySegment own = Arena.ofAuto().allocate(Math.max(1, bytes.byteSize()), 4096);
    own.asSlice(0, bytes.byteSize()).copyFrom(bytes);
    inMemory.put(unit.offset(), own.asSlice(0, bytes.byteSize()).asReadOnly());
  }

  @Override
  public synchronized void close() {
    closed = true;
    inner.close();
    if (file != null) {
      file.close();
    }
    hints.clear();
    inMemory.clear();
  }
}
