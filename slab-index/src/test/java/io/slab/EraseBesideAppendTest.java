package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.erase.EraseRequest;
import io.slab.erase.EraseResult;
import io.slab.filter.FilterParser;
import io.slab.index.SlabIndex;
import io.slab.model.Environment;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.VectorRecord;
import io.slab.store.LocalStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An append that is under way while records of it are erased does not bring them back. */
class EraseBesideAppendTest {
  private static final List<String> ALL = List.of("gone", "other", "stays");

  @TempDir Path folder;

  private static VectorRecord record(String id, String mark) {
    Metadata fields = Metadata.of(Map.of("mark", new MetaValue.Str(mark)));
    return new VectorRecord(id, new float[] {1, 2}, null, fields);
  }

  /** When the erasure comes, and of what. */
  private void check(boolean live, boolean built, boolean filter, boolean compacted) {
    String what = "live " + live + " built " + built + " filter " + filter + " " + compacted;
    Path place = folder.resolve(what.replace(' ', '-'));
    try (Index index = Index.create(place, IndexSettings.dense(2, Metric.EUCLIDEAN))) {
      Namespace namespace = index.namespace("n");
      namespace.upsert(record("stays", "old"));
      if (live) {
        namespace.upsert(record("gone", "private"));
      }
      BuiltSlabs order = namespace.beginAppend();
      List<VectorRecord> rows = List.of(record("gone", "private"), record("other", "new"));
      BuiltSlabs slabs = built ? namespace.build(order, rows) : null;
      EraseResult erased = erase(place, filter);
      assertEquals(live ? 1 : 0, erased.records(), what);
      assertFalse(erased.finished(), what);
      assertTrue(
          erased.left().stream().anyMatch(left -> left.reason().contains("an append")),
          erased::toString);
      if (compacted) {
        namespace.compactAll();
      }
      namespace.commit(slabs == null ? namespace.build(order, rows) : slabs);
      assertEquals(List.of("other", "stays"), found(namespace), what);
      namespace.compactAll();
      assertEquals(List.of("other", "stays"), found(namespace), what);
    }
  }

  /** As another process does it. */
  private static EraseResult erase(Path place, boolean filter) {
    EraseRequest request =
        filter
            ? EraseRequest.ofFilter(FilterParser.parse("{\"mark\":\"private\"}"))
            : EraseRequest.ofIds(List.of("gone"));
    try (SlabIndex index = SlabIndex.open(new LocalStore(place), Environment.system())) {
      return index.erasure("n").run(request, () -> false);
    }
  }

  private static List<String> found(Namespace namespace) {
    return namespace.fetch(ALL).keySet().stream().sorted().toList();
  }

  @Test
  void whatWasBuiltBeforeTheErasureStaysErased() {
    for (boolean live : new boolean[] {true, false}) {
      for (boolean filter : new boolean[] {true, false}) {
        check(live, true, filter, false);
      }
    }
    check(true, true, false, true);
    check(false, true, false, true);
  }

  @Test
  void whatIsBuiltAfterItFromBeforeStaysErasedToo() {
    check(true, false, false, false);
    check(false, false, false, false);
    check(false, false, false, true);
  }
}
