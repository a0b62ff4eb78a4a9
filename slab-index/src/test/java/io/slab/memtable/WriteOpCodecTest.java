package io.slab.memtable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.TextIndex;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.snapshot.Oracle;
import io.slab.wal.WalRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriteOpCodecTest {
  @Test
  void aFlagWithoutAMeaningForItsOperationIsUnsupported() {
    Metadata metadata = Metadata.of(Map.of("n", new MetaValue.Num(1)));
    VectorRecord record = new VectorRecord("a", new float[] {1, 2}, null, metadata);
    List<WriteOp> ops =
        List.of(
            new WriteOp.Upsert(record),
            new WriteOp.PartialUpdate("a", null, null, metadata),
            new WriteOp.DeleteId("a"),
            new WriteOp.DeleteByPrefix("a"),
            new WriteOp.DeleteByFilter("{\"n\":1}"),
            new WriteOp.DeleteAll(),
            new WriteOp.UpdateByFilter("{\"n\":1}", metadata));
    for (WriteOp op : ops) {
      WalRecord good = WriteOpCodec.encode(op);
      assertEquals(op.getClass(), WriteOpCodec.decode("r", good, Oracle.SPEC).getClass());
      boolean parts = op instanceof WriteOp.Upsert || op instanceof WriteOp.PartialUpdate;
      boolean metadataOnly = op instanceof WriteOp.UpdateByFilter;
      for (int flag = parts ? 8 : 1; flag < 256; flag *= 2) {
        if (metadataOnly && flag == 4) {
          continue;
        }
        WalRecord bad = new WalRecord(good.op(), good.flags() | flag, good.payload());
        assertThrows(UnsupportedException.class, () -> WriteOpCodec.decode("r", bad, Oracle.SPEC));
      }
    }
  }

  /** Terms come with an update by filter in an index with a text index, and in no other. */
  @Test
  void anUpdateByFilterMayHaveTerms() {
    IndexSpec texts =
        new IndexSpec(
            "t",
            0,
            Metric.DOTPRODUCT,
            VectorType.SPARSE,
            null,
            new TextIndex("text", "english"),
            1);
    SparseVector terms = new SparseVector(new int[] {3, -1}, new float[] {0.5f, 1});
    Metadata metadata = Metadata.of(Map.of("text", new MetaValue.Str("x")));
    WalRecord record =
        WriteOpCodec.encode(new WriteOp.UpdateByFilter("{\"n\":1}", terms, metadata));
    WriteOp.UpdateByFilter read = (WriteOp.UpdateByFilter) WriteOpCodec.decode("r", record, texts);
    assertArrayEquals(terms.indices(), read.sparse().indices());
    assertArrayEquals(terms.weights(), read.sparse().weights());
    assertEquals(metadata, read.changes());
    assertThrows(UnsupportedException.class, () -> WriteOpCodec.decode("r", record, Oracle.SPEC));
  }

  /** The two upper bits decide: one says whether a reader may go on, the other who knows it. */
  @Test
  void unknownOperations() {
    for (int op = 0; op < 256; op++) {
      WalRecord record = new WalRecord(op, 0, new byte[] {1, 2, 3});
      if (op >= 1 && op <= 7) {
        continue;
      }
      if (op >= 0x80) {
        assertNull(WriteOpCodec.decode("r", record, Oracle.SPEC));
        continue;
      }
      UnsupportedException e =
          assertThrows(
              UnsupportedException.class, () -> WriteOpCodec.decode("r", record, Oracle.SPEC));
      assertEquals(op >= 0x40, e.hint() != null && e.hint().contains("private"), "op " + op);
    }
  }

  @Test
  void anUpdateByFilterHasItsMetadata() {
    Metadata metadata = Metadata.of(Map.of("n", new MetaValue.Num(1)));
    WalRecord good = WriteOpCodec.encode(new WriteOp.UpdateByFilter("{\"n\":1}", metadata));
    WalRecord bad = new WalRecord(good.op(), 0, good.payload());
    assertThrows(UnsupportedException.class, () -> WriteOpCodec.decode("r", bad, Oracle.SPEC));
  }

  @Test
  void aPartThatTheVectorTypeForbidsIsCorrupt() {
    IndexSpec sparse = new IndexSpec("i", 0, Metric.DOTPRODUCT, VectorType.SPARSE, null, 1);
    SparseVector values = new SparseVector(new int[] {3}, new float[] {1});
    VectorRecord record = new VectorRecord("a", new float[0], values, Metadata.EMPTY);
    WalRecord bad = WriteOpCodec.encode(new WriteOp.Upsert(record));
    assertThrows(CorruptException.class, () -> WriteOpCodec.decode("r", bad, sparse));
  }

  @Test
  void anIdWithNulIsCorrupt() {
    WalRecord bad = WriteOpCodec.encode(new WriteOp.DeleteId("a\0b"));
    assertThrows(CorruptException.class, () -> WriteOpCodec.decode("r", bad, Oracle.SPEC));
  }
}
