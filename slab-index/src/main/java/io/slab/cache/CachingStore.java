package io.slab.cache;

import io.slab.manifest.IndexJson;
import io.slab.manifest.SettingsLog;
import io.slab.model.Utf8;
import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.store.OldVersion;
import io.slab.store.Retry;
import io.slab.store.Traffic;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * A remote store with a cache of its objects on a local disk, none of which ever changes: of slabs
 * what was touched, of manifests and log objects all of each. What exists, and is newest, is always
 * asked of the store: by a listing, or for readers by a proof that an earlier one still holds. Also
 * counts requests, limits how many are made at once, and makes those that are announced before
 * their answers are needed. Thread-safe.
 */
public final class CachingStore implements ObjectStore {
  /** Requests at once unless another number is asked for. */
  public static final int DEFAULT_PARALLEL = 32;

  /** Bytes fetched after which the folder is looked at. */
  private static final long TRIM_BYTES = 256L << 20;

  /** An announced listing that was not asked for so long is no answer any more. */
  private static final long LISTING_NANOS = 5_000_000_000L;

  private final ObjectStore inner;
  private final CacheFolder folder;
  private final Traffic traffic = new Traffic();
  private final Semaphore slots;
  private final Map<String, Background<List<ObjectInfo>>> listings = new ConcurrentHashMap<>();
  private final Map<String, Background<RecentListings.Seen>> looks = new ConcurrentHashMap<>();
  private final Map<String, Background<byte[]>> reads = new ConcurrentHashMap<>();
  private final RecentListings recent;

  /** What the last listing said about each object: an object is known again by this. */
  private final Map<String, ObjectInfo> listed = Collections.synchronizedMap(new ListedObjects());

  private long trimmedAt;

  public CachingStore(ObjectStore inner, CacheFolder folder, int parallel) {
    this.inner = inner;
    this.folder = folder;
    this.slots = new Semaphore(parallel);
    this.recent = new RecentListings(folder, inner.identity());
  }

  /** How many objects are known again, for tests. */
  int listed() {
    return listed.size();
  }

