package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import io.slab.s3.S3Address;
import io.slab.s3.S3Settings;
import io.slab.s3.S3Store;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import io.slab.testkit.s3.ChaosProxy;
import io.slab.testkit.s3.ChaosProxy.Fault;
import io.slab.testkit.s3.S3Server;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What the store makes of each fault of a network or a server. */
class S3FaultsIT {
  private final S3Address place = S3Server.newPlace();
  private final ChaosProxy proxy = new ChaosProxy(S3Server.endpoint(), request -> Fault.NONE);

  @AfterEach
  void close() {
    proxy.close();
  }

  private S3Store store() {
    return store(Duration.ofSeconds(6));
  }

  private S3Store store(Duration timeout) {
    return S3Store.open(place, S3Server.settings(proxy.endpoint(), timeout), 3);
  }

  /** The first request of each kind to each target meets the fault. */
  private static ChaosProxy.Plan firstOfEach(Fault fault) {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    return request ->
        seen.add(request.method() + request.target().replaceAll("uploadId=[^&]*", ""))
            ? fault
            : Fault.NONE;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** Faults that a repetition heals, and that no content is lost by. */
  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      mode = Mode.EXCLUDE,
      names = {
        "NONE",
        "PRETEND_200",
        "NOT_IMPLEMENTED_501",
        "CORRUPT_BODY",
        "DENIED_403",
        "COMMIT_THEN_403",
        "COMMIT_THEN_404"
      })
  void everythingWorksWhenTheFirstRequestOfEachKindFails(Fault fault) {
    boolean stall = fault == Fault.STALL;
    ChaosProxy.Plan first = firstOfEach(fault);
    // Each one takes a second: those that only read are left out.
    proxy.plan(
        request -> stall && request.method().equals("GET") ? Fault.NONE : first.decide(request));
    S3Store store = store(Duration.ofSeconds(stall ? 3 : 6));
    byte[] small = random(1000);
    boolean created = store.create("f/small", small);
    // The answer may have been lost: then the name is taken, by ourselves.
    boolean lost =
        Set.of(Fault.RESET_AFTER_FORWARDED, Fault.COMMIT_THEN_500, Fault.STALL).contains(fault);
    assertEquals(!lost, created);
    assertArrayEquals(small, store.read("f/small", 1000));
    assertEquals(1, store.list("f/", null).size());
    byte[] large = random(17 << 20);
    try (ObjectUpload upload = store.upload("f/large")) {
      upload.write(MemorySegment.ofArray(large));
      upload.commit();
    }
    try (ByteSource source = store.open("f/large")) {
      assertArrayEquals(large, source.read(0, large.length).toArray(ValueLayout.JAVA_BYTE));
    }
    try (ObjectUpload upload = store.upload("f/inOnePart")) {
      upload.write(MemorySegment.ofArray(small));
      upload.commit();
    }
    assertEquals(3, store.list("f/", null).size());
    // An upload that began without an answer belongs to no process, until gc sweeps it.
    boolean orphan = lost || fault == Fault.TRUNCATE_BODY;
    assertEquals(orphan ? 1 : 0, store.listTemporary("f/").size());
    store.delete("f/small");
    assertEquals(2, store.list("f/", null).size());
    assertTrue(proxy.faults() > 5, proxy.faults() + " faults");
  }

  @Test
  void aServerThatIsAlwaysBusyIsTemporaryTrouble() {
    store().create("x", random(10));
    proxy.plan(request -> Fault.SLOWDOWN_503);
    StoreException e =
        assertThrows(StoreException.class, () -> store(Duration.ofSeconds(1)).read("x", 10));
    assertEquals(StoreException.Kind.TEMPORARY, e.kind());
    assertTrue(e.getMessage().contains("503 SlowDown"), e.getMessage());
    StoreException write =
        assertThrows(
            StoreException.class, () -> store(Duration.ofSeconds(1)).create("y", random(10)));
    assertTrue(write.refused(), "nothing was sent, for the server could not be proved");
  }

  @Test
  void aWriteWithoutAnAnswerIsNotCalledRefused() {
    S3Store store = store(Duration.ofSeconds(1));
    store.create("x", random(10));
    proxy.plan(firstOfEach(Fault.COMMIT_THEN_500));
    assertFalse(store.create("y", random(10)));
    proxy.plan(request -> request.is("PUT", "prefix/w") ? Fault.INTERNAL_500 : Fault.NONE);
    StoreException e = assertThrows(StoreException.class, () -> store.create("w", random(10)));
    assertFalse(e.refused());
    assertEquals(StoreException.Kind.TEMPORARY, e.kind());
  }

  @Test
  void anErrorThatAWriteIsAnsweredWithIsNoProof() {
    S3Store store = store();
    store.create("x", random(10));
    proxy.plan(request -> request.is("PUT", "prefix/y") ? Fault.COMMIT_THEN_403 : Fault.NONE);
    StoreException e = assertThrows(StoreException.class, () -> store.create("y", random(10)));
    assertEquals(StoreException.Kind.DENIED, e.kind());
    assertEquals(StoreException.Effect.ANSWERED, e.effect());
    assertEquals(10, store.read("y", 10).length);
    // The key that proves the server is not what the caller wanted to write.
    proxy.plan(
        request -> request.target().contains("conditional") ? Fault.INTERNAL_500 : Fault.NONE);
    StoreException unsent =
        assertThrows(
            StoreException.class, () -> store(Duration.ofSeconds(1)).create("z", random(10)));
    assertTrue(unsent.refused());
  }

