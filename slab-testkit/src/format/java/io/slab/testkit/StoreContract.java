package io.slab.testkit;

import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.model.Utf8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises; each implementation runs all of it. */
public abstract class StoreContract {
  /** A store with nothing in it. */
  protected abstract ObjectStore store();

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static List<String> names(List<ObjectInfo> infos) {
    return infos.stream().map(ObjectInfo::name).toList();
  }

  @Test
  public void anEmptyStoreListsNothing() {
    ObjectStore store = store();
    assertEquals(List.of(), store.list("", null));
    assertEquals(List.of(), store.list("a/b/", null));
    assertEquals(List.of(), store.listFolders(""));
    assertEquals(List.of(), store.listFolders("a/"));
  }

  @Test
  public void whatWasCreatedIsReadBack() {
    ObjectStore store = store();
    for (int length : new int[] {0, 1, 4095, 4096, 100_000}) {
      String name = "a/b/object-" + length;
      byte[] content = random(length);
      assertTrue(store.create(name, content));
      assertArrayEquals(content, store.read(name, length));
      try (ByteSource source = store.open(name)) {
        assertEquals(length, source.length());
        assertArrayEquals(content, source.read(0, length).toArray(ValueLayout.JAVA_BYTE));
        if (length > 10) {
          assertEquals(content[7], source.read(7, 1).get(ValueLayout.JAVA_BYTE, 0));
        }
        assertThrows(CorruptException.class, () -> source.read(0, length + 1L));
        assertThrows(CorruptException.class, () -> source.read(length + 1L, 0));
        assertThrows(CorruptException.class, () -> source.read(-1, 0));
        assertThrows(CorruptException.class, () -> source.read(1, Long.MAX_VALUE));
        assertEquals(0, source.read(length, 0).byteSize());
      }
    }
  }

  @Test
  public void onlyWhatIsNotThereIsSaidToBeAbsent() {
    ObjectStore store = store();
    for (int length : new int[] {0, 1, 70_000}) {
      String name = "a/" + length;
      long before = store.absentAt(name);
      assertTrue(store.create(name, random(length)));
      assertEquals(Listing.UNDATED, store.absentAt(name), length + " bytes");
      Listing listing = store.listing("a/", null);
      assertEquals(store.list("a/", null), listing.objects());
      if (listing.answeredMillis() != Listing.UNDATED) {
        assertTrue(before <= listing.answeredMillis(), before + " then " + listing);
      }
    }
  }

  @Test
  public void readRefusesMoreThanTheLimit() {
    ObjectStore store = store();
    assertTrue(store.create("x", random(10)));
    assertThrows(CorruptException.class, () -> store.read("x", 9));
    assertEquals(10, store.read("x", 10).length);
  }

  @Test
  public void aTakenNameIsNeverOverwritten() {
    ObjectStore store = store();
    assertTrue(store.create("f/x", random(3)));
    assertFalse(store.create("f/x", random(3)));
    assertFalse(store.create("f/x", random(5)));
    assertArrayEquals(random(3), store.read("f/x", 100));
    try (ObjectUpload upload = store.upload("f/x")) {
      upload.write(MemorySegment.ofArray(random(5)));
      assertThrows(ConflictException.class, upload::commit);
    }
    assertArrayEquals(random(3), store.read("f/x", 100));
  }

  @Test
  public void whatIsMissingIsSaidToBeMissing() {
    ObjectStore store = store();
    assertThrows(MissingException.class, () -> store.read("nope", 10));
    assertThrows(MissingException.class, () -> store.open("a/nope"));
    store.delete("nope");
    store.delete("a/b/nope");
  }

  @Test
  public void aDeletedNameIsFreeAgain() {
    ObjectStore store = store();
    assertTrue(store.create("a/x", random(3)));
    store.delete("a/x");
    assertThrows(MissingException.class, () -> store.read("a/x", 10));
    assertEquals(List.of(), store.list("a/", null));
    assertTrue(store.create("a/x", random(4)));
    assertEquals(4, store.read("a/x", 10).length);
  }

