package io.slab.sort;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.XxHash64;
import io.slab.format.section.MetadataCodec;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;

/**
 * A record without its dense values in a run (scratch: no format of ours that outlives a program's
 * version).
 *
 * <pre>
 * u32 length of what follows; u64 hash of the values and the parts; u16 n, n bytes of key;
 * u8 1 when there are sparse values; uvarint n, n u32, n f32; metadata as in log objects
 * </pre>
 *
 * The key is the namespace, a zero byte and the id: neither holds a zero, so that its bytes sort by
 * namespace and then by id. The parts are left out where only keys are wanted.
 */
final class RowCodec {
  static final int LENGTH_BYTES = 4;
  private static final int HASH_BYTES = 8;
  private static final int MAX_KEY = Limits.MAX_NAMESPACE_BYTES + 1 + Limits.MAX_ID_BYTES;

  private RowCodec() {}

  /** The parts of one record. One thread only. */
  static final class Writer {
    private final boolean keysOnly;
    private final ByteWriter vector = new ByteWriter(4096);
    private final ByteWriter parts = new ByteWriter(1024);

    Writer(boolean keysOnly) {
      this.keysOnly = keysOnly;
    }

    /** Appends a record; its dense values go to {@code vectors} unless only keys are wanted. */
    void write(String namespace, VectorRecord record, ByteWriter rows, ByteWriter vectors) {
      vector.clear();
      if (record.values() != null) {
        vector.floats(record.values());
      }
      parts.clear();
      parts(record);
      long hash = XxHash64.hash(vector.array(), 0, vector.size(), 0);
      hash = XxHash64.hash(parts.array(), 0, parts.size(), hash);
      byte[] name = Utf8.bytes(namespace);
      byte[] id = Utf8.bytes(record.id());
      int kept = keysOnly ? 0 : parts.size();
      rows.u32(HASH_BYTES + 2 + name.length + 1 + id.length + kept);
      rows.u64(hash).u16(name.length + 1 + id.length).bytes(name).u8(0).bytes(id);
      if (!keysOnly) {
        rows.bytes(parts.array(), 0, parts.size());
        vectors.bytes(vector.array(), 0, vector.size());
      }
    }

    private void parts(VectorRecord record) {
      SparseVector sparse = record.sparse();
      parts.u8(sparse == null ? 0 : 1);
      if (sparse != null) {
        parts.uvarint(sparse.size());
        for (int index : sparse.indices()) {
          parts.u32(index);
        }
        parts.floats(sparse.weights());
      }
      MetadataCodec.writeNamed(parts, record.metadata());
    }
  }

  /** Hash of the content of the row that begins at the cursor; moves to its key. */
  static long hash(ByteCursor in) {
    in.skip(LENGTH_BYTES, "row length");
    return in.u64("row hash");
  }

  /** The key of a row, after {@link #hash}. */
  static byte[] key(ByteCursor in) {
    int length = in.u16("key length");
    if (length > MAX_KEY) {
      throw in.corrupt("a key of " + length + " bytes", "at most " + MAX_KEY);
    }
    return in.bytes(length, "key");
  }

  /** Sparse values of a row or null, after {@link #key}. */
  static SparseVector sparse(ByteCursor in) {
    if (in.u8("sparse mark") == 0) {
      return null;
    }
    int count = in.varCount("sparse entries", in.remaining() / 8);
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = in.i32("sparse index");
    }
    return new SparseVector(indices, in.floats(count, "sparse values"));
  }

  /** Metadata of a row, after {@link #sparse}. */
  static Metadata metadata(ByteCursor in) {
    return MetadataCodec.readNamed(in);
  }
}
