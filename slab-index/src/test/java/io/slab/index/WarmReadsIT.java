package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.error.NotFoundException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.namespace.Freshness;
import io.slab.s3.S3Address;
import io.slab.s3.S3Store;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.s3.ChaosProxy;
import io.slab.testkit.s3.ChaosProxy.Fault;
import io.slab.testkit.s3.S3Server;
import io.slab.writer.NamespaceWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader that was here a moment ago asks of a real S3 server (spec/index.md, R-12). */
class WarmReadsIT {
  private static final Environment ENVIRONMENT = Environment.system();
  private static final IndexSpec SPEC =
      new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);

  private final S3Address place = S3Server.newPlace();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile Fault fault = Fault.NONE;
  private final ChaosProxy proxy = new ChaosProxy(S3Server.endpoint(), this::decide);
  private int written;

  @TempDir Path cache;

  /** Absent objects alone meet the fault: nothing else that is asked for has such a number. */
  private Fault decide(ChaosProxy.Request request) {
    requests.add(request.target().contains("list-type=2") ? "LIST" : request.method());
    return request.target().matches(".*/(manifest|wal)/0+3\\..*|.*/config/0+1\\.json.*")
        ? fault
        : Fault.NONE;
  }

  @AfterEach
  void close() {
    proxy.close();
  }

  private CachingStore store() {
    S3Store s3 = S3Store.open(place, S3Server.settings(proxy.endpoint(), Duration.ofMillis(700)));
    return new CachingStore(s3, new CacheFolder(cache, 1 << 30), 8);
  }

  private static SlabIndex direct(S3Address place) {
    return SlabIndex.open(S3Store.open(place, S3Server.settings()), ENVIRONMENT);
  }

  /** Two records, of which the last is in no slab; two manifests, and two log objects. */
  private void fill() {
    SlabIndex.create(S3Store.open(place, S3Server.settings()), SPEC, false, ENVIRONMENT).close();
    try (SlabIndex index = direct(place);
        NamespaceWriter writer = index.writer("")) {
      write(writer);
      writer.flush();
      write(writer);
    }
  }

  private void write(NamespaceWriter writer) {
    VectorRecord record =
        new VectorRecord("r" + written++, new float[] {written, 1}, null, Metadata.EMPTY);
    writer.append(List.of(new WriteOp.Upsert(record)));
  }

  private static long count(SlabIndex index) {
    try (Snapshot snapshot = index.snapshot("")) {
      return snapshot.count();
    }
  }

  private long oneShot() {
    try (CachingStore store = store();
        SlabIndex index = SlabIndex.open(store, ENVIRONMENT, "")) {
      return count(index);
    }
  }

  private long listings() {
    return requests.stream().filter("LIST"::equals).count();
  }

  @Test
  void aReaderThatWasHereAMomentAgoListsNothing() {
    fill();
    try (CachingStore store = store();
        SlabIndex index = SlabIndex.open(store, ENVIRONMENT);
        Snapshot first = index.snapshot("")) {
      assertEquals(2, first.count());
      requests.clear();
      assertEquals(2, count(index));
      assertEquals(List.of("GET", "GET", "GET", "GET"), requests);
      requests.clear();
      Freshness freshness = index.freshness("");
      assertFalse(freshness.changedSince(first));
      assertEquals(List.of("GET", "GET", "GET", "GET"), requests);
      try (SlabIndex other = direct(place);
          NamespaceWriter writer = other.writer("")) {
        write(writer);
        assertTrue(freshness.changedSince(first));
        assertEquals(3, count(index));
        writer.flush();
        assertEquals(3, count(index));
      }
      requests.clear();
      assertEquals(3, count(index));
      assertEquals(0, listings());
      direct(place).lifecycle().drop();
      assertThrows(NotFoundException.class, () -> count(index));
    }
  }

  @Test
  void aCommandThatRunsAgainListsNothing() {
    fill();
    assertEquals(2, oneShot());
    assertEquals(3, listings());
    requests.clear();
    assertEquals(2, oneShot());
    assertEquals(List.of("GET", "GET", "GET", "GET"), requests);
    try (SlabIndex other = direct(place);
        NamespaceWriter writer = other.writer("")) {
      write(writer);
    }
    assertEquals(3, oneShot());
    // Another index at the same place, whose settings and numbers go on.
    SlabIndex old = direct(place);
    old.lifecycle().drop();
    assertThrows(NotFoundException.class, this::oneShot);
    old.lifecycle().remove(RemovalRequest.NOW, object -> {});
    assertThrows(NotFoundException.class, this::oneShot);
    SlabIndex.create(S3Store.open(place, S3Server.settings()), SPEC, false, ENVIRONMENT).close();
    assertEquals(0, oneShot());
  }

  @Test
  void whateverIsNoProofMakesItList() {
    fill();
    try (CachingStore store = store();
        SlabIndex index = SlabIndex.open(store, ENVIRONMENT, "")) {
      assertEquals(2, count(index));
      for (Fault next :
          List.of(
              Fault.DENIED_403,
              Fault.INTERNAL_500,
              Fault.SLOWDOWN_503,
              Fault.RESET_BEFORE,
              Fault.COMMIT_THEN_404,
              Fault.TRUNCATE_BODY,
              Fault.STALL)) {
        requests.clear();
        fault = next;
        assertEquals(2, count(index));
        assertEquals(3, listings(), next + " " + requests);
      }
      requests.clear();
      fault = Fault.LATENCY;
      assertEquals(2, count(index));
      assertEquals(0, listings(), requests.toString());
    }
  }
}
