package io.slab.format.file;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.Crc;
import io.slab.error.CorruptException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Reads the directory of a slab: which sections there are, and where. */
final class SlabDirectory {
  private SlabDirectory() {}

  /**
   * Reads the directory, checked as a whole: its checksum, the order of its entries, and that no
   * two claim the same bytes or the same chunk checksums.
   *
   * @param tail the last bytes of the file, with the directory in them
   * @param tailStart where in the file they begin
   */
  static List<DirectoryEntry> read(
      String name, SlabTrailer trailer, MemorySegment tail, long tailStart) {
    long size = (long) trailer.entries() * SlabFormat.ENTRY_BYTES;
    long at = trailer.directoryOffset();
    MemorySegment bytes = tail.asSlice(at - tailStart, size);
    int computed = Crc.of(trailer.id(), at, 0, bytes);
    if (computed != trailer.directoryCrc()) {
      throw new CorruptException(
              name + " directory", at, "CRC " + Crc.hex(computed), Crc.hex(trailer.directoryCrc()))
          .of("T-12");
    }
    ByteCursor in = new ByteCursor(name + " directory", at, bytes);
    List<DirectoryEntry> entries = readEntries(in, trailer);
    checkOverlap(in, entries);
    checkChunkTable(in, entries);
    return entries;
  }

  private static List<DirectoryEntry> readEntries(ByteCursor in, SlabTrailer trailer) {
    List<DirectoryEntry> entries = new ArrayList<>(trailer.entries());
    for (int i = 0; i < trailer.entries(); i++) {
      DirectoryEntry entry = DirectoryEntry.read(in, trailer.directoryOffset());
      if (i > 0 && DirectoryEntry.ORDER.compare(entries.getLast(), entry) >= 0) {
        throw in.corrupt(entry.label() + " after " + entries.getLast().label(), "ascending kinds")
            .of("D-0");
      }
      if (!DirectoryEntry.hotAsPlaced(entry, trailer.hotOffset())) {
        throw in.corrupt(
                entry.label() + " at " + entry.offset() + " with flags " + entry.flags(),
                "the hot flag exactly from hot offset " + trailer.hotOffset() + " on")
            .of("F-HOT");
      }
      entries.add(entry);
    }
    return entries;
  }

  private static void checkOverlap(ByteCursor in, List<DirectoryEntry> entries) {
    List<DirectoryEntry> byOffset = new ArrayList<>(entries);
    byOffset.sort((a, b) ->
        a.offset() != b.offset()
            ? Long.compare(a.offset(), b.offset())
            : Long.compare(a.storedLength(), b.storedLength()));
    for (int i = 1; i < byOffset.size(); i++) {
      if (byOffset.get(i).offset() < byOffset.get(i - 1).end()) {
        throw in.corrupt(
                byOffset.get(i).label() + " overlaps " + byOffset.get(i - 1).label(),
                "sections side by side")
            .of("D-8");
      }
    }
  }

  /** The runs of the chunked sections cover CHUNK_CRCS exactly once. */
  private static void checkChunkTable(ByteCursor in, List<DirectoryEntry> entries) {
    List<DirectoryEntry> runs = new ArrayList<>();
    long table = 0;
    for (DirectoryEntry entry : entries) {
      if (entry.has(SlabFormat.FLAG_CHUNKED)) {
        runs.add(entry);
      }
      if (entry.knownKind() == SectionKind.CHUNK_CRCS) {
        table = chunkChecksums(in, entry);
      }
    }
    runs.sort((a, b) -> Integer.compareUnsigned(a.firstChunk(), b.firstChunk()));
    long end = 0;
    for (DirectoryEntry entry : runs) {
      long first = Integer.toUnsignedLong(entry.firstChunk());
      if (first != end) {
        throw in.corrupt(
                entry.label() + " with chunk checksums from " + first, "from " + end + " on")
            .of("D-52");
      }
      end = first + entry.chunks();
    }
    if (end != table) {
      throw in.corrupt(table + " chunk checksums", end + " as the sections have chunks").of("D-52");
    }
  }

  /** How many chunk checksums the section that holds them has. */
  private static long chunkChecksums(ByteCursor in, DirectoryEntry entry) {
    long count = entry.items();
    if (entry.storedLength() != 4 * count || entry.has(SlabFormat.FLAG_CHUNKED)) {
      throw in.corrupt(
              count
                  + " chunk checksums in "
                  + entry.storedLength()
                  + " bytes, flags "
                  + entry.flags(),
              "4 bytes for each, and not chunked")
          .of("K-0x02");
    }
    return count;
  }
}
