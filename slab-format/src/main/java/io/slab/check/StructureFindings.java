package io.slab.check;

import io.slab.bytes.Crc;
import io.slab.format.file.SlabFormat;
import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the quick check of one slab finds wrong: each problem gets the rule of the specification
 * that it breaks, told by the field at its offset.
 */
final class StructureFindings {
  private final ByteSource source;
  private final Findings findings;
  private long directoryOffset;

  /** Of one slab; findings go to the others. */
  StructureFindings(ByteSource source, Findings findings) {
    this.source = source;
    this.findings = findings;
  }

  /** Says where the directory begins, once the trailer was read. */
  void directoryAt(long offset) {
    directoryOffset = offset;
  }

  int size() {
    return findings.size();
  }

  /** Finds fault with reserved bytes that are not zero. */
  void zeros(String section, MemorySegment bytes, long base, int from, int to) {
    long wrong = firstNonZero(bytes, from, to);
    if (wrong >= 0) {
      error(section, base + wrong, "a reserved byte is not zero");
    }
  }

  /** The first offset with another byte than zero; -1 when all are zero. */
  static long firstNonZero(MemorySegment bytes, long from, long to) {
    for (long i = from; i < to; i++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, i) != 0) {
        return i;
      }
    }
    return -1;
  }

  static String crcText(int computed, int stored) {
    return "the bytes have the CRC-32C " + Crc.hex(computed) + ", expected " + Crc.hex(stored);
  }

  /** Notes damage. */
  void error(String section, long offset, String problem) {
    findings.error(source.name(), section, offset, problem + rule(section, offset));
  }

  /** Notes what another version may know. */
  void unsupported(String section, long offset, String problem) {
    findings.unsupported(source.name(), section, offset, problem + rule(section, offset));
  }

  /** The row of the field at an offset, of header, trailer or directory; else nothing. */
  private String rule(String section, long offset) {
    long trailer = source.length() - SlabFormat.TRAILER_BYTES;
    if (section == null) {
      return " [T-72]"; // Too short for a trailer.
    }
    if ("header".equals(section)) {
      long field =
          offset < 12 ? offset : offset < 16 ? 12 : offset < 40 ? 16 : offset < 60 ? 40 : 60;
      return " [H-" + field + "]";
    }
    if ("directory".equals(section)) {
      return " [T-12]";
    }
    if ("trailer".equals(section)) {
      return " [T-" + (offset - trailer) + "]";
    }
    boolean isEntry = directoryOffset > 0 && offset >= directoryOffset && offset < trailer;
    return isEntry ? " [D-" + (offset - directoryOffset) % SlabFormat.ENTRY_BYTES + "]" : "";
  }
}
