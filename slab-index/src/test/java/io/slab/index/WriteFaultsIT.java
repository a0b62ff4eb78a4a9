package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.compaction.CompactionRequest;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.error.StoreException.Effect;
import io.slab.error.StoreException.Kind;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.Thresholds;
import io.slab.s3.S3Address;
import io.slab.s3.S3Store;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.Breadth;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.s3.ChaosProxy;
import io.slab.testkit.s3.S3Server;
import io.slab.writer.NamespaceWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a writer is told is what is there: every kind of write, with each of its requests answered
 * by an error that tells the truth or does not, and with the storage gone from any request on.
 */
class WriteFaultsIT {
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
  private static final String NS = "__default__";

  /** What becomes of one create. */
  private enum Fault {
    /** The object is there, and the answer says that it was denied. */
    DONE_AND_DENIED,
    DENIED,
    DONE_WITHOUT_ANSWER,
    WITHOUT_ANSWER,
    /** It never left this machine. */
    UNSENT,
    /** Not a fault of the create: from this call on, of any kind, nothing is answered. */
    GONE
  }

  /** How an operation ended. */
  private enum Told {
    DONE,
    UNKNOWN,
    FAILED
  }

  /** One write: what is there before, what it does, how the test sees that it was done. */
  private record Write(
      String name,
      Consumer<ObjectStore> before,
      Consumer<ObjectStore> write,
      Predicate<ObjectStore> done) {}

  /** Passes everything on, except for one fault. */
  private static final class Faulty {
    private final ObjectStore inner;
    private final Fault fault;
    private final boolean blindAfter;
    private final int at;
    private int seen;
    private boolean blind;

    Faulty(ObjectStore inner, Fault fault, boolean blindAfter, int at) {
      this.inner = inner;
      this.fault = fault;
      this.blindAfter = blindAfter;
      this.at = at;
    }

    boolean met() {
      return seen > at;
    }

    ObjectStore store() {
      return (ObjectStore)
          Proxy.newProxyInstance(
              getClass().getClassLoader(), new Class<?>[] {ObjectStore.class}, this::call);
    }

    private synchronized Object call(Object proxy, Method method, Object[] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "retry":
          return Retry.NEVER;
        case "createsMayLandLate":
          return true;
        case "list", "listFolders", "read", "open", "create", "upload", "delete":
          break;
        default:
          return pass(method, arguments);
      }
      if (fault == Fault.GONE && seen++ >= at) {
        blind = true;
      }
      if (blind) {
        throw failure(Effect.OPEN, Kind.TEMPORARY);
      }
      boolean hit = fault != Fault.GONE && method.getName().equals("create") && seen++ == at;
      if (!hit) {
        return pass(method, arguments);
      }
      blind = blindAfter;
      if (fault == Fault.DONE_AND_DENIED || fault == Fault.DONE_WITHOUT_ANSWER) {
        pass(method, arguments);
      }
      throw switch (fault) {
        case DONE_AND_DENIED, DENIED -> failure(Effect.ANSWERED, Kind.DENIED);
        case UNSENT -> failure(Effect.NONE, Kind.DENIED);
        default -> failure(Effect.OPEN, Kind.TEMPORARY);
      };
    }

    private Object pass(Method method, Object[] arguments) throws Throwable {
      try {
        return method.invoke(inner, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private static StoreException failure(Effect effect, Kind kind) {
      return new StoreException(kind, effect, "injected", null, null);
    }
  }

  private static Environment environment() {
    return new Environment(() -> 1_000L, RandomGenerator.getDefault());
  }

  private static SlabIndex open(ObjectStore store) {
    return SlabIndex.open(store, environment());
  }

  private static void create(ObjectStore store) {
    SlabIndex.create(store, SPEC, false, environment()).close();
  }

  private static WriteOp upsert(String id) {
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY));
  }

  private static void append(ObjectStore store, String... ids) {
    try (SlabIndex index = open(store);
        NamespaceWriter writer = index.writer(NS)) {
      writer.append(Stream.of(ids).map(WriteFaultsIT::upsert).toList());
    }
  }

  private static void flush(ObjectStore store) {
    try (SlabIndex index = open(store);
        NamespaceWriter writer = index.writer(NS)) {
      writer.flush();
    }
  }

