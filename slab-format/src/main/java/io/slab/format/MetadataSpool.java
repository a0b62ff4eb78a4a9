package io.slab.format;

import io.slab.bytes.ByteCursor;
import io.slab.format.section.MetaRowsReader;
import io.slab.format.section.MetadataCodec;
import io.slab.model.Metadata;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * The metadata of all rows of a slab, decompressed into a scratch file. Blocks of metadata hold
 * hundreds of rows: whoever reads all rows in another order than that of the slab would decompress
 * each block hundreds of times. Holds 8 bytes a row. Thread-safe until it is closed.
 */
public final class MetadataSpool implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final String resource;
  private final List<String> fields;
  private final long[] ends;
  private final MemorySegment bytes;

  /**
   * Copies the metadata of all rows.
   *
   * @param scratch folder for the file; null for the system's
   */
  MetadataSpool(SlabReader slab, Path scratch) {
    this.resource = "metadata of " + slab.file().name();
    this.fields = slab.manifest().fields();
    this.ends = new long[slab.rows()];
    MetaRowsReader rows = slab.metaRows();
    try (ScratchFile file = new ScratchFile(scratch)) {
      for (int row = 0; row < ends.length; row++) {
        rows.copy(row, file.out());
        ends[row] = file.length();
        file.flushFull();
      }
      bytes = file.map(arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** The metadata of a row. */
  public Metadata row(int row) {
    long from = row == 0 ? 0 : ends[row - 1];
    return MetadataCodec.readRow(
        new ByteCursor(resource, 0, bytes.asSlice(from, ends[row] - from)), fields);
  }

  @Override
  public void close() {
    arena.close();
  }
}
