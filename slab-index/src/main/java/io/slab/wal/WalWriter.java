package io.slab.wal;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.Crc;

/** Encodes WAL objects. */
public final class WalWriter {
  private WalWriter() {}

  /**
   * The bytes of one object; the same input gives the same bytes.
   *
   * @throws IllegalArgumentException when they would pass {@link WalLayout#MAX_BYTES}
   */
  public static byte[] encode(WalObject object) {
    ByteWriter out = new ByteWriter(size(object));
    writeHeader(out, object);
    ByteWriter checked = new ByteWriter().bytes(out.array(), 0, WalLayout.HEADER_BYTES);
    int number = 0;
    for (WalRecord record : object.records()) {
      checked.u32(writeRecord(out, object, number++, record));
    }
    int crc = Crc.of(object.commit(), object.sequence(), number, checked.segment());
    long length = (long) out.size() + WalLayout.TRAILER_BYTES;
    if (length > WalLayout.MAX_BYTES) {
      throw new IllegalArgumentException("a WAL object of " + length + " bytes");
    }
    return out.u64(length).u32(number).u32(crc).u64(0).u64(WalLayout.END_MAGIC).toBytes();
  }

  /** Bytes of the object, so that nothing is copied while it grows. */
  private static int size(WalObject object) {
    long size = WalLayout.HEADER_BYTES + WalLayout.TRAILER_BYTES;
    for (WalRecord record : object.records()) {
      size += WalLayout.RECORD_HEADER_BYTES + record.payload().length;
    }
    // Larger ones are refused once they are written; no need to hold all of them for that.
    return (int) Math.min(size, WalLayout.MAX_BYTES);
  }

  private static void writeHeader(ByteWriter out, WalObject object) {
    out.u64(WalLayout.MAGIC).u16(WalLayout.MAJOR).u16(WalLayout.MINOR).u32(object.records().size());
    out.ulid(object.writer()).ulid(object.commit());
    out.u64(object.firstLsn()).u64(object.lastLsn()).ulid(object.previous());
  }

  private static int writeRecord(ByteWriter out, WalObject object, int number, WalRecord record) {
    int start = out.size();
    out.u32(2 + record.payload().length).u32(0).u8(record.op()).u8(record.flags());
    out.bytes(record.payload());
    int length = 2 + record.payload().length;
    int crc = Crc.of(object.commit(), object.sequence(), number, out.array(), start + 8, length);
    out.setU32(start + 4, crc);
    return crc;
  }
}
