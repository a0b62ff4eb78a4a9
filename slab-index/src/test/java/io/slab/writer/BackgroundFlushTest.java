package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.Thresholds;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.testkit.FaultyStore;
import io.slab.testkit.FaultyStore.Fault;
import io.slab.testkit.FaultyStore.Operation;
import io.slab.testkit.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a writer whose flushes in the background come to nothing. */
class BackgroundFlushTest {
  private static final int LIMIT = 10;

  private final MemoryStore memory = new MemoryStore(() -> 1_000L);
  private volatile FaultyStore.Plan plan = (call, operation, name) -> Fault.NONE;
  private final NamespaceHandle namespace =
      handle(
          new FaultyStore(memory, (call, operation, name) -> plan.decide(call, operation, name)));
  private final NamespaceWriter writer = new NamespaceWriter(namespace);

  private static NamespaceHandle handle(ObjectStore store) {
    Environment environment = new Environment(() -> 1_000L, new Random(3));
    return new NamespaceHandle(
        store, "ns", Oracle.SPEC, environment, new FormatSlabs(), new Retry(1, 0));
  }

  @BeforeEach
  void flushInBackground() {
    new NamespaceAdmin(namespace).create();
    configure(Thresholds.MEMTABLE_RECORDS, LIMIT);
    writer.flushInBackground(true);
  }

  @AfterEach
  void close() {
    writer.close();
    namespace.close();
  }

  private void configure(String threshold, long value) {
    new NamespaceAdmin(namespace).configure(Map.of(threshold, value));
  }

  private static List<WriteOp> record(String id, Metadata metadata) {
    return List.of(new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 0}, null, metadata)));
  }

  private void fill(int from, int to) {
    for (int i = from; i < to; i++) {
      writer.append(record("r" + i, Metadata.EMPTY));
    }
  }

  private static boolean flushing() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("slab-flush"));
  }

  private static void awaitFlush() throws InterruptedException {
    for (int i = 0; i < 1_000 && flushing(); i++) {
      Thread.sleep(5);
    }
  }

  private long held() {
    try (Snapshot held = writer.held()) {
      return held.count();
    }
  }

  /** The thread that fills the memtable did nothing wrong, and the one that closes neither. */
  @Test
  void anErrorOfTheMachineIsNoFailureOfAnother() throws InterruptedException {
    plan =
        (call, operation, name) -> {
          if (operation == Operation.COMMIT) {
            throw new InternalError("made up");
          }
          return Fault.NONE;
        };
    fill(0, LIMIT);
    writer.close();
    writer.refresh();
    assertEquals(LIMIT, held());
    // What would pass the limit is told why it cannot.
    assertThrows(InternalError.class, () -> writer.append(record("refused", Metadata.EMPTY)));
    plan = (call, operation, name) -> Fault.NONE;
    writer.append(record("last", Metadata.EMPTY));
    assertEquals(LIMIT + 1, held());
  }

  /** Of the log nothing can be read now; what the writer holds is right all the same. */
  @Test
  void aReadNeedsNoStorageWhenOneFailed() throws InterruptedException {
    plan = (call, operation, name) -> operation == Operation.COMMIT ? Fault.BEFORE : Fault.NONE;
    fill(0, LIMIT);
    awaitFlush();
    plan = (call, operation, name) -> Fault.BEFORE;
    assertEquals(LIMIT, held());
    plan = (call, operation, name) -> Fault.NONE;
    fill(LIMIT, 2 * LIMIT);
    writer.flush();
    assertEquals(2 * LIMIT, held());
  }

  /** The same where it made its slabs, and these cannot be opened. */
  @Test
  void aReadNeedsNoStorageWhenOneWentWell() throws InterruptedException {
    fill(0, LIMIT);
    awaitFlush();
    plan = (call, operation, name) -> Fault.BEFORE;
    assertEquals(LIMIT, held());
    plan = (call, operation, name) -> Fault.NONE;
    fill(LIMIT, 2 * LIMIT);
    writer.flush();
    assertEquals(2 * LIMIT, held());
  }

  /** Few records with much metadata: the number of records is no bound then. */
  @Test
  void aMemtableThatIsFullByBytesIsReportedWhenNoSlabCanBeWritten() {
    configure(Thresholds.MEMTABLE_RECORDS, 10_000);
    configure(Thresholds.MEMTABLE_BYTES, 1 << 20);
    plan = (call, operation, name) -> operation == Operation.COMMIT ? Fault.BEFORE : Fault.NONE;
    Metadata large = Metadata.of(Map.of("text", new MetaValue.Str("x".repeat(30_000))));
    assertThrows(
        StoreException.class,
        () -> {
          for (int i = 0; i < 100; i++) {
            writer.append(record("r" + i, large));
          }
        });
    plan = (call, operation, name) -> Fault.NONE;
    writer.append(record("last", large));
  }

  /** A program that looks for what others wrote hears of a lost flush in another place. */
  @Test
  void thoseThatOthersAreBeforeAreCountedWhereverItIsSeen() throws InterruptedException {
    Thread self = Thread.currentThread();
    AtomicBoolean overtaken = new AtomicBoolean();
    int most = 0;
    try (NamespaceHandle other = handle(memory)) {
      plan =
          (call, operation, name) -> {
            if (operation == Operation.COMMIT
                && Thread.currentThread().getName().equals("slab-flush")) {
              new NamespaceAdmin(other).configure(Map.of(Thresholds.SLAB_ROWS, 1_000 + call));
              overtaken.set(true);
              awaitWaiting(self);
              overtaken.set(false);
            }
            return Fault.NONE;
          };
      for (int i = 0; i < 6 * LIMIT; i++) {
        fill(i, i + 1);
        while (flushing() && !overtaken.get()) {
          Thread.sleep(1);
        }
        writer.refresh();
        try (Snapshot own = writer.held()) {
          most = Math.max(most, own.memtable().size());
        }
      }
    }
    assertTrue(most <= 3 * LIMIT, most + " records that are in no slab");
    try (Snapshot all = namespace.snapshot()) {
      assertEquals(6 * LIMIT, all.count());
    }
  }

  private static void awaitWaiting(Thread thread) {
    for (int i = 0; i < 1_000 && thread.getState() != Thread.State.WAITING; i++) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
