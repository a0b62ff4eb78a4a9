package io.slab.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Traffic;
import io.slab.testkit.DistantStore;
import io.slab.testkit.LongTest;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers are the same, byte for byte, from a local disk and from afar, cold, warm or damaged. */
class RemoteEqualityIT {
  @TempDir Path folder;

  @LongTest
  @Test
  void answersByDistanceAreTheSameFromAfar() throws IOException {
    answersAreTheSameFromAfar(Metric.EUCLIDEAN, VectorType.DENSE);
  }

  @ParameterizedTest
  @CsvSource({"COSINE, DENSE", "DOTPRODUCT, HYBRID", "DOTPRODUCT, SPARSE"})
  void answersAreTheSameFromAfar(Metric metric, VectorType type) throws IOException {
    long seed = Seeds.of("RemoteEqualityIT.answersAreTheSameFromAfar");
    Random random = new Random(seed);
    float[][] centres = RemoteIndex.centres(random);
    Path data = folder.resolve("data");
    RemoteIndex.build(data, metric, type, random, centres);
    LocalStore local = new LocalStore(data);
    String expected = RemoteIndex.ask(local, seed, type, centres);

    assertEquals(expected, ask(new DistantStore(local, 0, 0), none(), seed, type, centres));
    CacheFolder cache = new CacheFolder(folder.resolve("cache"), CacheFolder.DEFAULT_SIZE);
    CachingStore cold = caching(new DistantStore(local, 0, 0), cache);
    assertEquals(expected, RemoteIndex.ask(cold, seed, type, centres));
    CachingStore warm = caching(new DistantStore(local, 0, 0), cache);
    assertEquals(expected, RemoteIndex.ask(warm, seed, type, centres));
    Traffic.Counts asked = warm.traffic().counts();
    assertEquals(1, asked.gets(), "only index.json is read again: " + asked);

    ObjectStore faulty = RemoteIndex.damaging(local, random, 0.1);
    assertEquals(expected, askUntilAnswered(faulty, none(), seed, type, centres));
    damage(folder.resolve("cache"), random);
    assertEquals(expected, ask(new DistantStore(local, 0, 0), cache, seed, type, centres));
  }

  private static CacheFolder none() {
    return CacheFolder.none();
  }

  private static CachingStore caching(ObjectStore store, CacheFolder cache) {
    return new CachingStore(store, cache, CachingStore.DEFAULT_PARALLEL);
  }

  private static String ask(
      ObjectStore store, CacheFolder cache, long seed, VectorType type, float[][] centres) {
    return RemoteIndex.ask(caching(store, cache), seed, type, centres);
  }

  /** A range that comes damaged twice is an error; never an answer. */
  private static String askUntilAnswered(
      ObjectStore store, CacheFolder cache, long seed, VectorType type, float[][] centres) {
    for (int attempt = 0; ; attempt++) {
      try {
        return ask(store, cache, seed, type, centres);
      } catch (io.slab.error.SlabException e) {
        assertTrue(attempt < 100, () -> "no answer: " + e);
      }
    }
  }

  /** Flips bits all over the cached bytes. */
  private static void damage(Path cache, Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(cache)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path path : files) {
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        boolean large = path.getParent().endsWith("large");
        for (int i = 0; i < 200 && file.length() > 0; i++) {
          long at =
              large
                  ? CacheFile.HEADER + random.nextLong(file.length() - CacheFile.HEADER)
                  : random.nextLong(file.length());
          file.seek(at);
          int value = file.read();
          file.seek(at);
          file.write(value ^ 1 << random.nextInt(8));
        }
      }
    }
  }

  @Test
  void aFolderKeepsToItsSize() throws IOException {
    Random random = new Random(5);
    float[][] centres = RemoteIndex.centres(random);
    Path data = folder.resolve("data");
    RemoteIndex.build(data, Metric.COSINE, VectorType.DENSE, random, centres);
    CacheFolder small = new CacheFolder(folder.resolve("cache"), 100_000);
    CachingStore store = caching(new DistantStore(new LocalStore(data), 0, 0), small);
    String expected = RemoteIndex.ask(new LocalStore(data), 5, VectorType.DENSE, centres);
    assertEquals(expected, RemoteIndex.ask(store, 5, VectorType.DENSE, centres));
    assertTrue(small.used() > 100_000, "something was kept");
    small.trim();
    assertTrue(small.used() <= 100_000, "used " + small.used());
    assertEquals(expected, RemoteIndex.ask(store, 5, VectorType.DENSE, centres));
  }
}
