package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.Cancellation;
import io.slab.error.ConflictException;
import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program needs that offers indexes to others. */
class ServingTest {
  private static final IndexSettings SETTINGS = IndexSettings.dense(2, Metric.COSINE);

  @TempDir Path root;

  private Index create(String name) {
    return Index.create(root.resolve(name), SETTINGS);
  }

  @Test
  void whatAServiceKeepsIsCopiedAndEndsWithTheIndex() {
    String copy = root.resolve("copy").toString();
    try (Index index = create("a")) {
      assertEquals(Optional.empty(), index.service());
      index.configure(true, before -> "{ \"tags\": {\"a\": \"b\"} }");
      assertEquals(Optional.of("{\"tags\":{\"a\":\"b\"}}"), index.service());
      assertTrue(index.describe().deletionProtection());
      index.setDeletionProtection(false);
      assertEquals(Optional.of("{\"tags\":{\"a\":\"b\"}}"), index.service());
      assertThrows(InvalidInputException.class, () -> index.configure(null, before -> "[1]"));
      String large = "{\"a\":\"" + "x".repeat(300_000) + "\"}";
      assertThrows(InvalidInputException.class, () -> index.configure(null, before -> large));
      IndexOptions options = IndexOptions.defaults();
      Copied unused = Index.copy(root.resolve("a").toString(), options, copy, options);
      index.remove();
    }
    try (Index index = Index.open(Path.of(copy))) {
      assertEquals(Optional.of("{\"tags\":{\"a\":\"b\"}}"), index.service());
      index.configure(null, before -> null);
      assertEquals(Optional.empty(), index.service());
    }
    try (Index again = create("a")) {
      assertEquals(Optional.empty(), again.service());
    }
  }

  @Test
  void indexesOfAFolderAreListedAndRemoved() {
    create("b").close();
    create("a").close();
    String place = root.toString();
    IndexOptions options = IndexOptions.defaults();
    assertEquals(List.of("a", "b"), Index.list(place, options));
    assertEquals(List.of(), Index.list(root.resolve("none").toString(), options));
    try (Index index = Index.open(root.resolve("a"))) {
      index.setDeletionProtection(true);
      assertThrows(ConflictException.class, index::remove);
      index.setDeletionProtection(false);
      index.remove();
    }
    assertEquals(List.of("b"), Index.list(place, options));
  }

  @Test
  void theLatestStateHasOwnWritesAndThoseOfOthersOnceItLooked() {
    try (Index index = create("a");
        Index other = Index.open(root.resolve("a"))) {
      Namespace mine = index.namespace("n");
      Namespace theirs = other.namespace("n");
      try (Snapshot none = mine.latest()) {
        assertFalse(none.exists());
      }
      assertFalse(mine.exists(), "a look makes no namespace");
      Commit commit = mine.upsert(VectorRecord.of("a", 1, 2));
      try (Snapshot latest = mine.latest()) {
        assertTrue(latest.lsn() >= commit.lastLsn());
        assertEquals(1, latest.stats().records());
      }
      theirs.upsert(VectorRecord.of("b", 2, 1));
      mine.refresh();
      try (Snapshot latest = mine.latest()) {
        assertEquals(2, latest.stats().records());
      }
      other.deleteNamespace("n");
      mine.refresh();
      try (Snapshot latest = mine.latest()) {
        assertFalse(latest.exists());
      }
      other.drop();
      assertThrows(NotFoundException.class, mine::refresh);
    }
  }

  @Test
  void aCancelledQueryEnds() {
    try (Index index = create("a")) {
      index.namespace().upsert(VectorRecord.of("a", 1, 2));
      Cancellation cancellation = new Cancellation();
      try (Snapshot snapshot = index.namespace().latest()) {
        assertEquals(1, snapshot.query(Query.of(1, 1), cancellation).size());
        cancellation.cancel();
        assertThrows(
            CancellationException.class, () -> snapshot.query(Query.of(1, 1), cancellation));
      }
    }
  }
}
