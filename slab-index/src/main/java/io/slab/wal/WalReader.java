package io.slab.wal;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.Crc;
import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.model.Ulid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes and checks WAL objects. An object is accepted whole or not at all: lengths, counts, both
 * magic numbers, every CRC, and that it belongs to the sequence number it was found under.
 */
public final class WalReader {
  private final String resource;
  private final byte[] content;

  /** The same, read through a buffer: nothing is linked for it in a process that exits soon. */
  private final ByteBuffer bytes;

  private final ByteCursor in;
  private final long sequence;
  private int recordCount;

  private WalReader(String resource, long sequence, byte[] content) {
    this.resource = resource;
    this.sequence = sequence;
    this.content = content;
    this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    this.in = new ByteCursor(resource, content);
  }

  /**
   * Decodes one object.
   *
   * @param resource the object's name, for errors
   * @param sequence the number in that name
   * @throws CorruptException naming the first byte that is wrong
   * @throws UnsupportedException when a newer version wrote it
   */
  public static WalObject decode(String resource, long sequence, byte[] content) {
    return new WalReader(resource, sequence, content).object();
  }

  private WalObject object() {
    checkFrame();
    in.seek(12);
    recordCount = in.count("record count", WalLayout.MAX_RECORDS);
    Ulid writer = in.ulid("writer id");
    Ulid commit = in.ulid("commit id");
    expect(in.u64("first LSN"), WalLayout.firstLsn(sequence), 48, "first LSN");
    expect(in.u64("last LSN"), WalLayout.lastLsn(sequence, recordCount), 56, "last LSN");
    Ulid previous = in.ulid("previous commit id");
    ByteWriter checked = new ByteWriter(WalLayout.HEADER_BYTES + 4 * recordCount);
    checked.bytes(content, 0, WalLayout.HEADER_BYTES);
    List<WalRecord> records = readRecords(commit, checked);
    checkTrailer(commit, checked);
    return new WalObject(sequence, writer, commit, previous, records);
  }

  private void checkFrame() {
    int size = content.length;
    if (size < WalLayout.HEADER_BYTES + WalLayout.TRAILER_BYTES) {
      throw new CorruptException(
          resource,
          size,
          "the end of the object",
          "at least " + (WalLayout.HEADER_BYTES + WalLayout.TRAILER_BYTES) + " bytes");
    }
    expect(in.u64("magic"), WalLayout.MAGIC, 0, "magic");
    int major = in.u16("major version");
    int minor = in.u16("minor version");
    if (major != WalLayout.MAJOR) {
      throw new UnsupportedException(
              resource, 8, "version " + major + "." + minor, "major version " + WalLayout.MAJOR)
          .of("W-8");
    }
    int trailer = size - WalLayout.TRAILER_BYTES;
    expect(bytes.getLong(trailer + 24), WalLayout.END_MAGIC, trailer + 24, "end magic");
    expect(bytes.getLong(trailer), size, trailer, "file length");
    expect(bytes.getLong(trailer + 16), 0, trailer + 16, "reserved bytes");
  }

  private List<WalRecord> readRecords(Ulid commit, ByteWriter checked) {
    long end = content.length - WalLayout.TRAILER_BYTES;
    if ((end - WalLayout.HEADER_BYTES) / WalLayout.RECORD_HEADER_BYTES < recordCount) {
      throw new CorruptException(
          resource, 12, recordCount + " records", "no more than fit into the object");
    }
    List<WalRecord> records = new ArrayList<>(recordCount);
    for (int i = 0; i < recordCount; i++) {
      int length = in.count("record length", Math.max(0, end - in.position() - 8));
      int crc = in.i32("record CRC");
      if (length < 2) {
        throw in.corrupt("a record of " + length + " bytes", "at least 2").of("WR-0");
      }
      int actual = Crc.of(commit, sequence, i, content, (int) in.position(), length);
      if (actual != crc) {
        throw in.corrupt("record " + i + " with CRC " + Crc.hex(actual), "CRC " + Crc.hex(crc))
            .of("WR-4");
      }
      checked.u32(crc);
      int op = in.u8("op");
      int flags = in.u8("flags");
      records.add(new WalRecord(op, flags, in.bytes(length - 2, "payload")));
    }
    if (in.position() != end) {
      throw in.corrupt((end - in.position()) + " bytes after the last record", "the trailer");
    }
    return records;
  }

  private void checkTrailer(Ulid commit, ByteWriter checked) {
    int at = (int) in.position();
    expect(bytes.getInt(at + 8), recordCount, at + 8, "record count");
    int stored = bytes.getInt(at + 12);
    int actual = Crc.of(commit, sequence, recordCount, checked.array(), 0, checked.size());
    if (stored != actual) {
      throw new CorruptException(
              resource, at + 12, "CRC " + Crc.hex(stored), "CRC " + Crc.hex(actual))
          .of("WT-12");
    }
  }

  /** The row of a field of header or trailer. */
  private String rule(long offset) {
    long trailer = content.length - WalLayout.TRAILER_BYTES;
    return offset < WalLayout.HEADER_BYTES ? "W-" + offset : "WT-" + (offset - trailer);
  }

  private void expect(long found, long expected, long offset, String what) {
    if (found != expected) {
      throw new CorruptException(
              resource,
              offset,
              what + " " + Long.toUnsignedString(found, 16),
              Long.toUnsignedString(expected, 16) + " (hexadecimal)")
          .of(rule(offset));
    }
  }
}
