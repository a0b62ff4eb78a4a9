package io.slab.inspect;

import io.slab.format.file.SlabFormat;
import io.slab.format.file.SlabTrailer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where the bytes of a slab are: every byte of the file is in exactly one part.
 *
 * @param parts in the order of the file; neighbours of one group are one part
 * @param bytes by group, in the order of the groups
 * @param sections number of sections by group
 */
public record SlabLayout(
    List<Part> parts, Map<SectionGroup, Long> bytes, Map<SectionGroup, Integer> sections) {
  /**
   * A run of bytes.
   *
   * @param group what they are for
   * @param offset of the first
   * @param length how many
   */
  public record Part(SectionGroup group, long offset, long length) {}

  /** Of an opened slab, from its directory alone. */
  public static SlabLayout of(SlabInspector slab) {
    Builder builder = new Builder();
    builder.add(SectionGroup.CONTAINER, 0, SlabFormat.HEADER_BYTES);
    for (SectionInfo section : slab.sections()) {
      SectionGroup group = SectionGroup.of(section);
      builder.sections.merge(group, 1, Integer::sum);
      builder.add(group, section.offset(), section.storedLength());
    }
    SlabTrailer trailer = slab.file().trailer();
    long directory = trailer.directoryOffset();
    builder.add(SectionGroup.CONTAINER, directory, slab.file().length() - directory);
    return new SlabLayout(
        List.copyOf(builder.parts),
        Collections.unmodifiableMap(builder.bytes),
        Collections.unmodifiableMap(builder.sections));
  }

  /** Bytes of a group, 0 when it has none. */
  public long bytes(SectionGroup group) {
    return bytes.getOrDefault(group, 0L);
  }

  private static final class Builder {
    final List<Part> parts = new ArrayList<>();
    final Map<SectionGroup, Long> bytes = new EnumMap<>(SectionGroup.class);
    final Map<SectionGroup, Integer> sections = new EnumMap<>(SectionGroup.class);
    long end;

    void add(SectionGroup group, long offset, long length) {
      if (length == 0) {
        return;
      }
      if (offset > end) {
        append(SectionGroup.PADDING, end, offset - end);
      }
      append(group, offset, length);
      end = offset + length;
    }

    private void append(SectionGroup group, long offset, long length) {
      bytes.merge(group, length, Long::sum);
      Part last = parts.isEmpty() ? null : parts.getLast();
      if (last != null && last.group() == group) {
        parts.set(parts.size() - 1, new Part(group, last.offset(), last.length() + length));
      } else {
        parts.add(new Part(group, offset, length));
      }
    }
  }
}
