package io.slab.check;

import io.slab.bytes.Crc;
import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares every byte of every section with its checksum. Damaged chunks side by side are one
 * problem, and a damaged checksum table is not held against the sections that it is about.
 */
final class SectionChecksums {
  private final ByteSource source;
  private final Ulid id;
  private final List<DirectoryEntry> entries;
  private final Findings findings;
  private final Set<DirectoryEntry> damaged = new HashSet<>();
  private MemorySegment table;
  private boolean tableIntact;
  private boolean allRowsAtRisk;
  private long vectorRowsAtRisk;

  private SectionChecksums(ByteSource source, SlabStructure structure, Findings findings) {
    this.source = source;
    this.id = structure.id();
    this.entries = structure.entries();
    this.findings = findings;
  }

  /** Checks all sections of a slab whose structure was found whole. */
  static SectionChecksums check(ByteSource source, SlabStructure structure, Findings findings) {
    SectionChecksums checksums = new SectionChecksums(source, structure, findings);
    checksums.run();
    return checksums;
  }

  /** True when every byte is as it was written. */
  boolean intact() {
    return damaged.isEmpty();
  }

  private void run() {
    for (DirectoryEntry entry : entries) {
      if (entry.knownKind() == SectionKind.CHUNK_CRCS) {
        table = source.read(entry.offset(), entry.storedLength());
        tableIntact = whole(entry, table);
      }
    }
    for (DirectoryEntry entry : entries) {
      if (entry.knownKind() == SectionKind.CHUNK_CRCS) {
        continue;
      }
      if (entry.has(SlabFormat.FLAG_CHUNKED)) {
        chunked(entry);
      } else {
        whole(entry);
      }
    }
    findings.atRisk(allRowsAtRisk ? rows() : vectorRowsAtRisk);
  }

  private void whole(DirectoryEntry entry) {
    MemorySegment bytes;
    try {
      bytes = source.read(entry.offset(), entry.storedLength());
    } catch (CorruptException e) {
      error(entry, e.offset(), "bytes that cannot be read", risk(entry, 0, entry.storedLength()));
      return;
    }
    whole(entry, bytes);
  }

  private boolean whole(DirectoryEntry entry, MemorySegment bytes) {
    int computed = Crc.of(id, entry.offset(), 0, bytes);
    if (computed == entry.crc()) {
      return true;
    }
    long risk = risk(entry, 0, entry.storedLength());
    error(entry, entry.offset(), StructureFindings.crcText(computed, entry.crc()), risk);
    return false;
  }

  private void chunked(DirectoryEntry entry) {
    long first = 4L * Integer.toUnsignedLong(entry.firstChunk());
    long size = 4L * entry.chunks();
    if (table == null || first + size > table.byteSize()) {
      damaged.add(entry);
      return;
    }
    MemorySegment crcs = table.asSlice(first, size);
    int computed = Crc.of(id, entry.offset(), SlabFormat.CHUNK_TABLE, crcs);
    if (computed != entry.crc()) {
      damaged.add(entry);
      if (tableIntact) {
        error(
            entry,
            entry.offset(),
            "its chunk checksums: " + StructureFindings.crcText(computed, entry.crc()),
            risk(entry, 0, entry.storedLength()));
      }
      return;
    }
    int chunks = entry.chunks();
    for (int chunk = 0; chunk < chunks; chunk++) {
      if (!matches(entry, crcs, chunk)) {
        int end = chunk + 1;
        while (end < chunks && !matches(entry, crcs, end)) {
          end++;
        }
        damagedRun(entry, chunk, end);
        chunk = end;
      }
    }
  }

  private boolean matches(DirectoryEntry entry, MemorySegment crcs, int chunk) {
    long at = (long) chunk * SlabFormat.CHUNK_BYTES;
    long size = Math.min(SlabFormat.CHUNK_BYTES, entry.storedLength() - at);
    try {
      MemorySegment bytes = source.read(entry.offset() + at, size);
      return Crc.of(id, entry.offset(), chunk, bytes) == crcs.get(LittleEndian.INT, 4L * chunk);
    } catch (CorruptException e) {
      return false; // A place that the disk cannot read is damaged like any other.
    }
  }

  private void damagedRun(DirectoryEntry entry, int from, int to) {
    long start = (long) from * SlabFormat.CHUNK_BYTES;
    long end = Math.min((long) to * SlabFormat.CHUNK_BYTES, entry.storedLength());
    String which = to - from == 1 ? "chunk " + from : "chunks " + from + " to " + (to - 1);
    error(
        entry,
        entry.offset() + start,
        which + " (" + (end - start) + " bytes) failed the CRC-32C check",
        risk(entry, start, end));
  }

  private void error(DirectoryEntry entry, long offset, String problem, long risk) {
    damaged.add(entry);
    findings.error(source.name(), entry.label(), offset, problem + " [D-48]", risk);
  }

  /**
   * Derived sections can be rebuilt; a damaged vector chunk costs its rows, anything else all.
   *
   * @return records that lie in the bytes
   */
  private long risk(DirectoryEntry entry, long from, long to) {
    SectionKind kind = entry.knownKind();
    if (kind == null || kind.derived() || kind == SectionKind.CHUNK_CRCS || isOfDeletes(kind)) {
      return 0;
    }
    long rowBytes = 4 * entry.param();
    if (kind == SectionKind.RAW_VECTORS && rowBytes > 0) {
      long risk = (to + rowBytes - 1) / rowBytes - from / rowBytes;
      vectorRowsAtRisk += risk;
      return risk;
    }
    allRowsAtRisk = true;
    return rows();
  }

  /** True for sections that no record of the slab is in. */
  private static boolean isOfDeletes(SectionKind kind) {
    return kind == SectionKind.TOMBSTONES
        || kind == SectionKind.TOMBSTONE_LSN
        || kind == SectionKind.RANGE_TOMBSTONES;
  }

  private long rows() {
    for (DirectoryEntry entry : entries) {
      if (entry.knownKind() == SectionKind.ROW_LSN) {
        return Math.max(0, entry.items());
      }
    }
    return 0;
  }
}