  @Test
  public void listingsAreFlatSortedAndStartAfterAName() {
    ObjectStore store = store();
    for (String name :
        List.of("w/3", "w/1", "w/20", "w/2", "w/sub/4", "other/5", "wx/6", "w/\u00e9")) {
      assertTrue(store.create(name, random(2)));
    }
    assertEquals(List.of("w/1", "w/2", "w/20", "w/3", "w/\u00e9"), names(store.list("w/", null)));
    assertEquals(List.of("w/3", "w/\u00e9"), names(store.list("w/", "20")));
    assertEquals(List.of("w/20", "w/3", "w/\u00e9"), names(store.list("w/", "2")));
    assertEquals(List.of("w/3", "w/\u00e9"), names(store.list("w/", "200")));
    assertEquals(List.of(), store.list("w/", "\u00e9"));
    assertEquals(List.of(), store.list("", null));
    assertEquals(List.of("other", "w", "wx"), store.listFolders(""));
    assertEquals(List.of("sub"), store.listFolders("w/"));
    ObjectInfo first = store.list("w/", null).getFirst();
    assertEquals(2, first.size());
    assertEquals("1", first.fileName());
    assertTrue(Math.abs(first.modifiedMillis() - System.currentTimeMillis()) < 60_000);
  }

  @Test
  public void anUploadIsInvisibleUntilCommit() {
    ObjectStore store = store();
    try (ObjectUpload upload = store.upload("s/big")) {
      byte[] all = random(3_000_000);
      MemorySegment bytes = MemorySegment.ofArray(all);
      long at = 0;
      for (long step = 1; at < all.length; step = step * 3 + 1) {
        long length = Math.min(step, all.length - at);
        upload.write(bytes.asSlice(at, length));
        at += length;
        assertEquals(at, upload.position());
      }
      assertEquals(List.of(), store.list("s/", null));
      assertThrows(MissingException.class, () -> store.open("s/big"));
      upload.commit();
      assertEquals(List.of("s/big"), names(store.list("s/", null)));
      assertArrayEquals(all, store.read("s/big", all.length));
    }
    assertEquals(1, store.list("s/", null).size());
  }

  @Test
  public void anAbandonedUploadLeavesNothing() {
    ObjectStore store = store();
    try (ObjectUpload upload = store.upload("s/big")) {
      upload.write(MemorySegment.ofArray(random(1000)));
    }
    assertEquals(List.of(), store.list("s/", null));
    assertTrue(store.create("s/big", random(1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/x",
        "x/",
        "a//b",
        "..",
        "../x",
        "a/../../x",
        ".",
        "a/./b",
        "a\\b",
        "a\0",
        ".tmp-1",
        "a/.tmp-x/b"
      })
  public void namesThatCouldLeaveTheRootAreRefused(String name) {
    ObjectStore store = store();
    assertThrows(IllegalArgumentException.class, () -> store.create(name, new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> store.read(name, 1));
    assertThrows(IllegalArgumentException.class, () -> store.open(name));
    assertThrows(IllegalArgumentException.class, () -> store.upload(name));
    assertThrows(IllegalArgumentException.class, () -> store.delete(name));
    if (!name.isEmpty()) {
      assertThrows(IllegalArgumentException.class, () -> store.list(name + "//", null));
      assertThrows(IllegalArgumentException.class, () -> store.listFolders("../"));
    }
  }

  @Test
  public void exactlyOneOfManyThreadsCreatesAName() throws Exception {
    ObjectStore store = store();
    int threads = 8;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int round = 0; round < 40; round++) {
        String name = "race/" + round;
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          byte[] content = Utf8.bytes("thread " + t);
          tasks.add(() -> store.create(name, content));
        }
        int winners = 0;
        int winner = -1;
        List<Future<Boolean>> results = pool.invokeAll(tasks);
        for (int t = 0; t < threads; t++) {
          if (results.get(t).get()) {
            winners++;
            winner = t;
          }
        }
        assertEquals(1, winners);
        assertEquals("thread " + winner, Utf8.string(store.read(name, 100)));
      }
    }
  }
}