  @Test
  void nobodyThereIsTemporaryAndCertainlyWithoutEffect() {
    S3Store store =
        S3Store.open(
            place, S3Server.settings(URI.create("http://127.0.0.1:1"), Duration.ofSeconds(5)));
    StoreException e = assertThrows(StoreException.class, () -> store.create("x", random(1)));
    assertEquals(StoreException.Kind.TEMPORARY, e.kind());
    assertTrue(e.refused());
    assertTrue(e.hint().contains("--endpoint-url"), e.hint());
  }

  @Test
  void wrongKeysAreDenied() {
    Map<String, String> wrong = new java.util.HashMap<>(S3Server.environment(S3Server.endpoint()));
    wrong.put("AWS_SECRET_ACCESS_KEY", "wrong");
    S3Store store = S3Store.open(place, S3Settings.of(wrong));
    StoreException e = assertThrows(StoreException.class, () -> store.read("x", 1));
    assertEquals(StoreException.Kind.DENIED, e.kind());
    assertFalse(e.getMessage().contains("wrong"), "no key in a message");
    StoreException write = assertThrows(StoreException.class, () -> store.create("x", random(1)));
    assertEquals(StoreException.Kind.DENIED, write.kind());
    assertTrue(write.refused());
  }

  @Test
  void aServerThatIgnoresConditionsIsRefusedForWritingAndReadAllTheSame() {
    assertTrue(store().create("f/x", random(10)));
    proxy.plan(request -> Fault.PRETEND_200);
    S3Store store = store();
    StoreException e = assertThrows(StoreException.class, () -> store.create("f/y", random(10)));
    assertTrue(e.getMessage().contains("no conditional writes"), e.getMessage());
    assertTrue(e.refused());
    assertThrows(StoreException.class, () -> store.upload("f/z"));
    assertEquals(10, store.read("f/x", 10).length);
    assertEquals(1, store.list("f/", null).size());
  }

  @Test
  void soIsOneThatKnowsNoConditions() {
    proxy.plan(request -> request.method().equals("PUT") ? Fault.NOT_IMPLEMENTED_501 : Fault.NONE);
    StoreException e = assertThrows(StoreException.class, () -> store().create("y", random(10)));
    assertTrue(e.getMessage().contains("no conditional writes"), e.getMessage());
    assertTrue(e.hint().contains("reading works"));
  }

  /** A drop that cannot be recorded for sure changes nothing, and neither does a removal. */
  @Test
  void anIndexIsNotDroppedWhereThereAreNoConditions() {
    IndexSpec spec = new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    Environment environment = Environment.system();
    try (SlabIndex index = SlabIndex.create(store(), spec, false, environment)) {
      index.createNamespace("n");
    }
    long objects =
        store().list("ns/n/manifest/", null).size() + store().list("ns/n/wal/", null).size();
    proxy.plan(request -> request.method().equals("PUT") ? Fault.NOT_IMPLEMENTED_501 : Fault.NONE);
    try (SlabIndex index = SlabIndex.open(store(), environment)) {
      StoreException e = assertThrows(StoreException.class, index.lifecycle()::drop);
      assertTrue(e.getMessage().contains("no conditional writes"), e.getMessage());
      assertThrows(
          StoreException.class, () -> index.lifecycle().remove(RemovalRequest.NOW, object -> {}));
    }
    try (SlabIndex index = SlabIndex.open(store(), environment)) {
      assertTrue(index.namespaceExists("n"));
    }
    assertEquals(List.of(), store().list("config/", null));
    assertEquals(
        objects,
        store().list("ns/n/manifest/", null).size() + store().list("ns/n/wal/", null).size());
  }

  @Test
  void theProofOfConditionalWritesTakesOneRequestOnceItIsThere() {
    store().create("a", random(1));
    long before = proxy.requests();
    S3Store store = store();
    store.create("b", random(1));
    store.create("c", random(1));
    assertEquals(3, proxy.requests() - before);
  }

  @Test
  void anUploadWhoseServerStaysAwayLeavesNoObject() {
    proxy.plan(
        request -> request.target().contains("partNumber") ? Fault.INTERNAL_500 : Fault.NONE);
    S3Store store = store(Duration.ofSeconds(1));
    try (ObjectUpload upload = store.upload("f/x")) {
      StoreException e =
          assertThrows(
              StoreException.class,
              () -> {
                upload.write(MemorySegment.ofArray(new byte[40 << 20]));
                upload.commit();
              });
      assertEquals(StoreException.Kind.TEMPORARY, e.kind());
    }
    assertEquals(0, store.list("f/", null).size());
    assertEquals(0, store.listTemporary("f/").size());
  }

  @Test
  void conditionalCompletionIsDoneWithoutWhereAServerKnowsNoSuchThing() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    proxy.plan(request ->
        request.is("POST", "uploadId") && seen.add("x") ? Fault.NOT_IMPLEMENTED_501 : Fault.NONE);
    S3Store store = store();
    try (ObjectUpload upload = store.upload("f/x")) {
      upload.write(MemorySegment.ofArray(new byte[17 << 20]));
      upload.commit();
    }
    assertEquals(17 << 20, store.list("f/", null).getFirst().size());
  }
}
