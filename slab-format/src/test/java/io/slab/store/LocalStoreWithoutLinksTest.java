package io.slab.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import io.slab.model.Utf8;
import io.slab.testkit.StoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same promises where the file system has no hard links but renames without replacement. */
class LocalStoreWithoutLinksTest extends StoreContract {
  @TempDir Path folder;

  Publication.Way way() {
    return Publication.Way.RENAME;
  }

  @Override
  protected ObjectStore store() {
    return new LocalStore(folder, way(), DurableFolders::forceFolder);
  }

  /** The last way of all: no renaming without replacement either. */
  static class UnderALockTest extends LocalStoreWithoutLinksTest {
    @Override
    Publication.Way way() {
      return Publication.Way.LOCKED_RENAME;
    }
  }

  @Test
  void aTakenNameIsNeverReplaced() throws IOException {
    ObjectStore store = store();
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(folder.resolve("a/x"), "");
    assertFalse(store.create("a/x", Utf8.bytes("mine")));
    assertEquals(0, Files.size(folder.resolve("a/x")));
    Files.createSymbolicLink(folder.resolve("a/y"), folder.resolve("nowhere"));
    StoreException e =
        assertThrows(StoreException.class, () -> store.create("a/y", Utf8.bytes("mine")));
    assertTrue(e.refused());
    try (Stream<Path> files = Files.list(folder.resolve("a"))) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void theIndexIsMarkedAndOnlyThereATornObjectIsMovedAside() throws IOException {
    assertFalse(new LocalStore(folder).create("x", new byte[0]) && store().mayHoldTornObjects());
    assertFalse(store().setAside("x", new byte[0]));
    ObjectStore store = store();
    assertTrue(store.create("y", new byte[] {1}));
    assertTrue(store.mayHoldTornObjects());
    assertTrue(new LocalStore(folder).mayHoldTornObjects());
    assertFalse(store.setAside("y", new byte[] {2}));
    assertArrayEquals(new byte[] {1}, store.read("y", 10));
    assertTrue(store.setAside("y", new byte[] {1}));
    assertFalse(store.setAside("y", new byte[] {1}));
    assertTrue(store.listTemporary("").getFirst().name().startsWith(".tmp-torn-y-"));
  }
}
