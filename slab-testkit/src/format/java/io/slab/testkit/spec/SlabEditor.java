package io.slab.testkit.spec;

import io.slab.bytes.Crc;
import io.slab.bytes.LittleEndian;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;

/** Makes checksums of a changed slab right again, by the steps that spec/kit/README.md defines. */
final class SlabEditor {
  private final byte[] bytes;
  private final MemorySegment segment;

  SlabEditor(byte[] slab) {
    this.bytes = slab.clone();
    this.segment = MemorySegment.ofArray(bytes);
  }

  byte[] bytes() {
    return bytes;
  }

  /** One step. */
  void reseal(String step) {
    switch (step) {
      case "header" -> u32(60, Crc.of(bytes, 0, 60));
      case "trailer" -> {
        u32(trailer() + 68, 0);
        u32(trailer() + 68, Crc.of(bytes, trailer(), SlabFormat.TRAILER_BYTES));
      }
      case "directory" -> {
        MemorySegment all = segment.asSlice(directory(), (long) trailer() - directory());
        u32(trailer() + 12, Crc.of(id(), directory(), 0, all));
      }
      default -> sealSection(entry(Integer.parseInt(step.substring("section ".length()))));
    }
  }

  private void sealSection(int entry) {
    int at = Math.toIntExact(u64(entry + 8));
    int stored = Math.toIntExact(u64(entry + 16));
    if ((bytes[entry + 7] & SlabFormat.FLAG_CHUNKED) == 0) {
      u32(entry + 48, Crc.of(id(), at, 0, segment.asSlice(at, stored)));
      return;
    }
    int run = Math.toIntExact(u64(chunkCrcs() + 8)) + 4 * u32(entry + 52);
    int chunks = 0;
    for (int from = 0; from < stored; from += SlabFormat.CHUNK_BYTES, chunks++) {
      int size = Math.min(SlabFormat.CHUNK_BYTES, stored - from);
      u32(run + 4 * chunks, Crc.of(id(), at, chunks, segment.asSlice((long) at + from, size)));
    }
    u32(entry + 48, Crc.of(id(), at, SlabFormat.CHUNK_TABLE, segment.asSlice(run, 4L * chunks)));
  }

  /** Place of the directory entry of CHUNK_CRCS. */
  private int chunkCrcs() {
    int n = 0;
    while (segment.get(LittleEndian.SHORT, entry(n)) != SectionKind.CHUNK_CRCS.code()) {
      n++;
    }
    return entry(n);
  }

  private int trailer() {
    return bytes.length - SlabFormat.TRAILER_BYTES;
  }

  private int directory() {
    return Math.toIntExact(u64(trailer()));
  }

  private int entry(int n) {
    return directory() + n * SlabFormat.ENTRY_BYTES;
  }

  private Ulid id() {
    return Ulid.read(segment, trailer() + 16L);
  }

  private int u32(int at) {
    return segment.get(LittleEndian.INT, at);
  }

  private long u64(int at) {
    return segment.get(LittleEndian.LONG, at);
  }

  private void u32(int at, int value) {
    segment.set(LittleEndian.INT, at, value);
  }
}
