package io.slab.memtable;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.error.UnsupportedException;
import io.slab.format.section.MetadataCodec;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Metadata;
import io.slab.model.PrivateNumbers;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.wal.WalLayout;
import io.slab.wal.WalRecord;

/**
 * Operations as WAL records (spec/wal.md, "Operations"). Texts are {@code uvarint} length and
 * UTF-8. Payloads:
 *
 * <pre>
 * 1 upsert, 3 update   id; with FLAG_DENSE uvarint n, n f32; with FLAG_SPARSE uvarint n, n u32 ascending, n f32;
 *                      with FLAG_METADATA named-row metadata
 * 2 delete             id
 * 4 delete by filter   filter JSON
 * 5 delete all         nothing
 * 6 delete by prefix   prefix
 * 7 update by filter   filter JSON; with FLAG_SPARSE sparse values as above; named-row metadata
 * </pre>
 */
public final class WriteOpCodec {
  private static final int ALL_FLAGS =
      WalLayout.FLAG_DENSE | WalLayout.FLAG_SPARSE | WalLayout.FLAG_METADATA;

  private WriteOpCodec() {}

  /** Encodes one operation. */
  public static WalRecord encode(WriteOp op) {
    return encode(op, new ByteWriter());
  }

  /**
   * Encodes one operation.
   *
   * @param out memory that one operation after the other may use
   */
  static WalRecord encode(WriteOp op, ByteWriter out) {
    out.clear();
    if (op instanceof WriteOp.Upsert(VectorRecord r)) {
      Metadata metadata = r.metadata().isEmpty() ? null : r.metadata();
      return encodeParts(out, WalLayout.OP_UPSERT, r.id(), r.values(), r.sparse(), metadata);
    }
    if (op instanceof WriteOp.PartialUpdate u) {
      return encodeParts(out, WalLayout.OP_UPDATE, u.id(), u.values(), u.sparse(), u.changes());
    }
    if (op instanceof WriteOp.DeleteId d) {
      return textOnly(out, WalLayout.OP_DELETE, d.id());
    }
    if (op instanceof WriteOp.DeleteByFilter d) {
      return textOnly(out, WalLayout.OP_DELETE_BY_FILTER, d.filterJson());
    }
    if (op instanceof WriteOp.DeleteByPrefix d) {
      return textOnly(out, WalLayout.OP_DELETE_BY_PREFIX, d.prefix());
    }
    if (op instanceof WriteOp.UpdateByFilter u) {
      text(out, u.filterJson());
      int flags = WalLayout.FLAG_METADATA;
      if (u.sparse() != null) {
        flags |= WalLayout.FLAG_SPARSE;
        sparse(out, u.sparse());
      }
      MetadataCodec.writeNamed(out, u.changes());
      return new WalRecord(WalLayout.OP_UPDATE_BY_FILTER, flags, out.toBytes());
    }
    if (op instanceof WriteOp.DeleteAll) {
      return new WalRecord(WalLayout.OP_DELETE_ALL, 0, new byte[0]);
    }
    throw new IllegalArgumentException("no code for " + op);
  }

  private static WalRecord encodeParts(
      ByteWriter out, int op, String id, float[] values, SparseVector sparse, Metadata metadata) {
    int flags = 0;
    text(out, id);
    if (values != null) {
      flags |= WalLayout.FLAG_DENSE;
      out.uvarint(values.length).floats(values);
    }
    if (sparse != null) {
      flags |= WalLayout.FLAG_SPARSE;
      sparse(out, sparse);
    }
    if (metadata != null) {
      flags |= WalLayout.FLAG_METADATA;
      MetadataCodec.writeNamed(out, metadata);
    }
    return new WalRecord(op, flags, out.toBytes());
  }

  private static void sparse(ByteWriter out, SparseVector sparse) {
    out.uvarint(sparse.size());
    for (int index : sparse.indices()) {
      out.u32(index);
    }
    out.floats(sparse.weights());
  }

  private static WalRecord textOnly(ByteWriter out, int op, String text) {
    text(out, text);
    return new WalRecord(op, 0, out.toBytes());
  }

  private static void text(ByteWriter out, String text) {
    byte[] bytes = Utf8.bytes(text);
    out.uvarint(bytes.length).bytes(bytes);
  }

  /**
   * Decodes one operation. Rules on what records may hold are not asked: what an older writer let
   * in is kept as it is (spec/semantics.md, "Records of older writers").
   *
   * @param resource names object and record in errors
   * @return null for an unknown operation that may be ignored
   * @throws io.slab.error.CorruptException when it does not fit the index or breaks its layout
   */
  public static WriteOp decode(String resource, WalRecord record, IndexSpec spec) {
    if (!isKnown(resource, record)) {
      return null;
    }
    ByteCursor in = new ByteCursor(resource, record.payload());
    WriteOp op =
        switch (record.op()) {
          case WalLayout.OP_UPSERT -> upsert(in, record.flags(), spec);
          case WalLayout.OP_UPDATE -> update(in, record.flags(), spec);
          case WalLayout.OP_DELETE -> new WriteOp.DeleteId(id(in));
          case WalLayout.OP_DELETE_BY_FILTER -> new WriteOp.DeleteByFilter(text(in, "filter"));
          case WalLayout.OP_DELETE_ALL -> new WriteOp.DeleteAll();
          case WalLayout.OP_DELETE_BY_PREFIX -> new WriteOp.DeleteByPrefix(text(in, "prefix"));
          default -> updateByFilter(resource, in, record, spec);
        };
    in.end("the payload");
    return op;
  }

