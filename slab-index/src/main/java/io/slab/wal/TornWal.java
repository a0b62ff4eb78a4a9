package io.slab.wal;

import io.slab.bytes.ByteWriter;
import io.slab.bytes.Crc;
import io.slab.bytes.Segments;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Tells an object that was cut short while it was written from a damaged one: every byte that is
 * there is right, and some are missing at the end.
 */
public final class TornWal {
  private final long sequence;
  private final byte[] content;
  private final MemorySegment bytes;
  private int at;

  private TornWal(long sequence, byte[] content) {
    this.sequence = sequence;
    this.content = content;
    this.bytes = MemorySegment.ofArray(content);
  }

  /**
   * True for a strict prefix of a valid object.
   *
   * @param sequence the number in the object's name
   */
  public static boolean is(long sequence, byte[] content) {
    return new TornWal(sequence, content).isPrefix();
  }

  private boolean isPrefix() {
    ByteWriter start = new ByteWriter();
    start.u64(WalLayout.MAGIC).u16(WalLayout.MAJOR).u16(WalLayout.MINOR);
    if (!startsAs(0, start)) {
      return false;
    }
    if (content.length < WalLayout.HEADER_BYTES) {
      return true;
    }
    int records = Segments.intAt(bytes, 12);
    ByteWriter lsns = new ByteWriter().u64(WalLayout.firstLsn(sequence));
    lsns.u64(WalLayout.lastLsn(sequence, records));
    if (records < 0 || records > WalLayout.MAX_RECORDS || !startsAs(48, lsns)) {
      return false;
    }
    Ulid commit = Ulid.read(bytes, 32);
    at = WalLayout.HEADER_BYTES;
    ByteWriter checked = new ByteWriter().bytes(content, 0, at);
    for (int record = 0; record < records; record++) {
      Boolean cut = record(commit, record, checked);
      if (cut != null) {
        return cut;
      }
    }
    int crc = Crc.of(commit, sequence, records, checked.segment());
    long length = (long) at + WalLayout.TRAILER_BYTES;
    ByteWriter trailer = new ByteWriter().u64(length).u32(records).u32(crc);
    trailer.u64(0).u64(WalLayout.END_MAGIC);
    return content.length < length && startsAs(at, trailer);
  }

  /** Null for a whole record, true for one that is cut short, false for a wrong one. */
  private Boolean record(Ulid commit, int number, ByteWriter checked) {
    int left = content.length - at;
    if (left < Integer.BYTES) {
      return true;
    }
    int length = Segments.intAt(bytes, at);
    if (length < 2 || length > WalLayout.MAX_BYTES - at - WalLayout.TRAILER_BYTES) {
      return false;
    }
    if (left - 8 < length) {
      return true;
    }
    int crc = Segments.intAt(bytes, at + 4);
    if (Crc.of(commit, sequence, number, bytes.asSlice(at + 8, length)) != crc) {
      return false;
    }
    checked.u32(crc);
    at += 8 + length;
    return null;
  }

  /** True when what is there from an offset on is the beginning of {@code expected}. */
  private boolean startsAs(int from, ByteWriter expected) {
    int length = Math.clamp((long) content.length - from, 0, expected.size());
    return Arrays.equals(content, from, from + length, expected.array(), 0, length);
  }
}
