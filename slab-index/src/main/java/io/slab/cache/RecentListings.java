package io.slab.cache;

import io.slab.bytes.XxHash64;
import io.slab.manifest.NumberedObjects;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * What listings of numbered objects showed, for readers that prove that it still holds instead of
 * listing again (spec/index.md, R-12). It outlives the process in the folder of the cache, bound to
 * the bytes of {@code index.json}. All times are the store's; the machine's clock has no part in
 * it. Thread-safe.
 */
public final class RecentListings {
  /** More objects are not remembered: the oldest of them are left out. */
  private static final int MOST_OBJECTS = 1_000;

  /** An index that was first seen so long after a listing may be another one than was listed. */
  private static final long BESIDE_NANOS = 2_000_000_000L;

  private final CacheFolder folder;
  private final String identity;
  private final Map<String, Recent> listings = new ConcurrentHashMap<>();
  private volatile Index index;

  /**
   * The index at this place, by the bytes of its {@code index.json}, and when it was first read.
   */
  private record Index(String hash, long readNanos) {}

  /**
   * One listing.
   *
   * @param from a file name that all objects follow, null when it was the whole folder
   * @param index hash of the {@code index.json} that it belongs to, null when it was made here
   * @param sentNanos of this process, when it was asked for; of no meaning when it was read
   */
  record Recent(
      String from, List<ObjectInfo> objects, long answeredMillis, String index, long sentNanos) {
    boolean covers(String startAfter) {
      return from == null || (startAfter != null && startAfter.compareTo(from) >= 0);
    }

    /** This one together with an earlier one of which it is the end. */
    Recent after(Recent earlier) {
      if (from == null || earlier == null || earlier.index != null || !earlier.covers(from)) {
        return this;
      }
      List<ObjectInfo> all = new ArrayList<>();
      earlier.objects.stream()
          .filter(object -> object.fileName().compareTo(from) <= 0)
          .forEach(all::add);
      all.addAll(objects);
      return new Recent(earlier.from, all, answeredMillis, index, sentNanos);
    }

    /** The same without its oldest objects where there are many. */
    Recent bounded() {
      int excess = objects.size() - MOST_OBJECTS;
      return excess <= 0
          ? this
          : new Recent(
              objects.get(excess - 1).fileName(),
              List.copyOf(objects.subList(excess, objects.size())),
              answeredMillis,
              index,
              sentNanos);
    }
  }

  /**
   * What a reader was shown.
   *
   * @param objects of the folder after the name that was asked for, and perhaps before it
   * @param proved what it was proved from; null for a listing of now
   */
  record Seen(List<ObjectInfo> objects, Recent proved) {}

  /**
   * @param folder where it is kept beyond this process
   * @param identity of the store
   */
  public RecentListings(CacheFolder folder, String identity) {
    this.folder = folder;
    this.identity = identity;
  }

  /** Tells of an {@code index.json} that was read. */
  public synchronized void index(byte[] content) {
    String hash = Long.toHexString(XxHash64.hash(content));
    Index known = index;
    if (known == null || !known.hash.equals(hash)) {
      if (known != null) {
        listings.clear();
      }
      index = new Index(hash, System.nanoTime());
    }
  }

  /** Forgets a folder: something in it changes. */
  public void forget(String name) {
    if (NumberedObjects.areIn(name)) {
      listings.remove(name);
      folder.remove(key(name));
    }
  }

  /**
   * Remembers a listing.
   *
   * @param sentNanos by {@link System#nanoTime}, before it was asked for
   */
  public void remember(String name, String startAfter, Listing listing, long sentNanos) {
    if (!NumberedObjects.areIn(name)) {
      return;
    }
    if (listing.answeredMillis() == Listing.UNDATED) {
      listings.remove(name);
      return;
    }
    Recent recent =
        new Recent(startAfter, listing.objects(), listing.answeredMillis(), null, sentNanos);
    listings.compute(
        name,
        (unused, earlier) -> {
          boolean overtaken = earlier != null && earlier.answeredMillis > recent.answeredMillis;
          return overtaken ? earlier : recent.after(earlier).bounded();
        });
    // What can prove nothing any more, of folders that are not read any more, is not kept for ever.
    long oldest = recent.answeredMillis - NumberedObjects.PROOF_MILLIS;
    listings.values().removeIf(kept -> kept.answeredMillis <= oldest);
  }

  /**
   * An earlier listing that still shows what is newest in its folder, or null.
   *
   * @param absent asks the store about one name, see {@link io.slab.store.ObjectStore#absentAt}
   */
  Seen proved(String name, String startAfter, ToLongFunction<String> absent) {
    Recent recent = listings.computeIfAbsent(name, this::read);
    if (recent == null || !recent.covers(startAfter)) {
      return null;
    }
    String next = NumberedObjects.next(name, recent.objects);
    if (next == null) {
      return null;
    }
    long absentMillis = absent.applyAsLong(next);
    if (!NumberedObjects.proves(recent.answeredMillis, absentMillis)) {
      listings.remove(name, recent);
      return null;
    }
    return new Seen(recent.objects, recent);
  }

  /** Whether what was proved belongs to the index that is here; to be asked once that was read. */
  boolean isOfIndex(Seen seen) {
    return seen.proved == null || isOfIndex(seen.proved, index);
  }

  private static boolean isOfIndex(Recent recent, Index now) {
    return now != null
        && (recent.index == null
            ? now.readNanos - recent.sentNanos < BESIDE_NANOS
            : recent.index.equals(now.hash));
  }

  /** Writes down what later processes may use. */
  void save() {
    Index now = index;
    if (now == null || !folder.lasts()) {
      return;
    }
    listings.forEach((name, recent) -> {
      if (recent.index == null && isOfIndex(recent, now)) {
        folder.write(key(name), text(recent, now.hash).getBytes(StandardCharsets.UTF_8));
      }
    });
  }

  private String key(String name) {
    return "listing\n" + identity + "\n" + name;
  }

  private static String text(Recent recent, String hash) {
    StringBuilder out = new StringBuilder(hash);
    out.append('\n').append(recent.answeredMillis).append('\n');
    out.append(recent.from == null ? "" : recent.from).append('\n');
    for (ObjectInfo object : recent.objects) {
      out.append(object.size()).append('\t').append(object.modifiedMillis()).append('\t');
      out.append(object.tag() == null ? "" : object.tag()).append('\t');
      out.append(object.name()).append('\n');
    }
    return out.toString();
  }

  /** What an earlier process wrote down; null when nothing, or nothing that can be read. */
  private Recent read(String name) {
    byte[] content = folder.read(key(name));
    if (content == null) {
      return null;
    }
    try {
      String[] lines = new String(content, StandardCharsets.UTF_8).split("\n", -1);
      List<ObjectInfo> objects = new ArrayList<>();
      for (String line : List.of(lines).subList(3, lines.length - 1)) {
        String[] parts = line.split("\t", 4);
        String tag = parts[2].isEmpty() ? null : parts[2];
        objects.add(
            new ObjectInfo(parts[3], Long.parseLong(parts[0]), Long.parseLong(parts[1]), tag));
      }
      String from = lines[2].isEmpty() ? null : lines[2];
      return new Recent(from, objects, Long.parseLong(lines[1]), lines[0], 0);
    } catch (RuntimeException e) {
      return null; // Of another version: the store is listed.
    }
  }
}
