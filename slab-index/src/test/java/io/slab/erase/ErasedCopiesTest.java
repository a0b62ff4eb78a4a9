package io.slab.erase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.erase.EraseResult.Until;
import io.slab.error.StoreException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.OldVersion;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is beside the objects of an index: the cache of this machine, and versions of a bucket. */
class ErasedCopiesTest {
  private static final String ID = "qzwxecrvtb";
  private static final String TEXT = "plokmijnuhbyg";

  @TempDir Path folder;
  private long now = 1_000_000;
  private final MemoryStore objects = new MemoryStore(() -> now);

  /** Of a bucket with versioning: what was deleted, by name. */
  private final Map<String, byte[]> versions = new TreeMap<>();

  private boolean denied;

  private NamespaceHandle handle(ObjectStore store) {
    return new NamespaceHandle(
        store,
        "ns",
        Oracle.SPEC,
        new Environment(() -> now, new SplittableRandom(7)),
        new FormatSlabs(),
        new Retry(1, 0));
  }

  private static void put(NamespaceHandle handle, String id, String text) {
    Metadata metadata = Metadata.of(Map.of("text", new MetaValue.Str(text)));
    VectorRecord record = new VectorRecord(id, new float[] {1.25f, 7.5f}, null, metadata);
    try (NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(new WriteOp.Upsert(record)));
      writer.flush();
    }
  }

  private EraseResult erase(NamespaceHandle handle) {
    return new Erasure(handle)
        .run(new EraseRequest(List.of(ID), null, 0, false, false, false), () -> false);
  }

  private boolean isCached(String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file) && Bytes.holds(Files.readAllBytes(file), text.getBytes())) {
          return true;
        }
      }
    }
    return false;
  }

  private static void read(NamespaceHandle handle) {
    try (Snapshot snapshot = handle.snapshot()) {
      assertTrue(snapshot.find(ID) != null);
    }
  }

  @Test
  void theLocalCacheKeepsNothingOfTheNamespace() throws IOException {
    try (CachingStore store = new CachingStore(objects, new CacheFolder(folder, 1 << 30), 4);
        NamespaceHandle handle = handle(store)) {
      put(handle, ID, TEXT);
      put(handle, "other", "wordsofother");
      read(handle);
      assertTrue(isCached(TEXT) || isCached(ID));
      erase(handle);
      assertFalse(isCached(TEXT));
      assertFalse(isCached(ID.substring(4)));
    }
  }

  @Test
  void theLocalCacheIsForItsOwnerAlone() throws IOException {
    try (CachingStore store = new CachingStore(objects, new CacheFolder(folder, 1 << 30), 4);
        NamespaceHandle handle = handle(store)) {
      put(handle, ID, TEXT);
      read(handle);
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("v1"))));
    }
  }

  private ObjectStore versioned() {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "delete" -> versions.put((String) arguments[0], read((String) arguments[0]));
      case "oldVersions" -> {
        if (denied) {
          throw new StoreException(StoreException.Kind.FAILED, "not allowed", null, null);
        }
        return versions.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith((String) arguments[0]))
            .map(entry -> new OldVersion(entry.getKey(), "1", entry.getValue().length))
            .toList();
      }
      case "deleteVersion" -> {
        versions.remove(((OldVersion) arguments[0]).name());
        return null;
      }
      default -> {}
    }
    try {
      return method.invoke(objects, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private byte[] read(String name) {
    return objects.read(name, Integer.MAX_VALUE);
  }

  @Test
  void oldVersionsGoTooAndOneWhoMayNotSeeThemIsTold() {
    NamespaceHandle handle = handle(versioned());
    put(handle, ID, TEXT);
    erase(handle);
    now += ErasureRun.HOUR;
    EraseResult result = erase(handle);
    assertTrue(result.finished(), result::toString);
    assertTrue(result.versions() > 0);
    assertEquals(Map.of(), versions);
    denied = true;
    EraseResult blind = erase(handle);
    assertEquals(Until.CAUSE, blind.left().getFirst().until());
    assertTrue(blind.left().getFirst().reason().contains("not allowed"));
  }
}