  /** An index with two slabs and a record in the log. */
  private static void full(ObjectStore store) {
    create(store);
    for (String id : List.of("a", "b")) {
      append(store, id, id + id);
      flush(store);
    }
    append(store, "a");
  }

  private static boolean has(ObjectStore store, Predicate<Snapshot> what) {
    try (SlabIndex index = open(store);
        Snapshot snapshot = index.snapshot(NS)) {
      return what.test(snapshot);
    }
  }

  private static List<Write> writes() {
    List<Write> writes = new ArrayList<>();
    writes.add(
        new Write(
            "create",
            store -> {},
            WriteFaultsIT::create,
            store -> store.list("", null).size() == 1));
    writes.add(
        new Write(
            "protect",
            WriteFaultsIT::create,
            store -> open(store).setDeletionProtection(true),
            store -> open(store).deletionProtected()));
    writes.add(
        new Write(
            "create namespace",
            WriteFaultsIT::create,
            store -> open(store).createNamespace("other"),
            store -> open(store).namespaceExists("other")));
    writes.add(
        new Write(
            "first append",
            WriteFaultsIT::create,
            store -> append(store, "x"),
            store -> has(store, snapshot -> snapshot.find("x") != null)));
    writes.add(
        new Write(
            "append",
            WriteFaultsIT::full,
            store -> append(store, "x"),
            store -> has(store, snapshot -> snapshot.find("x") != null)));
    writes.add(
        new Write(
            "flush",
            WriteFaultsIT::full,
            WriteFaultsIT::flush,
            store -> has(store, snapshot -> snapshot.memtable().isEmpty())));
    writes.add(
        new Write(
            "compact",
            WriteFaultsIT::full,
            store ->
                open(store).compactor(NS).run(CompactionRequest.full(), () -> false, done -> {}),
            store -> has(store, snapshot -> snapshot.slabs().size() == 1)));
    writes.add(
        new Write(
            "configure",
            WriteFaultsIT::full,
            store -> open(store).configure(NS, Map.of(Thresholds.MEMTABLE_RECORDS, 7L)),
            store -> open(store).thresholds(NS).get(Thresholds.MEMTABLE_RECORDS) == 7));
    writes.add(
        new Write(
            "drop namespace",
            WriteFaultsIT::full,
            store -> open(store).dropNamespace(NS),
            store -> !open(store).namespaceExists(NS)));
    return writes;
  }

  private static Told told(Write write, ObjectStore store, String where) {
    try {
      write.write.accept(store);
      return Told.DONE;
    } catch (OutcomeUnknownException e) {
      return Told.UNKNOWN;
    } catch (StoreException e) {
      return Told.FAILED;
    } catch (SlabException e) {
      throw new AssertionError(where, e);
    }
  }

  /** Runs one write once for each of its requests; counts the ends. */
  private static Map<Told, Integer> sweep(Write write, Fault fault, boolean blind) {
    Map<Told, Integer> ends = new EnumMap<>(Told.class);
    for (int at = 0; ; at++) {
      MemoryStore memory = new MemoryStore(() -> 1_000L);
      write.before.accept(memory);
      assertFalse(write.done.test(memory), write.name);
      Faulty faulty = new Faulty(memory, fault, blind, at);
      String where = write.name + ", " + fault + (blind ? " and blind" : "") + " at " + at;
      Told told = told(write, faulty.store(), where);
      if (!faulty.met()) {
        assertEquals(Told.DONE, told, where);
        return ends;
      }
      boolean done = write.done.test(memory);
      switch (told) {
        case DONE -> assertTrue(done, where + ": was said to be done");
        case FAILED -> assertFalse(done, where + ": was said to have failed");
        case UNKNOWN -> {}
      }
      ends.merge(told, 1, Integer::sum);
    }
  }

  @Test
  void anErrorIsNoProofAndWhatIsFoundCounts() {
    for (Write write : writes()) {
      Map<Told, Integer> ends = sweep(write, Fault.DONE_AND_DENIED, false);
      // A vector of deleted rows is no commit: without it there is none.
      assertEquals(Set.of(Told.DONE), ends.keySet(), write.name + " " + ends);
      ends = sweep(write, Fault.DONE_WITHOUT_ANSWER, false);
      assertEquals(Set.of(Told.DONE), ends.keySet(), write.name + " " + ends);
    }
  }