  /**
   * False for an unknown operation that may be ignored.
   *
   * @throws UnsupportedException for an unknown one that may not, and for unknown flags
   */
  public static boolean isKnown(String resource, WalRecord record) {
    if (record.op() < WalLayout.OP_UPSERT || record.op() > WalLayout.OP_UPDATE_BY_FILTER) {
      if ((record.op() & WalLayout.OP_IGNORABLE) != 0) {
        return false;
      }
      throw new UnsupportedException(
              resource,
              -1,
              "operation " + record.op(),
              "1 to 7",
              PrivateNumbers.hint((record.op() & PrivateNumbers.OP_BIT) != 0))
          .of("Y-12");
    }
    int allowed = allowedFlags(record.op());
    boolean needed = record.op() == WalLayout.OP_UPDATE_BY_FILTER;
    boolean lacks = needed && (record.flags() & WalLayout.FLAG_METADATA) == 0;
    if ((record.flags() & ~allowed) != 0 || lacks) {
      throw flags(resource, record, allowed);
    }
    return true;
  }

  /** Flags with a meaning for an operation. */
  private static int allowedFlags(int op) {
    return switch (op) {
      case WalLayout.OP_UPSERT, WalLayout.OP_UPDATE -> ALL_FLAGS;
      case WalLayout.OP_UPDATE_BY_FILTER -> WalLayout.FLAG_SPARSE | WalLayout.FLAG_METADATA;
      default -> 0;
    };
  }

  /** Of an index with a text index alone it may have the terms of a text among its fields. */
  private static WriteOp updateByFilter(
      String resource, ByteCursor in, WalRecord record, IndexSpec spec) {
    if ((record.flags() & WalLayout.FLAG_SPARSE) != 0 && spec.textIndex() == null) {
      throw flags(resource, record, WalLayout.FLAG_METADATA);
    }
    String filter = text(in, "filter");
    SparseVector sparse = sparse(in, record.flags(), spec);
    return new WriteOp.UpdateByFilter(filter, sparse, MetadataCodec.readNamed(in));
  }

  private static UnsupportedException flags(String resource, WalRecord record, int allowed) {
    return new UnsupportedException(
        resource, -1, "flags " + record.flags() + " of operation " + record.op(), "" + allowed);
  }

  private static WriteOp upsert(ByteCursor in, int flags, IndexSpec spec) {
    String id = id(in);
    float[] values = dense(in, flags, spec);
    SparseVector sparse = sparse(in, flags, spec);
    Metadata metadata = metadata(in, flags);
    if (spec.vectorType().hasDense() && values == null) {
      throw in.corrupt("a record without dense values", "a record of this index");
    }
    if (!spec.vectorType().hasDense() && sparse == null) {
      throw in.corrupt("a record without sparse values", "a record of this index");
    }
    return new WriteOp.Upsert(
        new VectorRecord(id, values, sparse, metadata == null ? Metadata.EMPTY : metadata));
  }

  private static WriteOp update(ByteCursor in, int flags, IndexSpec spec) {
    return new WriteOp.PartialUpdate(
        id(in), dense(in, flags, spec), sparse(in, flags, spec), metadata(in, flags));
  }

  private static float[] dense(ByteCursor in, int flags, IndexSpec spec) {
    if ((flags & WalLayout.FLAG_DENSE) == 0) {
      return null;
    }
    if (!spec.vectorType().hasDense()) {
      throw in.corrupt("dense values", "none in a sparse index");
    }
    int count = in.varCount("dense values", in.remaining() / 4);
    if (count != spec.dimension()) {
      throw in.corrupt(count + " dense values", spec.dimension() + "");
    }
    return in.floats(count, "dense values");
  }

  private static SparseVector sparse(ByteCursor in, int flags, IndexSpec spec) {
    if ((flags & WalLayout.FLAG_SPARSE) == 0) {
      return null;
    }
    if (!spec.vectorType().hasSparse()) {
      throw in.corrupt("sparse values", "none in a dense index");
    }
    int count = in.varCount("sparse entries", in.remaining() / 8);
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = in.i32("sparse index");
    }
    float[] weights = in.floats(count, "sparse values");
    try {
      return new SparseVector(indices, weights);
    } catch (IllegalArgumentException e) {
      throw in.corrupt(e.getMessage(), "a sparse vector");
    }
  }

  private static Metadata metadata(ByteCursor in, int flags) {
    return (flags & WalLayout.FLAG_METADATA) == 0 ? null : MetadataCodec.readNamed(in);
  }

  private static String id(ByteCursor in) {
    int length = in.varCount("id length", Limits.MAX_ID_BYTES);
    if (length == 0) {
      throw in.corrupt("an empty id", "1 to " + Limits.MAX_ID_BYTES + " bytes");
    }
    String id = in.utf8(length, "id");
    if (id.indexOf('\0') >= 0) {
      throw in.corrupt("an id with the character NUL", "an id without it");
    }
    return id;
  }

  private static String text(ByteCursor in, String what) {
    return in.utf8(in.varCount(what + " length", in.remaining()), what);
  }
}
