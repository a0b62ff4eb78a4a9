package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints, earlier states and the way back, as an embedder uses them. */
class HistoryIT {
  private static final IndexOptions OPTIONS = IndexOptions.defaults().withThreads(1);

  @TempDir Path folder;

  private Index create() {
    return Index.create(
        folder.resolve("index").toString(), IndexSettings.dense(2, Metric.EUCLIDEAN), OPTIONS);
  }

  private static List<VectorRecord> records(int from, int to, int version) {
    List<VectorRecord> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Metadata metadata = Metadata.of(Map.of("version", new MetaValue.Num(version)));
      records.add(new VectorRecord("r" + i, new float[] {i, version}, null, metadata));
    }
    return records;
  }

  /** Every record, as text: arrays are equal to themselves alone. */
  private static List<String> all(Snapshot snapshot) {
    try (snapshot) {
      return snapshot.fetch(snapshot.list("", 1_000, null).items()).values().stream()
          .map(r -> r.id() + Arrays.toString(r.values()) + r.metadata().fields())
          .toList();
    }
  }

  private static List<String> now(Namespace namespace) {
    return all(namespace.snapshot());
  }

  @Test
  void aCheckpointHasWhatWasAcknowledgedBeforeItAndNothingLater() {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      namespace.upsert(records(0, 10, 1));
      namespace.flush();
      namespace.upsert(records(5, 15, 2));
      List<String> then = now(namespace);
      Checkpoint checkpoint = namespace.history().createCheckpoint("nightly", null);
      assertNull(checkpoint.expires());
      namespace.deleteByPrefix("r1");
      namespace.upsert(records(100, 110, 3));
      namespace.flush();
      namespace.compactAll();
      assertEquals(then, all(namespace.history().snapshot("nightly")));
      assertEquals(then, all(namespace.history().snapshot("manifest:" + checkpoint.manifest())));
      assertEquals(15, namespace.history().snapshot("nightly").stats().records());
      assertEquals(List.of(checkpoint), namespace.history().checkpoints());
    }
  }

  @Test
  void aCheckpointIsAStateHoweverManyCommitsAgoItWas() throws IOException {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      namespace.upsert(records(0, 3, 1));
      Checkpoint checkpoint = namespace.history().createCheckpoint("nightly", null);
      for (int i = 0; i < 300; i++) {
        namespace.configure(Map.of("level0Rows", 9_000L + i % 2));
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        }
      }
      namespace.configure(Map.of("level0Rows", 8_000L));
      assertTrue(namespace.collectGarbage(Duration.ofHours(24)) > 100);
      String state = "manifest:" + checkpoint.manifest();
      assertEquals(3, namespace.history().snapshot(state).stats().records());
    }
  }

  @Test
  void aStateIsNamedByAWriteOrATime() throws InterruptedException {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      List<Commit> commits = new ArrayList<>();
      List<List<String>> states = new ArrayList<>();
      List<Instant> times = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        commits.add(i == 3 ? namespace.deleteAll() : namespace.upsert(records(i, i + 3, i)));
        if (i % 2 == 1) {
          namespace.flush();
        }
        states.add(now(namespace));
        // A file system may stamp files some milliseconds before.
        Thread.sleep(30);
        times.add(Instant.now());
        Thread.sleep(30);
      }
      for (int i = 0; i < 6; i++) {
        Commit commit = commits.get(i);
        assertEquals(states.get(i), all(namespace.history().snapshot("lsn:" + commit.lastLsn())));
        assertEquals(states.get(i), all(namespace.history().snapshot("" + commit.firstLsn())));
        assertEquals(states.get(i), all(namespace.history().snapshot(times.get(i).toString())));
      }
      assertEquals(states.getLast(), all(namespace.history().snapshot("0s")));
    }
  }

  @Test
  void whatIsNotKeptSaysWhatIs() {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      History history = namespace.history();
      assertThrows(NotFoundException.class, () -> history.snapshot("nightly"));
      assertThrows(NotFoundException.class, () -> history.createCheckpoint("nightly", null));
      Commit commit = namespace.upsert(records(0, 1, 1));
      history.createCheckpoint("one", Duration.ofDays(1));
      for (String state :
          List.of("two", "manifest:77", "lsn:" + (commit.lastLsn() << 4), "2001-01-01", "9000d")) {
        NotFoundException e =
            assertThrows(NotFoundException.class, () -> history.snapshot(state), state);
        String message = e.getMessage();
        assertTrue(
            message.contains("it has one")
                || message.contains("manifest ")
                || message.contains("the last write is"),
            message);
      }
      for (String state : List.of("", "1x", "manifest:", "lsn:x", "2001-13-01", "a b", "99z")) {
        assertThrows(InvalidInputException.class, () -> history.snapshot(state), state);
      }
      for (String name : List.of("", "1", "a/b", "ä", "x".repeat(65), "..")) {
        assertThrows(InvalidInputException.class, () -> history.createCheckpoint(name, null), name);
      }
      assertThrows(ConflictException.class, () -> history.createCheckpoint("one", null));
      assertThrows(NotFoundException.class, () -> history.deleteCheckpoint("two"));
    }
  }

  @Test
  void aRestoreBringsAStateBackAndCanBeUndone() {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      namespace.upsert(records(0, 10, 1));
      List<String> then = now(namespace);
      namespace.history().createCheckpoint("good", null);
      namespace.upsert(records(5, 20, 2));
      namespace.flush();
      namespace.delete(List.of("r0", "r1"));
      namespace.compactAll();
      namespace.updateByFilter("{\"version\":2}", Metadata.of(Map.of("a", new MetaValue.Num(1))));
      List<String> before = now(namespace);
      Snapshot held = namespace.snapshot();

      Restored restored = namespace.history().restore("good");
      assertEquals(then, now(namespace));
      assertEquals(before, all(held));
      assertTrue(namespace.stats().manifest() >= restored.manifest());

      // The writer that is open goes on from the restored state.
      namespace.update("r0", null, null, Metadata.of(Map.of("b", new MetaValue.Num(7))));
      namespace.upsert(records(50, 51, 3));
      namespace.flush();
      namespace.compactAll();
      assertEquals(11, now(namespace).size());
      assertTrue(now(namespace).getFirst().contains("b=Num[value=7.0]"));

      namespace.history().restore(restored.undo());
      assertEquals(before, now(namespace));
    }
  }

  /** Nothing of it was ever flushed: the log alone has it. */
  @Test
  void aDeleteOfEverythingIsUndone() {
    try (Index index = create()) {
      Namespace namespace = index.namespace();
      Commit last = namespace.upsert(records(0, 10, 1));
      List<String> then = now(namespace);
      namespace.deleteAll();
      namespace.upsert(records(90, 91, 2));
      assertEquals(1, now(namespace).size());
      namespace.history().restore("lsn:" + last.lastLsn());
      assertEquals(then, now(namespace));
      try (Index other = Index.open(folder.resolve("index").toString(), OPTIONS)) {
        assertEquals(then, now(other.namespace()));
      }
    }
  }

  @Test
  void aCheckpointOfAllNamespacesIsABackupThatIsBroughtUpToDate() {
    String from = folder.resolve("index").toString();
    String to = folder.resolve("backup").toString();
    try (Index index = create()) {
      Namespace one = index.namespace("one");
      Namespace two = index.namespace("two");
      one.upsert(records(0, 10, 1));
      two.upsert(records(0, 5, 1));
      assertEquals(2, index.createCheckpoint("monday", Duration.ofDays(30)));
      List<String> monday = now(one);
      one.upsert(records(5, 20, 2));
      index.namespace("three").upsert(records(0, 1, 1));
      assertThrows(ConflictException.class, () -> index.createCheckpoint("monday", null));
      assertEquals(1, index.namespace("one").history().checkpoints().size());

      Index.copyCheckpoint(from, OPTIONS, to, OPTIONS, "monday");
      try (Index backup = Index.open(to, OPTIONS)) {
        assertEquals(List.of("one", "two"), backup.namespaces());
        assertEquals(monday, now(backup.namespace("one")));
      }
      index.createCheckpoint("tuesday", null);
      List<String> tuesday = now(one);
      one.compactAll();
      one.upsert(records(30, 40, 3));
      Copied again = Index.copyCheckpoint(from, OPTIONS, to, OPTIONS, "tuesday");
      assertTrue(again.objects() > 0);
      try (Index backup = Index.open(to, OPTIONS)) {
        Namespace copy = backup.namespace("one");
        assertEquals(tuesday, now(copy));
        assertEquals(monday, all(copy.history().snapshot("monday")));
        copy.upsert(records(77, 78, 4));
        copy.history().restore("monday");
        assertEquals(monday, now(copy));
      }
      assertThrows(
          NotFoundException.class, () -> Index.copyCheckpoint(from, OPTIONS, to, OPTIONS, "never"));
      index.deleteCheckpoint("monday");
      assertFalse(one.history().checkpoints().stream().anyMatch(c -> c.name().equals("monday")));
    }
  }
}
