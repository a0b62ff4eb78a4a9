package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.NamespaceManifest;
import io.slab.memtable.WriteOp;
import io.slab.model.VectorRecord;
import io.slab.namespace.Moment;
import io.slab.snapshot.Oracle;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must be there, by the calls that took effect: batches by the numbers of their log objects,
 * and of each manifest the records that it alone stands for. A snapshot names both numbers, and so
 * the one state that it may show. Acknowledged numbers only grow: what begins after an
 * acknowledgement sees it, which makes reads and writes linearizable in the order of the log.
 */
final class History {
  /** What a process is about to do, as far as its calls do not tell. */
  record Intent(List<WriteOp> batch, Moment moment, List<VectorRecord> rows) {
    static final Intent NONE = new Intent(null, null, null);

    /** Something that no other is. */
    static Intent fresh() {
      return new Intent(new ArrayList<>(), null, null);
    }

    static Intent append(List<WriteOp> batch) {
      return new Intent(batch, null, null);
    }

    static Intent restore(Moment moment) {
      return new Intent(null, moment, null);
    }

    static Intent bulk(List<VectorRecord> rows) {
      return new Intent(null, null, rows);
    }
  }

  /** A position in the order of everything. */
  record Position(long manifest, long wal) {
    boolean isBefore(Position other) {
      return manifest < other.manifest || wal < other.wal;
    }
  }

  private record Base(Oracle rows, long flushed, Intent intent) {}

  private final TreeMap<Long, List<WriteOp>> batches = new TreeMap<>();
  private final Map<Long, Base> bases = new HashMap<>();
  private final Set<List<WriteOp>> refused = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<List<WriteOp>> there = Collections.newSetFromMap(new IdentityHashMap<>());
  private long seenManifest;
  private long seenReplaced;
  private long seenWal;

  /**
   * A log object is there. One below the newest has a name that gc set free: no reader counts it,
   * and its writer has to find that out.
   */
  void logged(long number, List<WriteOp> batch) {
    if (number < newestLog()) {
      return;
    }
    if (batch != null) {
      assertFalse(
          refused.contains(batch), "a batch came though its writer was told that it failed");
      assertTrue(there.add(batch), "a batch is in the log twice");
    }
    assertNull(batches.put(number, batch == null ? List.of() : batch), "a log object came twice");
  }

  /** A manifest is there. */
  void committed(NamespaceManifest manifest, Intent intent) {
    long flushed = manifest.walFlushedThrough();
    Oracle rows =
        switch (manifest.operation()) {
          case "drop", "create" -> new Oracle();
          case NamespaceManifest.RESTORE -> content(intent.moment);
          default -> content(manifest.id() - 1, flushed);
        };
    if (manifest.operation().equals("bulk")) {
      rows.apply(intent.rows.stream().map(r -> (WriteOp) new WriteOp.Upsert(r)).toList());
    }
    assertNull(bases.put(manifest.id(), new Base(rows, flushed, intent)), "a manifest came twice");
  }

  /** A process was told that a manifest is its own work: then it is there, and it is. */
  void done(long manifest, Intent by) {
    Base base = bases.get(manifest);
    assertTrue(
        base != null && base.intent == by,
        () -> "manifest " + manifest + " was acknowledged, and is not of who was told");
  }

  /** A process was told that something is done: then it committed a manifest. */
  void done(Intent by) {
    assertTrue(
        bases.values().stream().anyMatch(base -> base.intent == by),
        "something was acknowledged that no manifest says");
  }

  private Oracle content(Moment moment) {
    return content(moment.manifest().id(), moment.walThrough());
  }

  /** The records of a manifest and the log after it. */
  Oracle content(long manifest, long wal) {
    Base base = bases.get(manifest);
    assertNotNull(base, "no process committed manifest " + manifest);
    Oracle rows = base.rows.copy();
    if (wal > base.flushed) {
      batches.subMap(base.flushed, false, wal, true).values().forEach(rows::apply);
    }
    return rows;
  }

  /** A snapshot shows what its numbers stand for, nothing lost and nothing twice. */
  void check(Snapshot snapshot) {
    if (snapshot.manifest() != null) {
      content(snapshot.manifest().id(), snapshot.walApplied()).assertSame(snapshot);
    }
  }

  /** A bulk load or a restore was acknowledged: writers that are open have to notice. */
  void replaced(long manifest) {
    seenReplaced = Math.max(seenReplaced, manifest);
  }

  long seenReplaced() {
    return seenReplaced;
  }

  /**
   * What a writer holds after a commit of its own.
   *
   * @param replaced what {@link #seenReplaced} was before that commit
   */
  void held(Snapshot snapshot, long wal, long replaced) {
    assertTrue(snapshot.walApplied() >= wal, "a writer does not hold what it wrote");
    assertTrue(
        snapshot.manifest().id() >= replaced, "an open writer overlooked a bulk load or restore");
    check(snapshot);
  }

  Position seen() {
    return new Position(seenManifest, seenWal);
  }

  /** A caller was told of a state: no caller may be shown an older one from now on. */
  void told(long manifest, long wal) {
    seenManifest = Math.max(seenManifest, manifest);
    seenWal = Math.max(seenWal, wal);
  }

  void acknowledged(List<WriteOp> batch, long number, Position before) {
    assertTrue(batches.get(number) == batch, "acknowledged in a log object that does not hold it");
    assertTrue(number > before.wal, "a batch went in before one that was acknowledged already");
    told(0, number);
  }

  /** A writer was told that nothing of its batch was written, and never will be. */
  void refused(List<WriteOp> batch) {
    assertFalse(there.contains(batch), "a batch is in the log, and its writer was told it is not");
    refused.add(batch);
  }

  void shown(Snapshot snapshot, Position before) {
    if (snapshot.manifest() == null) {
      assertTrue(before.manifest == 0, "the namespace was there before");
      return;
    }
    Position now = new Position(snapshot.manifest().id(), snapshot.walApplied());
    assertFalse(now.isBefore(before), () -> "shown " + now + " after " + before);
    check(snapshot);
    told(now.manifest, now.wal);
  }

  long newestManifest() {
    return bases.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  long newestLog() {
    return batches.isEmpty() ? -1 : batches.lastKey();
  }
}
