package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Uploads below a prefix are not all ours: a bucket has other users. */
class UnfinishedCopyTest {
  private final List<String> ended = new ArrayList<>();

  private ObjectStore bucket(String... uploads) {
    MemoryStore memory = new MemoryStore();
    return (ObjectStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, args) -> {
              if (method.getName().equals("listUnfinished")) {
                return List.of(uploads).stream().map(name -> new ObjectInfo(name, 0, 0)).toList();
              }
              if (method.getName().equals("deleteTemporary")) {
                ended.add((String) args[0]);
                return null;
              }
              return method.invoke(memory, args);
            });
  }

  @Test
  void endsUploadsIntoNamespacesAlone() {
    String ours = "ns/books/slabs/.tmp-01J.slab@dTE";
    String[] others = {
      ".tmp-video.mp4@dTE",
      "backups/.tmp-dump@dTE",
      "books/ns/x/slabs/.tmp-01J.slab@dTE",
      "ns/.tmp-x@dTE",
      "ns/books/.tmp-x@dTE",
      "ns/books/other/.tmp-x@dTE",
      "ns/Books/slabs/.tmp-x@dTE",
      "ns/a/b/slabs/.tmp-x@dTE"
    };
    GcRequest all = new GcRequest(0, 1, 100, false);
    assertFalse(new UnfinishedCopy(bucket(others)).isThere());
    assertEquals(List.of(), new UnfinishedCopy(bucket(others)).run(all).removed());
    List<String> both = new ArrayList<>(List.of(others));
    both.add(ours);
    UnfinishedCopy copy = new UnfinishedCopy(bucket(both.toArray(String[]::new)));
    assertTrue(copy.isThere());
    assertEquals(1, copy.run(all).removed().size());
    assertEquals(List.of(ours), ended);
  }
}
