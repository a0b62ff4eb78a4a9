package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.check.CheckLevel;
import io.slab.check.SlabCheck;
import io.slab.filter.FilterParser;
import io.slab.format.ListInput;
import io.slab.format.SlabBuilder;
import io.slab.format.SlabReader;
import io.slab.format.SlabRequest;
import io.slab.format.SlabTombstones;
import io.slab.inspect.AnnStats;
import io.slab.inspect.Projection;
import io.slab.inspect.SlabInspector;
import io.slab.inspect.SlabLayout;
import io.slab.inspect.TombstoneInfo;
import io.slab.inspect.VectorStats;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.RangeTombstone;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.testkit.HeapObject;
import io.slab.testkit.TestSlabs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A slab of deletes alone is read, searched, checked and looked at like any other. */
class SlabWithoutRowsTest {
  private static final SlabTombstones DELETES =
      SlabTombstones.sorted(
          List.of(new SlabRequest.Tombstone(Utf8.bytes("gone"), 5)),
          List.of(
              RangeTombstone.all(3),
              RangeTombstone.prefix(4, Utf8.bytes("a/")),
              RangeTombstone.filter(6, "{\"n\":1}"),
              RangeTombstone.otherSlabs(7, List.of(new Ulid(1, 2)))),
          9);

  private static IndexSpec spec(VectorType type) {
    Metric metric = type == VectorType.DENSE ? Metric.COSINE : Metric.DOTPRODUCT;
    return TestSlabs.spec(type, type.hasDense() ? 4 : 0, metric);
  }

  private static byte[] build(VectorType type, SlabTombstones deletes) {
    HeapObject object = new HeapObject();
    SlabRequest request =
        new SlabRequest(TestSlabs.ID, TestSlabs.CREATED, spec(type), "ns", 0, List.of(), deletes);
    SlabBuilder.build(request, ListInput.of(List.of()), object);
    return object.bytes();
  }

  @ParameterizedTest
  @EnumSource(VectorType.class)
  void isReadAndSearched(VectorType type) {
    try (SlabReader slab = TestSlabs.open(build(type, DELETES))) {
      assertEquals(0, slab.rows());
      assertEquals(9, slab.manifest().lsnAsOf());
      assertEquals(3, slab.manifest().lsnMin());
      assertEquals(7, slab.manifest().lsnMax());
      assertEquals(DELETES.ranges(), slab.tombstones().ranges());
      assertEquals(-1, slab.find(Utf8.bytes("gone")));
      assertEquals(0, slab.lowerBound(Utf8.bytes("gone")));
      assertEquals(0, slab.matching(FilterParser.parse("{\"n\":1}")).getCardinality());
      assertFalse(slab.cursor().next());
      float[] dense = type.hasDense() ? new float[] {1, 0, 0, 1} : null;
      SparseVector sparse =
          type.hasSparse() ? new SparseVector(new int[] {1}, new float[] {1}) : null;
      QueryRequest request = new QueryRequest(dense, sparse, null, 3, false, true, 0.95);
      Corpus.Source source = new Corpus.Source(List.of(new SearchPart(slab, null)), List.of());
      try (QueryEngine engine = new QueryEngine(spec(type), 2)) {
        assertEquals(List.of(), engine.query(source, request).matches());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(VectorType.class)
  void isCheckedAndInspected(VectorType type) {
    byte[] bytes = build(type, DELETES);
    assertEquals(
        List.of(),
        SlabCheck.report(HeapObject.source("t", bytes, true), CheckLevel.DEEP).problems());
    try (SlabReader slab = TestSlabs.open(bytes)) {
      SlabInspector inspector = SlabInspector.of(slab.file());
      assertEquals(1, inspector.summary().tombstones());
      assertEquals(4, inspector.summary().rangeTombstones());
      assertEquals(
          List.of(
              new TombstoneInfo("all", 3, ""),
              new TombstoneInfo("prefix", 4, "a/"),
              new TombstoneInfo("filter", 6, "{\"n\":1}"),
              new TombstoneInfo("other-slabs", 7, new Ulid(1, 2).toString()),
              new TombstoneInfo("id", 5, "gone")),
          inspector.tombstones(10));
      assertEquals(2, inspector.tombstones(2).size());
      assertEquals(List.of(), inspector.columns(5));
      SlabLayout.of(inspector);
      assertNull(AnnStats.of(slab));
      if (type.hasDense()) {
        VectorStats.of(slab.dense(), 10);
        Projection.of(slab.dense(), 10, true);
      }
    }
  }

  @Test
  void withoutDeletesThereIsNoSuchSlab() {
    assertThrows(
        IllegalArgumentException.class, () -> build(VectorType.DENSE, SlabTombstones.NONE));
  }
}
