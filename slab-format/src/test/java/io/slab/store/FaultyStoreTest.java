package io.slab.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.StoreContract;
import org.junit.jupiter.api.Test;

/** The decorator itself keeps the contract, and its faults do what they say. */
class FaultyStoreTest extends StoreContract {
  @Override
  protected ObjectStore store() {
    return new FaultyStore(new MemoryStore(), (call, operation, name) -> FaultyStore.Fault.NONE);
  }

  private static FaultyStore failing(long at, FaultyStore.Fault fault) {
    return new FaultyStore(
        new MemoryStore(), (call, operation, name) -> call == at ? fault : FaultyStore.Fault.NONE);
  }

  @Test
  void aFaultBeforeHasNoEffectAndOneAfterHas() {
    FaultyStore before = failing(0, FaultyStore.Fault.BEFORE);
    assertThrows(StoreException.class, () -> before.create("x", new byte[2]));
    assertTrue(before.create("x", new byte[2]));
    FaultyStore after = failing(0, FaultyStore.Fault.AFTER);
    assertThrows(StoreException.class, () -> after.create("x", new byte[2]));
    assertFalse(after.create("x", new byte[2]));
    assertEquals(2, after.calls());
    assertEquals(4, after.bytesWritten());
  }

  @Test
  void aCrashIsForGood() {
    FaultyStore store = failing(1, FaultyStore.Fault.CRASH_AFTER);
    assertTrue(store.create("x", new byte[2]));
    assertThrows(FaultyStore.Crash.class, () -> store.delete("x"));
    assertThrows(FaultyStore.Crash.class, () -> store.list("", null));
  }
}
