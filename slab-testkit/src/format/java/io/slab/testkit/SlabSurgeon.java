package io.slab.testkit;

import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.file.SlabFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Writes a slab again with one section changed and every checksum right: a liar, not a damaged
 * file.
 */
public final class SlabSurgeon {
  /** A section on its way from one slab to the other. */
  public record Part(SectionSpec spec, byte[] bytes, long rawLength, long items) {
    public Part bytes(byte[] changed) {
      return new Part(spec, changed, rawLength, items);
    }

    public Part spec(SectionSpec changed) {
      return new Part(changed, bytes, rawLength, items);
    }

    public Part items(long changed) {
      return new Part(spec, bytes, rawLength, changed);
    }
  }

  private SlabSurgeon() {}

  /** The sections that can be changed. */
  public static List<DirectoryEntry> sections(byte[] slab) {
    try (SlabFile file = SlabFile.open(HeapObject.source("t.slab", slab, true))) {
      return file.entries().stream()
          .filter(entry -> entry.kind() != SectionKind.CHUNK_CRCS.code())
          .toList();
    }
  }

  /** The slab with one section put through {@code change}; null leaves the section out. */
  public static byte[] change(byte[] slab, DirectoryEntry target, Function<Part, Part> change) {
    HeapObject out = new HeapObject();
    try (SlabFile file = SlabFile.open(HeapObject.source("t.slab", slab, true))) {
      SlabFileWriter writer = new SlabFileWriter(out, file.id(), file.header().createdMillis());
      List<DirectoryEntry> entries = new ArrayList<>(sections(slab));
      entries.sort(Comparator.comparingLong(DirectoryEntry::offset));
      boolean hot = false;
      for (DirectoryEntry entry : entries) {
        if (entry.has(SlabFormat.FLAG_HOT) && !hot) {
          writer.hot();
          hot = true;
        }
        Part part = part(file, entry);
        part = entry.equals(target) ? change.apply(part) : part;
        if (part != null) {
          writer.section(
              part.spec(), MemorySegment.ofArray(part.bytes()), part.rawLength(), part.items());
        }
      }
      writer.finish();
    }
    return out.bytes();
  }

  private static Part part(SlabFile file, DirectoryEntry entry) {
    SectionKind kind = SectionKind.ofCode(entry.kind());
    SectionSpec spec =
        new SectionSpec(
            kind,
            entry.column(),
            entry.codec(),
            entry.encoding(),
            entry.alignmentLog2(),
            entry.param());
    byte[] bytes = file.find(kind, entry.column()).all().toArray(ValueLayout.JAVA_BYTE);
    return new Part(spec, bytes, entry.rawLength(), entry.items());
  }
}
