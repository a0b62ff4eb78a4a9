package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.Environment;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceHandle;
import io.slab.s3.S3Address;
import io.slab.s3.S3Store;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import io.slab.testkit.s3.ChaosProxy;
import io.slab.testkit.s3.ChaosProxy.Fault;
import io.slab.testkit.s3.S3Server;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commit protocol on S3, over a network and a server that fail in every way they can. */
class S3NamespaceIT {
  private static final List<Fault> FAULTS =
      List.of(
          Fault.INTERNAL_500,
          Fault.CONFLICT_409,
          Fault.RESET_BEFORE,
          Fault.RESET_AFTER_FORWARDED,
          Fault.COMMIT_THEN_500,
          Fault.TRUNCATE_BODY);

  private final S3Address place = S3Server.newPlace();
  private final ChaosProxy proxy = new ChaosProxy(S3Server.endpoint(), request -> Fault.NONE);
  private final AtomicLong seeds = new AtomicLong(Seeds.of("S3NamespaceIT"));

  @AfterEach
  void close() {
    proxy.close();
  }

  /** A store of its own for each writer, as every process has. */
  private S3Store faulty(Duration timeout) {
    return S3Store.open(place, S3Server.settings(proxy.endpoint(), timeout));
  }

  private S3Store faulty() {
    return faulty(Duration.ofSeconds(20));
  }

  private S3Store clean() {
    return S3Store.open(place, S3Server.settings());
  }

