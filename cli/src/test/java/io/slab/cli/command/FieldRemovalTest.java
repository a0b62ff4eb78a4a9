package io.slab.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.CancellationToken;
import io.slab.error.NotFoundException;
import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Snapshot;
import io.slab.testkit.MemoryStore;
import io.slab.writer.NamespaceWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fields are taken out of what is there at the commit; what others write meanwhile stays. */
class FieldRemovalTest {
  private final MemoryStore store = new MemoryStore();
  private SlabIndex index;

  @BeforeEach
  void fill() {
    IndexSpec spec = new IndexSpec("i", 2, Metric.EUCLIDEAN, VectorType.DENSE, null, 1);
    index = SlabIndex.create(store, spec, false, Environment.system());
    append(List.of(upsert("a", 1), upsert("b", 1), upsert("c", 1)));
  }

  @AfterEach
  void close() {
    index.close();
  }

  private static WriteOp upsert(String id, double n) {
    Metadata metadata = Metadata.EMPTY.with("n", n).with("old", 1);
    return new WriteOp.Upsert(new VectorRecord(id, new float[] {1, 2}, null, metadata));
  }

  private void append(List<WriteOp> batch) {
    try (NamespaceWriter writer = index.writer("")) {
      writer.append(batch);
    }
  }

  /** Writes when the removal has read the records, and is about to write them: at each ask once. */
  private FieldRemoval removal(List<List<WriteOp>> meanwhile, int asks) {
    List<List<WriteOp>> left = new ArrayList<>(meanwhile);
    int[] asked = {0};
    CancellationToken token =
        () -> {
          if (++asked[0] > asks && !left.isEmpty()) {
            append(left.removeFirst());
          }
          return false;
        };
    return new FieldRemoval(token, index, "", List.of("old"), null);
  }

  @Test
  void whatOthersWriteMeanwhileStays() {
    // Asked for each id, and once at the end of them, before the commit.
    FieldRemoval removal =
        removal(
            List.of(
                List.of(new WriteOp.DeleteId("a")),
                List.of(upsert("b", 2)),
                List.of(upsert("c", 3))),
            4);
    FieldRemoval.Done done = removal.write(FilterParser.parse("{\"n\":{\"$lt\":3}}"));
    assertEquals(1, done.records());
    try (Snapshot now = index.snapshot("")) {
      assertNull(now.find("a"));
      assertEquals(Metadata.EMPTY.with("n", 2), now.find("b").metadata());
      assertEquals(Metadata.EMPTY.with("n", 3).with("old", 1), now.find("c").metadata());
    }
  }

  @Test
  void aRecordThatIsGoneIsNotFound() {
    FieldRemoval removal = removal(List.of(List.of(new WriteOp.DeleteId("a"))), 0);
    assertThrows(NotFoundException.class, () -> removal.write("a"));
    FieldRemoval none = removal(List.of(), 0);
    assertEquals(0, none.write(FilterParser.parse("{\"n\":9}")).records());
    assertNull(none.write(FilterParser.parse("{\"n\":9}")).last());
  }
}