  /** Where it keeps what it fetched. */
  public CacheFolder folder() {
    return folder;
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public boolean isRemote() {
    return true;
  }

  @Override
  public String describe() {
    return inner.describe();
  }

  @Override
  public String identity() {
    return inner.identity();
  }

  /** Runs one request when there is room for it. */
  private <T> T request(Supplier<T> request) {
    slots.acquireUninterruptibly();
    try {
      return request.get();
    } finally {
      slots.release();
    }
  }

  /** Runs and counts a read. */
  MemorySegment get(Supplier<MemorySegment> request) {
    long round = Traffic.clock() + 1;
    MemorySegment bytes = request(request);
    traffic.get(round, bytes.byteSize());
    trimSometimes();
    return bytes;
  }

  private void trimSometimes() {
    long read = traffic.counts().bytesRead();
    synchronized (this) {
      if (read - trimmedAt < TRIM_BYTES) {
        return;
      }
      trimmedAt = read;
    }
    folder.trim();
  }

  @Override
  public void announce(List<String> folders, List<String> objects) {
    for (String name : folders) {
      listings.put(name, new Background<>(() -> listNow(name, null)));
    }
    for (String name : objects) {
      reads.put(name, new Background<>(() -> readNow(name, Long.MAX_VALUE)));
    }
  }

  @Override
  public void announceToRead(List<String> folders, List<String> objects) {
    for (String name : folders) {
      looks.put(name, new Background<>(() -> look(name, null)));
    }
    announce(List.of(), objects);
  }

  @Override
  public List<ObjectInfo> listToRead(String name, String startAfter) {
    Background<RecentListings.Seen> announced = looks.remove(name);
    RecentListings.Seen seen =
        announced == null || announced.isOlderThan(LISTING_NANOS)
            ? look(name, startAfter)
            : announced.get();
    if (!recent.isOfIndex(seen)) {
      recent.forget(name);
      return listNow(name, startAfter);
    }
    return after(seen.objects(), startAfter);
  }

  /** What is newest in a folder now: proved from an earlier listing, or else listed. */
  private RecentListings.Seen look(String name, String startAfter) {
    RecentListings.Seen seen = recent.proved(name, startAfter, this::absentAt);
    if (seen == null) {
      return new RecentListings.Seen(listNow(name, startAfter), null);
    }
    seen.objects().forEach(object -> listed.put(object.name(), object));
    return seen;
  }

  @Override
  public long absentAt(String name) {
    long round = Traffic.clock() + 1;
    long absent = request(() -> inner.absentAt(name));
    traffic.get(round, 0, kind(name));
    return absent;
  }

  /** What an object, or a folder of objects, holds: see {@link io.slab.store.TrafficTrace}. */
  private static String kind(String name) {
    if (name.startsWith(SettingsLog.FOLDER)) {
      return "settings";
    }
    if (name.contains("/manifest/")) {
      return "manifest";
    }
    if (name.contains("/wal/")) {
      return "log";
    }
    if (name.contains("/deletes/")) {
      return "deletes";
    }
    return name.contains("/slabs/") ? "head" : "index";
  }

  private static List<ObjectInfo> after(List<ObjectInfo> objects, String startAfter) {
    return objects.stream()
        .filter(object -> startAfter == null || Utf8.compare(object.fileName(), startAfter) > 0)
        .toList();
  }

  @Override
  public List<ObjectInfo> list(String name, String startAfter) {
    Background<List<ObjectInfo>> announced = listings.remove(name);
    if (announced == null || announced.isOlderThan(LISTING_NANOS)) {
      return listNow(name, startAfter);
    }
    return after(announced.get(), startAfter);
  }

  private List<ObjectInfo> listNow(String name, String startAfter) {
    long round = Traffic.clock() + 1;
    long sent = System.nanoTime();
    Listing listing = request(() -> inner.listing(name, startAfter));
    traffic.list(round, kind(name));
    listing.objects().forEach(object -> listed.put(object.name(), object));
    recent.remember(name, startAfter, listing, sent);
    return listing.objects();
  }

  @Override
  public List<String> listFolders(String name) {
    long round = Traffic.clock() + 1;
    List<String> folders = request(() -> inner.listFolders(name));
    traffic.list(round, "namespaces");
    return folders;
  }

  @Override
  public byte[] read(String name, long limit) {
    Background<byte[]> announced = reads.remove(name);
    if (announced == null) {
      return readNow(name, limit);
    }
    byte[] bytes = announced.get();
    if (bytes.length > limit) {
      throw new io.slab.error.CorruptException(
          name, -1, bytes.length + " bytes", "at most " + limit + " bytes");
    }
    return bytes;
  }

  private byte[] readNow(String name, long limit) {
    // Whether index.json is still there is asked by reading it: an answer from here would be none.
    ObjectInfo info = name.equals(IndexJson.NAME) ? null : listed.get(name);
    String key = info == null ? null : key(info);
    byte[] kept = key == null || info.size() > limit ? null : folder.read(key);
    if (kept != null && kept.length == info.size()) {
      traffic.cached(kept.length);
      return kept;
    }
    long round = Traffic.clock() + 1;
    byte[] bytes = request(() -> inner.read(name, limit));
    traffic.get(round, bytes.length, kind(name));
    if (name.equals(IndexJson.NAME)) {
      recent.index(bytes);
    }
    if (key != null && bytes.length == info.size()) {
      folder.write(key, bytes);
    }
    return bytes;
  }

  @Override
  public void distrust(String name) {
    reads.remove(name);
    ObjectInfo info = listed.get(name);
    if (info != null) {
      folder.remove(key(info));
    }
  }

  /** Names of dropped indexes come again with other content; time and tag tell them apart. */
  private String key(ObjectInfo info) {
    return String.join(
        "\n",
        identity(),
        info.name(),
        Long.toString(info.size()),
        Long.toString(info.modifiedMillis()),
        String.valueOf(info.tag()));
  }

  @Override
  public ByteSource open(String name) {
    long round = Traffic.clock() + 1;
    ByteSource source = request(() -> inner.open(name));
    traffic.get(round, 0, "head");
    return new CachedSource(this, source, identity() + "\n" + name + "\n" + source.length());
  }

  @Override
  public ByteSource open(String name, long length) {
    ByteSource source = inner.open(name, length);
    return new CachedSource(this, source, identity() + "\n" + name + "\n" + length);
  }

  @Override
  public boolean create(String name, byte[] content) {
    forget(name);
    long round = Traffic.clock() + 1;
    boolean created = request(() -> inner.create(name, content));
    traffic.write(round, content.length);
    return created;
  }

  /** What was announced before a change does not show it. */
  private void forget(String name) {
    String container = name.substring(0, name.lastIndexOf('/') + 1);
    reads.remove(name);
    listings.remove(container);
    looks.remove(container);
    recent.forget(container);
    listed.remove(name);
  }

  @Override
  public Retry retry() {
    return inner.retry();
  }

  @Override
  public boolean createsMayLandLate() {
    return inner.createsMayLandLate();
  }

  @Override
  public ObjectUpload upload(String name) {
    ObjectUpload upload = inner.upload(name);
    return new ObjectUpload() {
      @Override
      public void write(MemorySegment bytes) {
        upload.write(bytes);
      }

      @Override
      public long position() {
        return upload.position();
      }

      @Override
      public void commit() {
        forget(name);
        long round = Traffic.clock() + 1;
        upload.commit();
        traffic.write(round, upload.position());
      }

      @Override
      public void close() {
        upload.close();
      }
    };
  }

  @Override
  public void delete(String name) {
    forget(name);
    long round = Traffic.clock() + 1;
    request(() -> {
      inner.delete(name);
      return null;
    });
    traffic.write(round, 0);
  }

  @Override
  public List<ObjectInfo> listTemporary(String name) {
    return inner.listTemporary(name);
  }

  @Override
  public List<ObjectInfo> listUnfinished() {
    return inner.listUnfinished();
  }

  @Override
  public void deleteTemporary(String name) {
    inner.deleteTemporary(name);
  }

  @Override
  public List<OldVersion> oldVersions(String name) {
    return inner.oldVersions(name);
  }

  @Override
  public void deleteVersion(OldVersion version) {
    inner.deleteVersion(version);
  }

  @Override
  public void forgetKept(String name) {
    reads.keySet().removeIf(object -> object.startsWith(name));
    folder.removeAll(identity() + "\n" + name);
  }

  @Override
  public long now() {
    return inner.now();
  }

  /** Writes down what later processes may use, and keeps the folder to its size. */
  public void keep() {
    recent.save();
    folder.trim();
  }

  @Override
  public void close() {
    keep();
    inner.close();
  }
}
