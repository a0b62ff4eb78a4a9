package io.slab.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the library refuses by itself, from every caller. */
class IndexRulesTest {
  private static IndexSpec spec(String name, List<String> schema) {
    return new IndexSpec(name, 2, Metric.COSINE, VectorType.DENSE, schema, 1);
  }

  private static SlabIndex create(MemoryStore store, IndexSpec spec) {
    return SlabIndex.create(store, spec, false, Environment.system());
  }

  private static void refused(IndexSpec spec, String words) {
    MemoryStore store = new MemoryStore();
    InvalidInputException e = assertThrows(InvalidInputException.class, () -> create(store, spec));
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertEquals(List.of(), store.list("", null), "nothing was written");
  }

  @Test
  void aNameOrSchemaThatNoIndexCanHave() {
    for (String name : List.of("", "Shop", "-a", "a-", "a b", "a".repeat(46), "a/b", "ä")) {
      refused(spec(name, null), "cannot be the name of an index");
    }
    refused(spec("a", List.of("g", "$x")), "must not begin with '$'");
    refused(spec("a", List.of("\ud800")), "unpaired surrogate");
    refused(spec("a", List.of("g", "g")), "twice");
    create(new MemoryStore(), spec("a".repeat(45), List.of("g", ""))).close();
  }

  @Test
  void aNamespaceThatWouldBeAnother() {
    try (SlabIndex index = create(new MemoryStore(), spec("a", null))) {
      for (String name : List.of("a\ud800", "\udc00", "a\0", "a".repeat(513))) {
        assertThrows(InvalidInputException.class, () -> index.writer(name), name);
        assertThrows(InvalidInputException.class, () -> index.snapshot(name), name);
      }
    }
  }

  @Test
  void anIdThatNoRecordCanHaveIsNotAnother() {
    try (SlabIndex index = create(new MemoryStore(), spec("a", null));
        NamespaceWriter writer = index.writer("")) {
      VectorRecord record = new VectorRecord("b?", new float[] {1, 2}, null, Metadata.EMPTY);
      writer.append(List.of(new WriteOp.Upsert(record)));
      try (Snapshot snapshot = index.snapshot("")) {
        snapshot.findAhead(List.of("b\ud800", ""));
        assertNull(snapshot.find("b\ud800"));
        assertNull(snapshot.find(""));
        assertNotNull(snapshot.find("b?"));
      }
      for (WriteOp op :
          List.of(
              new WriteOp.DeleteId("b\ud800"),
              new WriteOp.DeleteId(""),
              new WriteOp.DeleteByPrefix("b\ud800"),
              new WriteOp.DeleteByFilter("{\"a\":\"\\ud800\"}"),
              new WriteOp.DeleteByFilter("{}"),
              new WriteOp.UpdateByFilter("null", Metadata.EMPTY),
              new WriteOp.UpdateByFilter("{\"a\":1}", null))) {
        assertThrows(InvalidInputException.class, () -> writer.append(List.of(op)), op.toString());
      }
      List<WriteOp> many =
          Collections.nCopies(Limits.MAX_BATCH_RECORDS + 1, new WriteOp.DeleteId("x"));
      assertThrows(InvalidInputException.class, () -> writer.append(many));
      assertThrows(InvalidInputException.class, () -> writer.append(List.of()));
      assertEquals(1, writer.snapshot().count());
    }
  }
}
