package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.error.NotFoundException;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasure by a program that keeps a namespace open. */
class NamespaceEraseTest {
  @TempDir Path folder;

  @Test
  void whatIsErasedIsGoneForThisAndEveryReaderAndTheRestIsSaid() {
    try (Index index = Index.create(folder, IndexSettings.dense(2, Metric.EUCLIDEAN))) {
      Namespace namespace = index.namespace("n");
      assertThrows(
          NotFoundException.class, () -> namespace.erase(List.of("a"), Duration.ofDays(1)));
      for (String id : List.of("a", "b")) {
        namespace.upsert(new VectorRecord(id, new float[] {1, 2}, null, Metadata.EMPTY));
      }
      Erased erased = namespace.erase(List.of("a", "never"), Duration.ofDays(1));
      assertEquals(1, erased.records());
      assertFalse(erased.finished());
      assertTrue(erased.nextMillis() > System.currentTimeMillis());
      assertTrue(namespace.fetch(List.of("a")).isEmpty());
      namespace.upsert(new VectorRecord("c", new float[] {1, 2}, null, Metadata.EMPTY));
      try (Index elsewhere = Index.open(folder)) {
        assertEquals(
            List.of("b", "c"),
            List.copyOf(elsewhere.namespace("n").fetch(List.of("a", "b", "c")).keySet()));
      }
      assertThrows(
          InvalidInputException.class, () -> namespace.erase(List.of(), Duration.ofDays(1)));
    }
  }
}
