package io.slab.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.ByteWriter;
import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Severity;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.memtable.DecodedBatch;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.VectorType;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands in the log is checked as replay reads it. */
class LoggedRecordsCheckTest extends CheckedIndex {
  @Test
  void everyLogRecordIsDecodedAsReplayDoes() {
    log(new WalRecord(0x80 | 100, 0, new byte[] {1}));
    assertNull(queried());
    assertEquals("ok", check(CheckLevel.CHECKSUMS).status(), "may be ignored");
    log(new WalRecord(2, 0, text("r001")), new WalRecord(100, 0, new byte[0]));
    refused(walName(3), "operation 100", true);
    log(new WalRecord(5, 64, new byte[0]));
    refused(walName(3), "flags 64", true);
    log(new WalRecord(5, 0, new byte[] {1}));
    refused(walName(3), "", false);
    log(new WalRecord(2, 0, new byte[] {0}));
    refused(walName(3), "an empty id", false);
    log(new WalRecord(2, 0, new byte[] {2, 'a', (byte) 0xff}));
    refused(walName(3), "", false);
    log(new WalRecord(1, 0, text("x")));
    refused(walName(3), "without dense values", false);
    byte[] two = new ByteWriter().bytes(text("x")).uvarint(2).floats(new float[2]).toBytes();
    log(new WalRecord(1, 1, two));
    refused(walName(3), "2 dense values", false);
    for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      float[] values = {1, wrong, 3};
      byte[] one = new ByteWriter().bytes(text("x")).uvarint(3).floats(values).toBytes();
      String text = "record 'x': Vector values must be finite numbers, got " + wrong;
      for (int op : new int[] {1, 3}) {
        log(new WalRecord(op, 1, one));
        assertNull(queried());
        only(CheckLevel.QUICK, Severity.WARNING, walName(3), text);
      }
    }
    log(new WalRecord(4, 0, text("{\"$or\":7}")));
    refused(walName(3), "a bad filter", false);
    byte[] update = new ByteWriter().bytes(text("{\"x\":")).uvarint(0).toBytes();
    log(new WalRecord(7, 4, update));
    refused(walName(3), "a bad filter", false);
  }

  @Test
  void aFilterInTheLogThatTheSchemaForbidsIsMetByReplay() {
    store.list(NAMES.slabFolder(), null).forEach(object -> store.delete(object.name()));
    IndexSpec narrow =
        new IndexSpec("shop", 3, Metric.COSINE, VectorType.DENSE, List.of("g", "n", "t"), 1);
    indexJson(narrow);
    build();
    indexJson(narrow);
    log(new WalRecord(4, 0, text("{\"secret\":7}")));
    SlabException e = queried();
    CheckReport report = check(CheckLevel.QUICK);
    assertEquals(CorruptException.class, e == null ? null : e.getClass(), "" + e);
    assertTrue(e.getMessage().startsWith(walName(3)), e.getMessage());
    assertEquals(1, report.count(Severity.ERROR), report.problems().toString());
  }

  @Test
  void theSameWhereNoSlabIsThatCouldRefuseTheFilter() {
    IndexSpec narrow = new IndexSpec("s", 3, Metric.COSINE, VectorType.DENSE, List.of("n"), 1);
    for (WriteOp op :
        List.of(
            new WriteOp.DeleteByFilter("{\"secret\":7}"),
            new WriteOp.UpdateByFilter("{\"secret\":7}", Metadata.EMPTY))) {
      WalObject object =
          new WalObject(1, new Ulid(8, 8), commit(1), Ulid.ZERO, List.of(WriteOpCodec.encode(op)));
      CorruptException e =
          assertThrows(CorruptException.class, () -> DecodedBatch.of("1.wal", object, narrow));
      assertTrue(e.getMessage().contains("not indexed"), e.getMessage());
    }
  }

  @Test
  void anObjectInAFreedSlotIsAWarning() {
    WalObject stalled = new WalObject(1, new Ulid(8, 8), new Ulid(6, 6), commit(0), List.of());
    replace(walName(1), WalWriter.encode(stalled));
    only(CheckLevel.CHECKSUMS, Severity.WARNING, walName(1), "the one that was flushed");
  }
}
