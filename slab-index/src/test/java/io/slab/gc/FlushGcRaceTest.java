package io.slab.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A flush whose slabs are taken by {@code gc --min-age 0s} before they could be named. */
class FlushGcRaceTest {
  private final MemoryStore memory = MemoryStore.aging();
  private final AtomicInteger taken = new AtomicInteger();
  private int takes;

  /** Takes the new slabs when the flush looks whether they are there. */
  private ObjectStore racing() {
    String slabs = ScheduledNamespace.NAMES.slabFolder();
    return (ObjectStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, args) -> {
              if (method.getName().equals("passingMisplaced")) {
                return proxy;
              }
              if (method.getName().equals("list")
                  && args[0].equals(slabs)
                  && taken.get() < takes
                  && !memory.list(slabs, null).isEmpty()) {
                taken.incrementAndGet();
                memory.list(slabs, null).stream().map(ObjectInfo::name).forEach(memory::delete);
              }
              try {
                return method.invoke(memory, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private NamespaceWriter writer() {
    NamespaceHandle handle = ScheduledNamespace.handle(racing(), 7);
    NamespaceWriter writer = new NamespaceWriter(handle);
    writer.append(ScheduledNamespace.upserts(0, 5));
    return writer;
  }

  @Test
  void aFlushGoesOnAfterOneLoss() {
    takes = 2;
    try (NamespaceWriter writer = writer()) {
      assertEquals(1, writer.flush().slabs().size());
      assertEquals(2, taken.get());
    }
    ScheduledNamespace.allThere(memory);
  }

  @Test
  void aFlushThatLosesEachTimeNamesGc() {
    takes = Integer.MAX_VALUE;
    try (NamespaceWriter writer = writer()) {
      StoreException e = assertThrows(StoreException.class, writer::flush);
      assertTrue(e.getMessage().contains("gc took slabs"), e.getMessage());
      assertTrue(e.hint().contains("--min-age"), e.hint());
      assertEquals(3, taken.get());
      // The records are in the log, and the next flush has them.
      takes = 0;
      assertEquals(1, writer.flush().slabs().size());
      try (Snapshot snapshot = writer.snapshot()) {
        assertEquals(5, snapshot.count());
      }
    }
    ScheduledNamespace.allThere(memory);
  }
}
