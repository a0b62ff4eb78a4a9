package io.slab.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.testkit.StoreContract;
import io.slab.testkit.s3.S3Server;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The contract over a real server, with listings in small pages; and what only S3 has. */
class S3StoreIT extends StoreContract {
  @Override
  protected ObjectStore store() {
    return S3Store.open(S3Server.newPlace(), S3Server.settings(), 3);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aLargeUploadGoesInParts() {
    S3Store store = S3Server.newStore();
    byte[] all = random(40 << 20);
    try (ObjectUpload upload = store.upload("s/large")) {
      upload.write(MemorySegment.ofArray(all).asSlice(0, 17));
      upload.write(MemorySegment.ofArray(all).asSlice(17));
      assertEquals(List.of(), store.list("s/", null));
      assertEquals(1, store.listTemporary("s/").size());
      upload.commit();
    }
    assertArrayEquals(all, store.read("s/large", all.length));
    assertEquals(List.of(), store.listTemporary("s/"));
    try (ByteSource source = store.open("s/large")) {
      assertEquals(all.length, source.length());
      byte[] middle = source.read(1000, 33 << 20).toArray(ValueLayout.JAVA_BYTE);
      assertArrayEquals(java.util.Arrays.copyOfRange(all, 1000, 1000 + (33 << 20)), middle);
    }
    try (ObjectUpload again = store.upload("s/large")) {
      again.write(MemorySegment.ofArray(all).asSlice(0, 20 << 20));
      assertThrows(ConflictException.class, again::commit);
    }
    assertEquals(all.length, store.list("s/", null).getFirst().size());
  }

  @Test
  void anAbandonedUploadInPartsIsAborted() {
    S3Store store = S3Server.newStore();
    try (ObjectUpload upload = store.upload("s/large")) {
      upload.write(MemorySegment.ofArray(new byte[17 << 20]));
      assertEquals(1, store.listTemporary("s/").size());
    }
    assertEquals(List.of(), store.listTemporary("s/"));
    assertEquals(List.of(), store.list("s/", null));
  }

  @Test
  void whatAnInterruptedUploadLeftIsFoundAndSwept() {
    S3Store store = S3Server.newStore();
    ObjectUpload killed = store.upload("s/large");
    killed.write(MemorySegment.ofArray(new byte[17 << 20]));
    List<ObjectInfo> left = store.listTemporary("s/");
    assertEquals(1, left.size());
    assertTrue(left.getFirst().name().startsWith("s/.tmp-large@"), left.getFirst().name());
    assertTrue(Math.abs(left.getFirst().modifiedMillis() - store.now()) < 60_000);
    store.deleteTemporary(left.getFirst().name());
    assertEquals(List.of(), store.listTemporary("s/"));
    store.deleteTemporary(left.getFirst().name());
  }

  @Test
  void theClockIsTheServers() {
    S3Store store = S3Server.newStore();
    assertTrue(Math.abs(store.now() - System.currentTimeMillis()) < 5_000);
    assertTrue(Math.abs(store.absentAt("a/b") - System.currentTimeMillis()) < 5_000);
    long listed = store.listing("a/", null).answeredMillis();
    assertTrue(Math.abs(listed - System.currentTimeMillis()) < 5_000);
  }

  @Test
  void partsReachAlmostATerabyte() {
    long most = 0;
    for (int part = 1; part <= PartSizes.MOST_PARTS; part++) {
      most += PartSizes.of(part);
    }
    assertEquals(most, PartSizes.most());
    assertTrue(most > 950L << 30, most + " bytes");
    long equal = 1000L * PartSizes.of(1);
    assertTrue(equal > 10_000_000_000L, "no slab of levels 0 to 2 needs larger parts");
    assertThrows(IllegalArgumentException.class, () -> PartSizes.of(10_001));
  }
}
