package io.slab.compaction;

import io.slab.bytes.ByteWriter;
import io.slab.format.SlabInput;
import io.slab.format.section.MetadataCodec;
import io.slab.model.SparseVector;
import java.util.zip.CRC32C;

/**
 * CRC-32C of what rows are made of, in any file: equal for a slab and its rebuilt twin.
 *
 * @param ids their bytes, each after its length
 * @param lsns u64 each
 * @param vectors the bits of the dense values
 * @param sparse number of entries, dimensions and the bits of the weights of each row
 * @param metadata names, types and values in order of the names
 */
public record RowChecksums(int ids, int lsns, int vectors, int sparse, int metadata) {
  /** Reads all rows. */
  static RowChecksums of(SlabInput rows) {
    Sums sums = new Sums();
    try (SlabInput.Cursor cursor = rows.open()) {
      while (cursor.next()) {
        sums.add(cursor);
      }
    }
    return new RowChecksums(
        (int) sums.ids.getValue(),
        (int) sums.lsns.getValue(),
        (int) sums.vectors.getValue(),
        (int) sums.sparse.getValue(),
        (int) sums.metadata.getValue());
  }

  private static final class Sums {
    private final CRC32C ids = new CRC32C();
    private final CRC32C lsns = new CRC32C();
    private final CRC32C vectors = new CRC32C();
    private final CRC32C sparse = new CRC32C();
    private final CRC32C metadata = new CRC32C();

    void add(SlabInput.Cursor row) {
      byte[] id = row.id();
      update(ids, new ByteWriter(id.length + 4).u32(id.length).bytes(id));
      update(lsns, new ByteWriter(8).u64(row.lsn()));
      float[] values = row.values();
      if (values != null) {
        update(vectors, new ByteWriter(4 * values.length).floats(values));
      }
      update(sparse, entries(row.sparse()));
      ByteWriter fields = new ByteWriter();
      MetadataCodec.writeNamed(fields, row.metadata());
      update(metadata, fields);
    }

    private static ByteWriter entries(SparseVector sparse) {
      ByteWriter out = new ByteWriter();
      if (sparse == null) {
        return out.u32(0);
      }
      out.u32(sparse.size());
      for (int dimension : sparse.indices()) {
        out.u32(dimension);
      }
      return out.floats(sparse.weights());
    }

    private static void update(CRC32C sum, ByteWriter bytes) {
      sum.update(bytes.array(), 0, bytes.size());
    }
  }

  @Override
  public String toString() {
    return String.format(
        "ids %08x, lsns %08x, vectors %08x, sparse %08x, metadata %08x",
        ids, lsns, vectors, sparse, metadata);
  }
}
