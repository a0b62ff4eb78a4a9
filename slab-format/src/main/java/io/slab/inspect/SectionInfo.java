package io.slab.inspect;

import io.slab.bytes.Crc;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SlabFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * One section of a slab, from its directory entry alone; the components are the fields of the entry
 * (spec/slab-file.md, "Directory").
 *
 * @param kind its name, or the number in hexadecimal when this version does not know it
 * @param known false for a kind that this version skips
 * @param column column id, or -1
 * @param field name of the column's field, or null
 * @param part part number
 * @param offset first byte
 * @param storedLength bytes in the file
 * @param rawLength bytes after decompression
 * @param items number of things in it
 * @param codec "none", "zstd" or a number
 * @param encoding encoding number of the kind
 * @param alignment bytes
 * @param flags names of the flags that are set
 * @param crc eight hexadecimal digits
 * @param chunks checksummed chunks, 0 when the checksum covers the whole
 * @param param kind-specific number
 */
public record SectionInfo(
    String kind,
    boolean known,
    int column,
    String field,
    int part,
    long offset,
    long storedLength,
    long rawLength,
    long items,
    String codec,
    int encoding,
    long alignment,
    List<String> flags,
    String crc,
    int chunks,
    long param) {
  static SectionInfo of(DirectoryEntry entry, String field) {
    return new SectionInfo(
        entry.kindName(),
        entry.knownKind() != null,
        entry.column() == SlabFormat.NO_COLUMN ? -1 : entry.column(),
        field,
        entry.part(),
        entry.offset(),
        entry.storedLength(),
        entry.rawLength(),
        entry.items(),
        codec(entry.codec()),
        entry.encoding(),
        1L << entry.alignmentLog2(),
        flags(entry),
        Crc.hex(entry.crc()),
        entry.chunks(),
        entry.param());
  }

  private static String codec(int codec) {
    return switch (codec) {
      case SlabFormat.CODEC_NONE -> "none";
      case SlabFormat.CODEC_ZSTD -> "zstd";
      default -> Integer.toString(codec);
    };
  }

  private static List<String> flags(DirectoryEntry entry) {
    List<String> flags = new ArrayList<>();
    add(flags, entry, SlabFormat.FLAG_CRITICAL, "critical");
    add(flags, entry, SlabFormat.FLAG_HOT, "hot");
    add(flags, entry, SlabFormat.FLAG_CHUNKED, "chunked");
    add(flags, entry, SlabFormat.FLAG_DERIVED, "derived");
    return List.copyOf(flags);
  }

  private static void add(List<String> flags, DirectoryEntry entry, int flag, String name) {
    if (entry.has(flag)) {
      flags.add(name);
    }
  }
}
