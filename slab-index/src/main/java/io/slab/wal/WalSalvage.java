package io.slab.wal;

import io.slab.bytes.Crc;
import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be read of a damaged log object: the records whose own checksums are right. One that is
 * damaged leaves a gap that no operation fills; where its length is damaged too, those behind it
 * are lost with it.
 *
 * @param object the readable records at their places, with ignorable ones at the places of the
 *     others; its predecessor is all zero, since nothing proves it
 * @param lost numbers of the records that cannot be read, ascending
 * @param open true when it may have had more records than these
 * @param sound true when readers take it as it is; false also where only what is around the records
 *     is damaged
 */
public record WalSalvage(WalObject object, List<Integer> lost, boolean open, boolean sound) {
  /** Stands where a record was: replay skips it. */
  private static final WalRecord GAP = new WalRecord(0xFF, 0, new byte[0]);

  public WalSalvage {
    lost = List.copyOf(lost);
  }

  /** An object of which nothing can be read, or that is not there. */
  public static WalSalvage nothing(long sequence, Ulid commit) {
    return new WalSalvage(
        new WalObject(sequence, Ulid.ZERO, commit, Ulid.ZERO, List.of()), List.of(), true, false);
  }

  /** Reads what can be read of an object that {@link WalReader} refuses. */
  public static WalSalvage of(long sequence, byte[] content) {
    MemorySegment bytes = MemorySegment.ofArray(content);
    if (content.length < WalLayout.HEADER_BYTES) {
      return nothing(sequence, Ulid.ZERO);
    }
    int count = bytes.get(LittleEndian.INT, 12);
    Ulid commit = Ulid.read(bytes, 32);
    if (count < 0 || count > WalLayout.MAX_RECORDS) {
      return nothing(sequence, commit);
    }
    List<WalRecord> records = new ArrayList<>();
    List<Integer> lost = new ArrayList<>();
    long at = WalLayout.HEADER_BYTES;
    boolean readable = true;
    for (int i = 0; i < count && i <= content.length; i++) {
      WalRecord record = readable ? record(bytes, at, commit, sequence, i) : null;
      long length = readable ? length(bytes, at) : -1;
      readable = length >= 2;
      at += 8 + length;
      records.add(record == null ? GAP : record);
      if (record == null) {
        lost.add(i);
      }
    }
    // A count that the damage made smaller would hide records behind the last one.
    boolean ends = at == content.length - WalLayout.TRAILER_BYTES;
    return new WalSalvage(
        new WalObject(sequence, Ulid.ZERO, commit, Ulid.ZERO, records), lost, !ends, false);
  }

  /** Length of a record without its first eight bytes, -1 for one that is out of the object. */
  private static long length(MemorySegment bytes, long at) {
    if (at > bytes.byteSize() - 8) {
      return -1;
    }
    long length = Integer.toUnsignedLong(bytes.get(LittleEndian.INT, at));
    return length > bytes.byteSize() - at - 8 ? -1 : length;
  }

  private static WalRecord record(
      MemorySegment bytes, long at, Ulid commit, long sequence, int number) {
    long length = length(bytes, at);
    if (length < 2) {
      return null;
    }
    MemorySegment body = bytes.asSlice(at + 8, length);
    if (Crc.of(commit, sequence, number, body) != bytes.get(LittleEndian.INT, at + 4)) {
      return null;
    }
    return new WalRecord(
        body.get(ValueLayout.JAVA_BYTE, 0) & 0xFF,
        body.get(ValueLayout.JAVA_BYTE, 1) & 0xFF,
        body.asSlice(2).toArray(ValueLayout.JAVA_BYTE));
  }

  /** Reads an object, whole or not. */
  public static WalSalvage read(String name, long sequence, byte[] content) {
    try {
      return new WalSalvage(WalReader.decode(name, sequence, content), List.of(), false, true);
    } catch (CorruptException e) {
      return of(sequence, content);
    }
  }
}