  @Test
  void anAnswerIsBelievedOnceNothingIsFound() {
    for (Write write : writes()) {
      Map<Told, Integer> ends = sweep(write, Fault.DENIED, false);
      assertEquals(Set.of(Told.FAILED), ends.keySet(), write.name + " " + ends);
      ends = sweep(write, Fault.UNSENT, false);
      assertEquals(Set.of(Told.FAILED), ends.keySet(), write.name + " " + ends);
    }
  }

  @Test
  void whatMayLandLateIsUnknown() {
    for (Write write : writes()) {
      Map<Told, Integer> ends = sweep(write, Fault.WITHOUT_ANSWER, false);
      assertTrue(ends.containsKey(Told.UNKNOWN), write.name + " " + ends);
      assertFalse(ends.containsKey(Told.DONE), write.name + " " + ends);
    }
  }

  @Test
  void whereTheLookUpFailsItIsUnknown() {
    for (Write write : writes()) {
      for (Fault fault : List.of(Fault.DONE_AND_DENIED, Fault.DENIED, Fault.WITHOUT_ANSWER)) {
        Map<Told, Integer> ends = sweep(write, fault, true);
        assertTrue(ends.containsKey(Told.UNKNOWN), write.name + " " + ends);
      }
      assertEquals(Set.of(Told.FAILED), sweep(write, Fault.UNSENT, true).keySet(), write.name);
    }
  }

  @Test
  void whatWasCommittedIsNotHiddenByWhatComesAfter() {
    for (Write write : writes()) {
      Map<Told, Integer> ends = sweep(write, Fault.GONE, false);
      assertTrue(ends.containsKey(Told.FAILED), write.name + " " + ends);
    }
  }

  /** The same with real answers of a real server, one fault in each request in turn. */
  @Test
  void theSameHoldsForEveryRequestToAServer() {
    for (ChaosProxy.Fault fault :
        List.of(
            ChaosProxy.Fault.COMMIT_THEN_403,
            ChaosProxy.Fault.COMMIT_THEN_404,
            ChaosProxy.Fault.DENIED_403,
            ChaosProxy.Fault.COMMIT_THEN_500,
            ChaosProxy.Fault.RESET_AFTER_FORWARDED)) {
      // More writes with the worst one; the others differ in what becomes of the request alone.
      boolean all = fault == ChaosProxy.Fault.COMMIT_THEN_403;
      for (Write write : writes()) {
        if (!(all && Breadth.isLong()) && !wanted(all).contains(write.name)) {
          continue;
        }
        sweepServer(write, fault);
      }
    }
  }

  /** The writes that every build tries; the long tests try all with the worst fault. */
  private static Set<String> wanted(boolean worst) {
    return worst ? Set.of("protect", "append", "flush", "compact") : Set.of("protect", "append");
  }

  private static void sweepServer(Write write, ChaosProxy.Fault fault) {
    // Every second request in a build: whether one is early or late in a write changes little.
    for (int at = 0; ; at += Breadth.of(2, 1)) {
      S3Address place = S3Server.newPlace();
      int target = at;
      try (S3Store clean = S3Store.open(place, S3Server.settings());
          ChaosProxy proxy = new ChaosProxy(S3Server.endpoint(), r -> ChaosProxy.Fault.NONE);
          S3Store faulty =
              S3Store.open(place, S3Server.settings(proxy.endpoint(), Duration.ofSeconds(20)))) {
        write.before.accept(clean);
        String where = write.name + ", " + fault + " at " + at;
        boolean[] put = {false};
        proxy.plan(request -> {
          if (request.number() != target) {
            return ChaosProxy.Fault.NONE;
          }
          put[0] = request.method().equals("PUT");
          return fault;
        });
        Object told = toldByServer(write, faulty);
        if (proxy.faults() == 0) {
          assertEquals(Told.DONE, told, where);
          return;
        }
        boolean done = write.done.test(clean);
        // Only a look that is refused leaves something unknown, for it is not repeated.
        boolean unknown = told instanceof OutcomeUnknownException && !put[0];
        assertTrue(unknown || done == (told == Told.DONE), where + ": " + told);
      }
    }
  }

  private static Object toldByServer(Write write, ObjectStore store) {
    try {
      write.write.accept(store);
      return Told.DONE;
    } catch (SlabException e) {
      return e;
    }
  }
}
