package io.slab.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.store.ByteSource;
import io.slab.store.KeptBytes;
import io.slab.store.ObjectStore;
import io.slab.store.Together;
import io.slab.testkit.DistantStore;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
  private static final int UNIT = 4096;
  private static final int UNITS = 200;

  @TempDir Path folder;

  /** Bytes that can be told right from wrong: unit n of an object holds n all over. */
  static byte[] content() {
    byte[] bytes = new byte[UNIT * UNITS];
    for (int i = 0; i < UNITS; i++) {
      Arrays.fill(bytes, i * UNIT, (i + 1) * UNIT, (byte) (i + 1));
    }
    return bytes;
  }

  record Unit(int number) implements KeptBytes.Unit {
    @Override
    public long offset() {
      return (long) number * UNIT;
    }

    @Override
    public long length() {
      return UNIT;
    }

    @Override
    public void check(MemorySegment bytes) {
      for (long i = 0; i < UNIT; i++) {
        if (bytes.get(ValueLayout.JAVA_BYTE, i) != (byte) (number + 1)) {
          throw new CorruptException("unit " + number, i, "another byte", "its own");
        }
      }
    }
  }

  static CachingStore store(Path cache) {
    ObjectStore inner = new MemoryStore(() -> 1);
    inner.create("a/object", content());
    return new CachingStore(
        new DistantStore(inner, 0, 0), new CacheFolder(cache, CacheFolder.DEFAULT_SIZE), 8);
  }

  /** Brings units in random order, again and again, and looks at each. */
  static void work(Path cache, long seed, int rounds) {
    Random random = new Random(seed);
    CachingStore store = store(cache);
    for (int round = 0; round < rounds; round++) {
      try (var source = store.open("a/object", (long) UNIT * UNITS)) {
        KeptBytes kept = source.kept();
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          units.add(new Unit(random.nextInt(UNITS)));
        }
        Together.run(kept.requests(units));
        units.forEach(unit -> unit.check(kept.view(unit.offset(), UNIT)));
      }
    }
  }

  public static void main(String[] args) {
    work(Path.of(args[0]), Long.parseLong(args[1]), Integer.MAX_VALUE);
  }

  private static Process start(Path cache, long seed) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            CacheFolderTest.class.getName(),
            cache.toString(),
            Long.toString(seed))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void processesShareAFolderAndMayBeKilled() throws Exception {
    long seed = Seeds.of("CacheFolderTest.processesShareAFolderAndMayBeKilled");
    Random random = new Random(seed);
    Path cache = folder.resolve("cache");
    for (int round = 0; round < 3; round++) {
      List<Process> others = List.of(start(cache, seed), start(cache, seed + 1));
      try {
        for (int i = 0; i < 5; i++) {
          Thread.sleep(random.nextInt(150));
          work(cache, random.nextLong(), 3);
          if (random.nextInt(3) == 0) {
            new CacheFolder(cache, 0).trim();
          }
        }
        for (Process other : others) {
          assertTrue(other.isAlive(), "a process met a wrong byte");
        }
      } finally {
        for (Process other : others) {
          other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
      }
    }
    work(cache, seed, 5);
  }

  @Test
  void aUnitThatIsDamagedInTheStoreIsAnErrorAndNotKept() {
    byte[] damaged = content();
    damaged[10 * UNIT + 7]++;
    ObjectStore inner = new MemoryStore(() -> 1);
    inner.create("a/object", damaged);
    CachingStore store =
        new CachingStore(
            new DistantStore(inner, 0, 0), new CacheFolder(folder, CacheFolder.DEFAULT_SIZE), 8);
    try (var source = store.open("a/object", damaged.length)) {
      KeptBytes kept = source.kept();
      Together.run(kept.requests(List.of(new Unit(9), new Unit(11))));
      List<Unit> bad = List.of(new Unit(10));
      for (int attempt = 0; attempt < 2; attempt++) {
        long before = store.traffic().counts().gets();
        assertThrows(CorruptException.class, () -> Together.run(kept.requests(bad)));
        assertEquals(2, store.traffic().counts().gets() - before, "fetched, and fetched again");
      }
    }
  }

  /** Each time it is asked for: the cache is a folder that others can write into. */
  @Test
  void aUnitThatIsDamagedInTheCacheIsFetchedAgain() throws IOException {
    CachingStore store = store(folder);
    long length = content().length;
    List<Unit> units = List.of(new Unit(3));
    for (boolean reopened : new boolean[] {true, false}) {
      ByteSource source = store.open("a/object", length);
      try {
        Together.run(source.kept().requests(units));
        if (reopened) {
          source.close();
        }
        damageCached(3);
        if (reopened) {
          source = store.open("a/object", length);
        }
        KeptBytes kept = source.kept();
        long before = store.traffic().counts().gets();
        Together.run(kept.requests(units));
        units.getFirst().check(kept.view(3 * UNIT, UNIT));
        assertEquals(1, store.traffic().counts().gets() - before, "reopened: " + reopened);
        Together.run(kept.requests(units));
        assertEquals(1, store.traffic().counts().gets() - before, "and kept");
      } finally {
        source.close();
      }
    }
  }

  private void damageCached(int unit) throws IOException {
    try (var files = Files.list(folder.resolve("v1/large"))) {
      for (Path path : files.toList()) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.wrap(new byte[] {99}), CacheFile.HEADER + unit * UNIT + 5);
        }
      }
    }
  }

  @Test
  void smallObjectsAreKnownAgainByWhatTheListingSays() {
    CacheFolder cache = new CacheFolder(folder, CacheFolder.DEFAULT_SIZE);
    byte[] content = {1, 2, 3};
    cache.write("a key", content);
    assertArrayEquals(content, cache.read("a key"));
    assertNull(cache.read("another key"));
    cache.remove("a key");
    assertNull(cache.read("a key"));
  }

  @Test
  void oneDamagedByteOfASmallObjectIsNoticed() throws IOException {
    CacheFolder cache = new CacheFolder(folder, CacheFolder.DEFAULT_SIZE);
    Path file = null;
    cache.write("key", new byte[] {5, 6, 7, 8});
    try (var files = Files.list(folder.resolve("v1/small"))) {
      file = files.findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 4;
      Files.write(file, damaged);
      assertNull(cache.read("key"), "byte " + i);
    }
    Files.write(file, whole);
    assertNotNull(cache.read("key"));
  }

  @Test
  void whatWasUsedLongestAgoGoesFirst() throws IOException {
    CacheFolder cache = new CacheFolder(folder, 2500);
    for (String name : List.of("a", "b", "c")) {
      cache.write(name, new byte[1000]);
    }
    try (var files = Files.list(folder.resolve("v1/small"))) {
      for (Path path : files.toList()) {
        Files.setLastModifiedTime(path, FileTime.fromMillis(1000));
      }
    }
    assertNotNull(cache.read("b"));
    cache.trim();
    assertNotNull(cache.read("b"));
    assertFalse(cache.read("a") != null && cache.read("c") != null, "one of the others went");
  }

  @Test
  void aFileOfSomethingElseIsReplaced() throws IOException {
    Path cache = folder.resolve("cache");
    work(cache, 1, 1);
    try (var files = Files.list(cache.resolve("v1/large"))) {
      for (Path path : files.toList()) {
        Files.write(path, new byte[100]);
      }
    }
    work(cache, 2, 1);
  }

  @Test
  void aFolderThatTheUserDidNotAskForIsDoneWithout() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    List<String> told = new ArrayList<>();
    io.slab.store.Notices.to(told::add);
    CacheFolder usual = CacheFolder.ifPossible(plain.resolve("slab"), 1 << 20);
    try (CacheFile one = usual.open("a", 10);
        CacheFile two = usual.open("b", 10)) {
      one.write(0, MemorySegment.ofArray(new byte[] {7}));
      assertEquals(7, one.view(0, 1).get(ValueLayout.JAVA_BYTE, 0));
      assertNotNull(two);
    } finally {
      io.slab.store.Notices.to(line -> {});
    }
    assertEquals(1, told.size(), told.toString());
    assertTrue(told.getFirst().contains("going on without it"), told.getFirst());
    CacheFolder asked = new CacheFolder(plain.resolve("slab"), 1 << 20);
    assertThrows(io.slab.error.StoreException.class, () -> asked.open("a", 10));
    assertThrows(io.slab.error.StoreException.class, asked::requireWritable);
    new CacheFolder(folder.resolve("new"), 1 << 20).requireWritable();
  }

  /** A server that runs for months sees any number of log objects. */
  @Test
  void ofListingsSoManyObjectsAreRememberedAndNoMore() {
    ObjectStore inner = new MemoryStore(() -> 1);
    CachingStore store = new CachingStore(inner, CacheFolder.none(), 8);
    for (int i = 0; i < ListedObjects.MOST + 10; i++) {
      inner.create("a/%08d".formatted(i), new byte[1]);
    }
    store.list("a/", null);
    assertEquals(ListedObjects.MOST, store.listed());
    assertEquals(1, store.read("a/00000000", 10).length);
  }

  @Test
  void whereTheDiskHasNoPlaceMemoryHas() {
    io.slab.store.Notices.to(line -> {});
    ObjectStore inner = new MemoryStore(() -> 1);
    inner.create("a/object", content());
    CachingStore store = new CachingStore(new DistantStore(inner, 0, 0), CacheFolder.nowhere(), 8);
    try (var source = store.open("a/object", (long) UNIT * UNITS)) {
      KeptBytes kept = source.kept();
      List<Unit> units = List.of(new Unit(3), new Unit(4), new Unit(9));
      assertFalse(kept.has(units.getFirst().offset()));
      Together.run(kept.requests(units));
      assertTrue(kept.has(units.getFirst().offset()));
      units.forEach(unit -> unit.check(kept.view(unit.offset(), UNIT)));
      // A stretch over two units, from the middle of the first.
      MemorySegment both = kept.view(3 * UNIT + 100, UNIT);
      assertEquals(4, both.get(ValueLayout.JAVA_BYTE, UNIT - 101));
      assertEquals(5, both.get(ValueLayout.JAVA_BYTE, UNIT - 100));
      assertEquals(List.of(), kept.requests(units));
    }
  }
}
