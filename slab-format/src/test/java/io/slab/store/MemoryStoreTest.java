package io.slab.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.testkit.MemoryStore;
import io.slab.testkit.StoreContract;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreContract {
  @Override
  protected ObjectStore store() {
    return new MemoryStore();
  }

  @Test
  void timesComeFromTheClock() {
    MemoryStore store = new MemoryStore(() -> 42);
    store.create("x", new byte[1]);
    assertEquals(42, store.list("", null).getFirst().modifiedMillis());
  }
}