  private NamespaceHandle handle(ObjectStore store) {
    Environment environment =
        new Environment(() -> 1_000L, new SplittableRandom(seeds.incrementAndGet()));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), store.retry());
  }

  /** Each request fails with some probability, so that each succeeds in the end. */
  private ChaosProxy.Plan often(double probability, long seed) {
    Random random = new Random(seed);
    return request -> {
      synchronized (random) {
        return random.nextDouble() < probability
            ? FAULTS.get(random.nextInt(FAULTS.size()))
            : Fault.NONE;
      }
    };
  }

  private static WriteOp upsert(String id) {
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 0}, null, Metadata.EMPTY));
  }

  @Test
  void threeWritersAgreeWithTheOracleOverABadNetwork() {
    proxy.plan(often(0.12, Seeds.of("S3NamespaceIT.theNetwork")));
    long seed = Seeds.of("S3NamespaceIT.threeWritersAgreeWithTheOracleOverABadNetwork");
    Random random = new Random(seed);
    Oracle oracle = new Oracle();
    List<NamespaceHandle> handles = new ArrayList<>();
    List<NamespaceWriter> writers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      handles.add(handle(faulty()));
      writers.add(new NamespaceWriter(handles.get(i)));
    }
    for (int step = 0; step < 24; step++) {
      NamespaceWriter writer = writers.get(random.nextInt(3));
      if (random.nextInt(6) == 0) {
        writer.flush();
      } else {
        List<WriteOp> batch = Oracle.batch(random);
        oracle.apply(batch);
        writer.append(batch);
      }
    }
    for (NamespaceWriter writer : writers) {
      writer.refresh();
      try (Snapshot own = writer.snapshot()) {
        oracle.assertSame(own);
      }
    }
    handles.forEach(NamespaceHandle::close);
    try (NamespaceHandle fresh = handle(clean());
        Snapshot snapshot = fresh.snapshot()) {
      oracle.assertSame(snapshot);
    }
    assertTrue(proxy.faults() > 10, proxy.faults() + " faults");
  }

  /** What one writer was told. */
  private record Told(Map<String, Commit> acknowledged, Set<String> unknown, Set<String> failed) {}

  private Told write(int writer, int batches) {
    Told told = new Told(new HashMap<>(), new HashSet<>(), new HashSet<>());
    try (NamespaceHandle handle = handle(faulty(Duration.ofSeconds(2)));
        NamespaceWriter out = new NamespaceWriter(handle)) {
      for (int i = 0; i < batches; i++) {
        String id = "w" + writer + "-" + i;
        try {
          told.acknowledged.put(id, out.append(List.of(upsert(id))));
        } catch (OutcomeUnknownException e) {
          told.unknown.add(id);
        } catch (StoreException e) {
          told.failed.add(id);
        }
      }
    }
    return told;
  }

  @Test
  void whatManyWritersWereToldIsWhatIsThereExactlyOnceInLsnOrder() throws Exception {
    write(99, 1);
    proxy.plan(
        often(
            0.6,
            Seeds.of("S3NamespaceIT.whatManyWritersWereToldIsWhatIsThereExactlyOnceInLsnOrder")));
    int writers = Breadth.of(3, 5);
    List<Told> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      List<Future<Told>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int writer = w;
        running.add(threads.submit(() -> write(writer, 8)));
      }
      for (Future<Told> told : running) {
        all.add(told.get());
      }
    }
    Map<String, Long> places = new HashMap<>();
    S3Store store = clean();
    for (ObjectInfo info : store.list("ns/ns/wal/", null)) {
      long number = Long.parseLong(info.fileName().substring(0, 20));
      WalObject object = WalReader.decode(info.name(), number, store.read(info.name(), 1 << 24));
      for (int i = 0; i < object.records().size(); i++) {
        WriteOp op = WriteOpCodec.decode(info.name(), object.records().get(i), Oracle.SPEC);
        String id = ((WriteOp.Upsert) op).record().id();
        assertEquals(null, places.put(id, object.firstLsn() + i), id + " is there twice");
      }
    }
    int acknowledged = 0;
    int unknown = 0;
    for (Told told : all) {
      told.acknowledged.forEach((id, commit) ->
          assertEquals(commit.firstLsn(), places.get(id), id + " is not where it was said"));
      told.failed.forEach(
          id -> assertTrue(!places.containsKey(id), id + " was said to have failed"));
      acknowledged += told.acknowledged.size();
      unknown += told.unknown.size();
    }
    System.out.println(
        acknowledged + " acknowledged, " + unknown + " unknown, " + proxy.faults() + " faults");
    assertTrue(acknowledged > 10, "the network was too bad for a test");
  }

  @Test
  void aCommitWithoutAnyAnswerIsUnknownAndOneThatLandedIsFound() {
    write(99, 1);
    try (NamespaceHandle handle = handle(faulty(Duration.ofSeconds(1)));
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      writer.append(List.of(upsert("a")));
      // Nothing arrives, and no writer can know.
      proxy.plan(request -> request.is("PUT", "/wal/") ? Fault.RESET_BEFORE : Fault.NONE);
      assertThrows(OutcomeUnknownException.class, () -> writer.append(List.of(upsert("b"))));
      // It arrives, and the answers do not: the commit id is looked up.
      proxy.plan(request -> request.is("PUT", "/wal/") ? Fault.COMMIT_THEN_500 : Fault.NONE);
      writer.append(List.of(upsert("c")));
      // Nothing can be read any more either.
      proxy.plan(request -> Fault.RESET_AFTER_FORWARDED);
      assertThrows(OutcomeUnknownException.class, () -> writer.append(List.of(upsert("d"))));
    }
    try (NamespaceHandle handle = handle(faulty(Duration.ofSeconds(1)));
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      proxy.plan(request -> Fault.NONE);
      writer.refresh();
      // The echo of one's own object is "exists", and then no request can tell whose it is.
      Set<String> first = ConcurrentHashMap.newKeySet();
      proxy.plan(request ->
          request.is("PUT", "/wal/") && first.add("first")
              ? Fault.COMMIT_THEN_500
              : request.method().equals("GET") ? Fault.INTERNAL_500 : Fault.NONE);
      assertThrows(OutcomeUnknownException.class, () -> writer.append(List.of(upsert("f"))));
    }
    // An answer is the last that happens, and a look tells what had happened before it.
    for (Fault fault : List.of(Fault.DENIED_403, Fault.COMMIT_THEN_403, Fault.COMMIT_THEN_404)) {
      proxy.plan(request -> request.is("PUT", "/wal/") ? fault : Fault.NONE);
      try (NamespaceHandle handle = handle(faulty(Duration.ofSeconds(1)));
          NamespaceWriter writer = new NamespaceWriter(handle)) {
        if (fault == Fault.DENIED_403) {
          StoreException denied =
              assertThrows(StoreException.class, () -> writer.append(List.of(upsert("g"))));
          assertEquals(StoreException.Kind.DENIED, denied.kind());
        } else {
          writer.append(List.of(upsert("h" + fault)));
        }
      }
    }
    // The same where nothing can be read any more.
    for (Fault fault : List.of(Fault.DENIED_403, Fault.COMMIT_THEN_403)) {
      proxy.plan(request -> Fault.NONE);
      try (NamespaceHandle handle = handle(faulty(Duration.ofSeconds(1)));
          NamespaceWriter writer = new NamespaceWriter(handle)) {
        writer.refresh();
        Set<String> put = ConcurrentHashMap.newKeySet();
        proxy.plan(request -> {
          if (request.is("PUT", "/wal/")) {
            put.add("put");
            return fault;
          }
          return put.isEmpty() ? Fault.NONE : Fault.DENIED_403;
        });
        assertThrows(
            OutcomeUnknownException.class, () -> writer.append(List.of(upsert("i" + fault))));
      }
    }
    // Refused is not unknown.
    proxy.plan(request -> request.is("PUT", "/wal/") ? Fault.SLOWDOWN_503 : Fault.NONE);
    try (NamespaceHandle handle = handle(faulty(Duration.ofSeconds(1)));
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      StoreException busy =
          assertThrows(StoreException.class, () -> writer.append(List.of(upsert("e"))));
      assertEquals(StoreException.Kind.TEMPORARY, busy.kind());
    }
    try (NamespaceHandle fresh = handle(clean());
        Snapshot snapshot = fresh.snapshot()) {
      Set<String> ids = new HashSet<>();
      snapshot.memtable().forEach(row -> ids.add(row.record().id()));
      assertEquals(
          Set.of(
              "w99-0",
              "a",
              "c",
              "d",
              "f",
              "hCOMMIT_THEN_403",
              "hCOMMIT_THEN_404",
              "iCOMMIT_THEN_403"),
          ids);
    }
  }

  @Test
  void aBitThatChangesOnTheWayIsNeverPartOfAnAnswer() {
    Oracle oracle = new Oracle();
    Random random = new Random(7);
    try (NamespaceHandle handle = handle(clean());
        NamespaceWriter writer = new NamespaceWriter(handle)) {
      for (int i = 0; i < 12; i++) {
        List<WriteOp> batch = Oracle.batch(random);
        oracle.apply(batch);
        writer.append(batch);
        if (i % 5 == 4) {
          writer.flush();
        }
      }
    }
    int damaged = 0;
    int answered = 0;
    for (int at = 0; at < 14; at++) {
      int target = at;
      AtomicLong gets = new AtomicLong();
      Set<String> hit = ConcurrentHashMap.newKeySet();
      // A listing has no checksum of its own: of its bytes the network takes care.
      proxy.plan(request ->
          request.method().equals("GET")
                  && !request.target().contains("list-type")
                  && gets.getAndIncrement() == target
                  && hit.add(request.target())
              ? Fault.CORRUPT_BODY
              : Fault.NONE);
      try (NamespaceHandle handle = handle(faulty());
          Snapshot snapshot = handle.snapshot()) {
        oracle.assertSame(snapshot);
        answered++;
      } catch (CorruptException e) {
        damaged++;
      } catch (SlabException e) {
        throw new AssertionError("after damage to " + hit, e);
      }
    }
    System.out.println(damaged + " times corrupt, " + answered + " right answers");
    assertTrue(damaged > 0 && answered > 0);
  }
}
