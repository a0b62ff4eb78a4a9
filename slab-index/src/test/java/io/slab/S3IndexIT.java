package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.store.Notices;
import io.slab.store.Stores;
import io.slab.testkit.s3.S3Server;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of an {@code s3://} address is found by the service loader. */
class S3IndexIT {
  private static final VectorRecord A = VectorRecord.of("a", 1, 2);
  private static final VectorRecord C = VectorRecord.of("c", -1, 2);

  @TempDir Path cache;

  /** Keys are never options: without a variable of the environment the client looks here. */
  private static IndexOptions options() {
    S3Server.environment(S3Server.endpoint())
        .forEach((name, value) -> {
          if (name.equals("AWS_ACCESS_KEY_ID")) {
            System.setProperty("aws.accessKeyId", value);
          } else if (name.equals("AWS_SECRET_ACCESS_KEY")) {
            System.setProperty("aws.secretAccessKey", value);
          }
        });
    return IndexOptions.defaults()
        .withStore(Map.of("endpoint", S3Server.endpoint().toString(), "region", "us-east-1"));
  }

  @Test
  void anIndexOnS3IsUsedLikeOneOnADisk() throws IOException {
    String place = S3Server.newPlace().toString();
    IndexOptions options = options().withCache(cache, 1 << 20);
    IndexSettings settings = IndexSettings.dense(2, Metric.COSINE);
    try (Index index = Index.create(place, settings, options)) {
      index.namespace("n").upsert(new VectorRecord("a", new float[] {1, 1}, null, Metadata.EMPTY));
      index.namespace("n").flush();
      BuiltSlabs order = index.namespace("n").beginAppend();
      index.namespace("n").delete(List.of("b"));
      BuiltSlabs built =
          index.namespace("n").build(order, List.of(VectorRecord.of("b", 2, 1), A, C));
      index.namespace("n").commit(built);
      assertEquals(2, index.namespace("n").stats().records());
    }
    try (Index index = Index.open(place.replace("s3://", "S3A://"), options)) {
      assertEquals("a", index.namespace("n").query(Query.of(1, 2)).getFirst().id());
    }
    try (Stream<Path> kept = Files.walk(cache)) {
      assertTrue(
          kept.anyMatch(Files::isRegularFile), "what was read is kept in the cache's folder");
    }
    assertTrue(Index.exists(place, options));
  }

  /** As of a server whose home cannot be written. */
  @Test
  void withoutAPlaceForTheCacheItGoesOnAndSaysSo() throws IOException {
    String place = S3Server.newPlace().toString();
    Path plain = Files.writeString(cache.resolve("plain"), "x");
    IndexOptions options = options().withCache(plain.resolve("slab"), 1 << 20);
    List<String> told = new CopyOnWriteArrayList<>();
    Notices.to(told::add);
    try (Index index = Index.create(place, IndexSettings.dense(2, Metric.COSINE), options)) {
      index.namespace("n").upsert(List.of(VectorRecord.of("b", 2, 1), A, C));
      index.namespace("n").flush();
      assertEquals("a", index.namespace("n").query(Query.of(1, 2)).getFirst().id());
    } finally {
      Notices.to(line -> {});
    }
    assertEquals(1, told.size(), told.toString());
    assertTrue(told.getFirst().contains("going on without it"), told.getFirst());
  }

  @AfterEach
  void forgetKeys() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void unknownOptionsAndValuesAreRefused() {
    for (Map<String, String> options :
        List.of(
            Map.of("secret-key", "x"),
            Map.of("path-style", "yes"),
            Map.of("timeout", "5"),
            Map.of("connections", "0"),
            Map.of("endpoint", "nowhere"))) {
      assertThrows(InvalidInputException.class, () -> Stores.open("s3://b/p", options));
    }
  }

  /** The library without slab-s3, as an embedder has it who did not ask for it. */
  @Test
  void withoutTheArtifactTheErrorNamesIt() throws Exception {
    URL[] without =
        Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
            .filter(entry -> !isS3(Path.of(entry)))
            .map(entry -> Path.of(entry).toUri())
            .map(S3IndexIT::url)
            .toArray(URL[]::new);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader alone = new URLClassLoader(without, ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(alone);
      Class<?> stores = alone.loadClass(Stores.class.getName());
      var e =
          assertThrows(
              java.lang.reflect.InvocationTargetException.class,
              () ->
                  stores
                      .getMethod("open", String.class, Map.class)
                      .invoke(null, "s3://bucket/x", Map.of()));
      Object hint = e.getCause().getClass().getMethod("hint").invoke(e.getCause());
      assertTrue(hint.toString().contains("io.slab:slab-s3"), hint.toString());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static boolean isS3(Path entry) {
    return entry.endsWith(Path.of("slab-s3", "target", "classes"))
        || entry.getFileName().toString().startsWith("slab-s3-");
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (java.net.MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
