package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.AnnSectionsReader;
import io.slab.ann.Quantizer;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.RandomRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A slab with cells keeps its rows in their order, and says of each id what a plain slab says. */
class CellOrderIT {
  private static final int ROWS = 1_500;
  private static final IndexSpec HYBRID = TestSlabs.spec(VectorType.HYBRID, 12, Metric.DOTPRODUCT);

  private static List<ListInput.Row> input(IndexSpec spec) {
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : new RandomRecords(17, spec).records(ROWS)) {
      rows.add(ListInput.Row.of(record, 5_000 + 31L * rows.size() % 997));
    }
    return rows;
  }

  private static byte[] build(IndexSpec spec, SlabInput input, VectorIndexer indexer) {
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns");
    SlabBuilder.build(request, input, out, indexer);
    return out.bytes();
  }

  private static byte[] build(IndexSpec spec, int cells) {
    return build(
        spec,
        ListInput.of(input(spec)),
        cells == 0 ? null : new FixedIndexer(cells, Quantizer.SIGN));
  }

  private static SlabInput again(SlabReader slab) {
    return new SlabInput() {
      @Override
      public int rows() {
        return slab.rows();
      }

      @Override
      public Cursor open() {
        return slab.cursor();
      }
    };
  }

  private static DirectoryEntry entry(byte[] slab, SectionKind kind) {
    return SlabSurgeon.sections(slab).stream()
        .filter(entry -> entry.kind() == kind.code())
        .findFirst()
        .orElseThrow();
  }

  /** Ids, rows and ranks lead to each other, whether the lists or the ids are asked. */
  private static void leadsBack(SlabReader slab, SlabReader plain) {
    boolean[] seen = new boolean[slab.rows()];
    for (int rank = 0; rank < slab.rows(); rank++) {
      byte[] id = plain.rowId(rank);
      int row = slab.find(id);
      assertEquals(row, slab.rowAt(rank));
      assertEquals(rank, slab.rankOf(row));
      assertArrayEquals(id, slab.rowId(row));
      assertArrayEquals(id, slab.idAt(rank));
      assertEquals(rank, slab.lowerBound(id));
      assertFalse(seen[row], "row " + row + " twice");
      seen[row] = true;
    }
    assertEquals(-1, slab.find(Utf8.bytes("is not there")));
    assertEquals(
        plain.lowerBound(Utf8.bytes("is not there")), slab.lowerBound(Utf8.bytes("is not there")));
  }

  @ParameterizedTest
  @CsvSource({"2", "37", "400"})
  void everyRowComesBackByItsId(int cells) {
    byte[] bytes = build(HYBRID, cells);
    assertEquals(List.of(), TestSlabs.problems(bytes));
    try (SlabReader slab = TestSlabs.open(bytes);
        SlabReader plain = TestSlabs.open(build(HYBRID, 0))) {
      assertFalse(slab.inIdOrder());
      assertTrue(plain.inIdOrder());
      leadsBack(slab, plain);
      for (int rank = 0; rank < slab.rows(); rank++) {
        int row = slab.rowAt(rank);
        SameRecords.check(plain.record(rank), slab.record(row));
        assertEquals(plain.lsn(rank), slab.lsn(row));
        assertEquals(plain.metadata(rank), slab.metadata(row));
      }
    }
  }

  /** Inside a cell rows ascend by id, and the cells follow each other. */
  @Test
  void rowsLieCellAfterCell() {
    try (SlabReader slab = TestSlabs.open(build(HYBRID, 37))) {
      int[] order = AnnSectionsReader.open(slab).index().order();
      int descents = 0;
      for (int row = 0; row < order.length; row++) {
        assertEquals(order[row], slab.rankOf(row));
        descents += row > 0 && order[row] < order[row - 1] ? 1 : 0;
      }
      assertTrue(descents > 20 && descents < 37, descents + " cells begin before the last ended");
    }
  }

  @Test
  void oneCellLeavesRowsInIdOrder() {
    byte[] bytes = build(HYBRID, 1);
    assertEquals(1, entry(bytes, SectionKind.ID_BLOCKS).encoding());
    try (SlabReader slab = TestSlabs.open(bytes);
        SlabReader plain = TestSlabs.open(build(HYBRID, 0))) {
      assertTrue(slab.inIdOrder());
      leadsBack(slab, plain);
    }
    assertEquals(2, entry(build(HYBRID, 2), SectionKind.ID_BLOCKS).encoding());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"genre\":{\"$exists\":true}}",
        "{\"year\":{\"$gte\":0}}",
        "{\"year\":{\"$lt\":3,\"$gt\":-2.5}}",
        "{\"flag\":true}",
        "{\"tags\":{\"$in\":[\"a\",\"b\"]}}",
        "{\"mixed\":{\"$ne\":1}}",
        "{\"$or\":[{\"flag\":false},{\"year\":{\"$gt\":1}}]}"
      })
  void filtersFindTheSameIds(String text) {
    Filter filter = FilterParser.parse(text);
    try (SlabReader slab = TestSlabs.open(build(HYBRID, 37));
        SlabReader plain = TestSlabs.open(build(HYBRID, 0))) {
      assertEquals(ids(plain, filter), ids(slab, filter));
    }
  }

  private static TreeSet<String> ids(SlabReader slab, Filter filter) {
    TreeSet<String> ids = new TreeSet<>();
    for (int row : FilterEvaluator.rows(filter, slab.fields()).toArray()) {
      assertTrue(FilterEvaluator.matches(filter, slab.metadata(row)));
      ids.add(Utf8.string(slab.rowId(row)));
    }
    return ids;
  }

  /** Reading and writing again loses nothing, in each order of the rows. */
  @Test
  void slabsAreRebuiltBitForBit() {
    byte[] plain = build(HYBRID, 0);
    byte[] cells = build(HYBRID, 37);
    try (SlabReader slab = TestSlabs.open(cells)) {
      assertArrayEquals(plain, build(HYBRID, again(slab), null));
      assertArrayEquals(cells, build(HYBRID, again(slab), new FixedIndexer(37, Quantizer.SIGN)));
    }
  }

  @Test
  void manyBlocksOfIdsHaveNumbers() {
    byte[] bytes = build(HYBRID, 37);
    DirectoryEntry ids = entry(bytes, SectionKind.ID_BLOCKS);
    assertEquals(ROWS, ids.items());
    assertEquals(6, (ROWS + ids.param() - 1) / ids.param());
    assertTrue(ids.storedLength() > 4 * ROWS);
    assertTrue(ids.rawLength() > ids.storedLength(), "the ids are compressed, the numbers are not");
  }
}
