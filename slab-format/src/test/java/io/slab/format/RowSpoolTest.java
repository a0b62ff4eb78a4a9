package io.slab.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.ann.Quantizer;
import io.slab.error.StoreException;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.testkit.FixedIndexer;
import io.slab.testkit.HeapObject;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.RandomRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that do not come in the order of their ids make the very slab that they make in order. */
class RowSpoolTest {
  private static final int ROWS = 700;

  private static List<ListInput.Row> rows(IndexSpec spec) {
    List<ListInput.Row> rows = new ArrayList<>();
    for (VectorRecord record : new RandomRecords(23, spec).records(ROWS)) {
      rows.add(ListInput.Row.of(record, 9_000 - 7L * rows.size() % 991));
    }
    rows.sort((a, b) -> Utf8.compareBytes(a.id(), b.id()));
    return rows;
  }

  /** Rows in any order, of which the fields are known but for some that no row has. */
  private record Shuffled(List<ListInput.Row> rowsById, List<Integer> ranks) implements SlabInput {
    @Override
    public int rows() {
      return rowsById.size();
    }

    @Override
    public Cursor open() {
      return new Pass(this, false);
    }

    @Override
    public boolean inIdOrder() {
      return false;
    }

    @Override
    public Arrivals arrivals() {
      return new Pass(this, true);
    }
  }

  private static final class Pass implements SlabInput.Arrivals {
    private final Shuffled input;
    private final boolean shuffled;
    private int at = -1;

    Pass(Shuffled input, boolean shuffled) {
      this.input = input;
      this.shuffled = shuffled;
    }

    private ListInput.Row row() {
      return input.rowsById().get(rank());
    }

    private VectorRecord record() {
      assertTrue(shuffled, "more than ids asked for in the order of the ids");
      return row().record();
    }

    @Override
    public boolean next() {
      return ++at < input.rows();
    }

    @Override
    public int rank() {
      return shuffled ? input.ranks().get(at) : at;
    }

    @Override
    public List<String> fields() {
      TreeSet<String> fields = new TreeSet<>(Utf8.ORDER);
      input.rowsById().forEach(row -> fields.addAll(row.record().metadata().fields().keySet()));
      fields.add("");
      fields.add("of a row that was left out");
      return List.copyOf(fields);
    }

    @Override
    public byte[] id() {
      return row().id();
    }

    @Override
    public long lsn() {
      return row().lsn();
    }

    @Override
    public float[] values() {
      return record().values();
    }

    @Override
    public SparseVector sparse() {
      return record().sparse();
    }

    @Override
    public Metadata metadata() {
      return record().metadata();
    }
  }

  private static byte[] build(IndexSpec spec, SlabInput input, VectorIndexer indexer) {
    HeapObject out = new HeapObject();
    SlabRequest request = SlabRequest.flush(TestSlabs.ID, TestSlabs.CREATED, spec, "ns");
    SlabBuilder.build(request, input, out, indexer);
    return out.bytes();
  }

  @ParameterizedTest
  @EnumSource(VectorType.class)
  void theOrderInWhichRowsComeMakesNoDifference(VectorType type) {
    IndexSpec spec = TestSlabs.spec(type, type == VectorType.SPARSE ? 0 : 12, Metric.DOTPRODUCT);
    List<ListInput.Row> rows = rows(spec);
    List<Integer> ranks = new ArrayList<>();
    for (int rank = 0; rank < ROWS; rank++) {
      ranks.add(rank);
    }
    Collections.shuffle(ranks, new Random(5));
    for (int cells : new int[] {0, 1, 20}) {
      VectorIndexer indexer = cells == 0 ? null : new FixedIndexer(cells, Quantizer.SIGN);
      assertArrayEquals(
          build(spec, ListInput.of(rows), indexer),
          build(spec, new Shuffled(rows, ranks), indexer),
          cells + " cells");
    }
  }

  /** Metadata that are more than the vectors are packed, or scratch files outgrow the slab. */
  @Test
  void largeMetadataTakeNoMoreRoomThanInTheSlab(@TempDir Path folder) {
    String text = "the same words again and again, ".repeat(60);
    List<ListInput.Row> rows = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Metadata metadata = Metadata.of(Map.of("text", new MetaValue.Str(text + i)));
      float[] values = {i, 1, 2, 3};
      rows.add(ListInput.Row.of(new VectorRecord("r" + i, values, null, metadata), i));
    }
    ListInput input = ListInput.of(rows);
    RowSpool.Shape shape = new RowSpool.Shape(4, false, List.of("text"));
    try (RowSpool spool = new RowSpool(shape, rows.size(), input.open(), folder)) {
      assertTrue(spool.bytes() < 300_000, spool.bytes() + " bytes for " + 2_000L * text.length());
      SlabInput.Cursor cursor = input.open();
      RowSpool.Pass pass = spool.open(null);
      while (cursor.next()) {
        assertTrue(pass.next());
        assertEquals(cursor.metadata(), pass.metadata());
        assertArrayEquals(cursor.values(), pass.values());
      }
    }
  }

  @Test
  void aRowThatDoesNotComeIsMissed() {
    IndexSpec spec = TestSlabs.spec(VectorType.DENSE, 12, Metric.DOTPRODUCT);
    List<ListInput.Row> rows = rows(spec).subList(0, 3);
    Shuffled twice = new Shuffled(rows, List.of(0, 2, 0));
    Exception e = assertThrows(IllegalArgumentException.class, () -> build(spec, twice, null));
    assertTrue(e.getMessage().contains("rank 1"), e.getMessage());
  }

  @Test
  void whereThereIsNoRoomNothingIsWritten(@TempDir Path folder) throws Exception {
    StoreException e =
        assertThrows(StoreException.class, () -> new ScratchFile(folder, Long.MAX_VALUE));
    assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
    assertTrue(e.hint().contains("TMPDIR"), e.hint());
    new ScratchFile(folder, 1).close();
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }
}
