package io.slab.snapshot;

import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.filter.FieldIndex;
import io.slab.format.LedgerSum;
import io.slab.format.SlabInput;
import io.slab.format.SlabRequest;
import io.slab.format.SlabTombstones;
import io.slab.format.SlabView;
import io.slab.format.section.DenseRows;
import io.slab.manifest.SlabEntry;
import io.slab.memtable.MemRow;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.RangeTombstone;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorRecord;
import io.slab.model.Vintage;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import io.slab.wal.WalRecord;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Slabs without the slab format: a list of rows, so that this layer is tested on its own and
 * without help from indexes.
 */
public final class PlainSlabs implements SlabFiles {
  @Override
  public Written write(ObjectUpload upload, SlabRequest request, SlabInput input) {
    ByteWriter out = new ByteWriter();
    SlabTombstones deleted = request.tombstones();
    out.ulid(request.id()).u64(deleted.asOf());
    out.u32(deleted.ids().size());
    LongSummaryStatistics lsns = new LongSummaryStatistics();
    for (SlabRequest.Tombstone tombstone : deleted.ids()) {
      lsns.accept(tombstone.lsn());
      out.u64(tombstone.lsn()).u32(tombstone.id().length).bytes(tombstone.id());
    }
    out.u32(deleted.ranges().size());
    for (RangeTombstone range : deleted.ranges()) {
      lsns.accept(range.lsn());
      out.u64(range.lsn()).u8(range.kind().code());
      out.u32(range.argument().length).bytes(range.argument());
    }
    out.u32(input.rows());
    try (SlabInput.Cursor rows = input.open()) {
      while (rows.next()) {
        String id = Utf8.string(rows.id());
        float[] values = rows.values() == null ? null : rows.values().clone();
        VectorRecord row = new VectorRecord(id, values, rows.sparse(), rows.metadata());
        WalRecord record = WriteOpCodec.encode(new WriteOp.Upsert(row));
        lsns.accept(rows.lsn());
        out.u64(rows.lsn()).u32(record.flags());
        out.u32(record.payload().length).bytes(record.payload());
      }
    }
    upload.write(out.segment());
    return new Written(
        0, "exact", lsns.getMin(), lsns.getMax(), LedgerSum.of(input), Vintage.FIRST, List.of());
  }

  @Override
  public Vintage vintage(IndexSpec spec, int level) {
    return Vintage.FIRST;
  }

  @Override
  public SlabView open(ByteSource source, IndexSpec spec, SlabEntry entry) {
    View view = read(source, spec);
    source.close();
    return view;
  }

  private static View read(ByteSource source, IndexSpec spec) {
    ByteCursor in = new ByteCursor(source.name(), 0, source.read(0, source.length()));
    Ulid id = in.ulid("id");
    SlabTombstones tombstones = tombstones(in);
    int rows = in.count("rows", 1 << 20);
    List<MemRow> list = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      long lsn = in.u64("lsn");
      int flags = in.i32("flags");
      byte[] payload = in.bytes(in.count("length", in.remaining()), "payload");
      WriteOp op = WriteOpCodec.decode(source.name(), new WalRecord(1, flags, payload), spec);
      VectorRecord record = ((WriteOp.Upsert) op).record();
      list.add(new MemRow(Utf8.bytes(record.id()), lsn, record));
    }
    return new View(id, spec.dimension(), list, tombstones);
  }

  private static SlabTombstones tombstones(ByteCursor in) {
    long asOf = in.u64("as of");
    List<SlabRequest.Tombstone> ids = new ArrayList<>();
    for (int left = in.count("tombstones", 1 << 20); left > 0; left--) {
      long lsn = in.u64("lsn");
      ids.add(new SlabRequest.Tombstone(in.bytes(in.count("length", 512), "id"), lsn));
    }
    List<RangeTombstone> ranges = new ArrayList<>();
    for (int left = in.count("ranges", 1 << 20); left > 0; left--) {
      long lsn = in.u64("lsn");
      RangeTombstone.Kind kind = RangeTombstone.Kind.ofCode(in.u8("kind"));
      int length = in.count("length", in.remaining());
      ranges.add(new RangeTombstone(lsn, kind, in.bytes(length, "argument")));
    }
    return new SlabTombstones(ids, ranges, asOf);
  }

  @Override
  public Lsns lsns(ByteSource source) {
    ByteCursor in = new ByteCursor(source.name(), 0, source.read(0, source.length()));
    in.ulid("id");
    SlabTombstones tombstones = tombstones(in);
    LongSummaryStatistics lsns = new LongSummaryStatistics();
    tombstones.ids().forEach(tombstone -> lsns.accept(tombstone.lsn()));
    tombstones.ranges().forEach(range -> lsns.accept(range.lsn()));
    int rows = in.count("rows", 1 << 20);
    for (int i = 0; i < rows; i++) {
      lsns.accept(in.u64("lsn"));
      in.i32("flags");
      in.bytes(in.count("length", in.remaining()), "payload");
    }
    source.close();
    return new Lsns(rows, lsns.getMin(), lsns.getMax(), tombstones.asOf());
  }

  private record View(Ulid id, int dimension, List<MemRow> list, SlabTombstones tombstones)
      implements SlabView, FieldIndex {
    @Override
    public int rows() {
      return list.size();
    }

    @Override
    public long lsn(int row) {
      return list.get(row).lsn();
    }

    @Override
    public byte[] rowId(int row) {
      return list.get(row).idBytes();
    }

    @Override
    public int find(byte[] key) {
      int row = lowerBound(key);
      return row < rows() && Utf8.compareBytes(rowId(row), key) == 0 ? row : -1;
    }

    @Override
    public int find(byte[] key, long hash) {
      return find(key);
    }

    @Override
    public int lowerBound(byte[] key) {
      int row = 0;
      while (row < rows() && Utf8.compareBytes(rowId(row), key) < 0) {
        row++;
      }
      return row;
    }

    @Override
    public DenseRows dense() {
      return new Values(list, dimension);
    }

    @Override
    public SparseVector sparse(int row) {
      return record(row).sparse();
    }

    @Override
    public Metadata metadata(int row) {
      return record(row).metadata();
    }

    @Override
    public List<String> fieldNames() {
      TreeSet<String> names = new TreeSet<>(Utf8.ORDER);
      list.forEach(row -> names.addAll(row.record().metadata().fields().keySet()));
      return List.copyOf(names);
    }

    @Override
    public VectorRecord record(int row) {
      return list.get(row).record();
    }

    @Override
    public FieldIndex fields() {
      return this;
    }

    @Override
    public void close() {}

    private ImmutableRoaringBitmap where(String field, Predicate<MetaValue> test) {
      MutableRoaringBitmap rows = new MutableRoaringBitmap();
      for (int row = 0; row < rows(); row++) {
        MetaValue value = metadata(row).get(field);
        if (value != null && test.test(value)) {
          rows.add(row);
        }
      }
      return rows;
    }

    @Override
    public boolean isIndexed(String field) {
      return true;
    }

    @Override
    public ImmutableRoaringBitmap exists(String field) {
      return where(field, v -> true);
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, String value) {
      return where(
          field,
          v ->
              v instanceof MetaValue.Str s && s.value().equals(value)
                  || v instanceof MetaValue.StrList l && l.values().contains(value));
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, double value) {
      return where(field, v -> v instanceof MetaValue.Num n && n.value() == value);
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, boolean value) {
      return where(field, v -> v instanceof MetaValue.Bool b && b.value() == value);
    }

    @Override
    public ImmutableRoaringBitmap range(
        String field, double low, boolean lowInclusive, double high, boolean highInclusive) {
      return where(
          field,
          v ->
              v instanceof MetaValue.Num n
                  && (lowInclusive ? n.value() >= low : n.value() > low)
                  && (highInclusive ? n.value() <= high : n.value() < high));
    }
  }

  /** The values of rows one by one, for compactions. */
  private record Values(List<MemRow> list, int dimension) implements DenseRows {
    @Override
    public int rows() {
      return list.size();
    }

    @Override
    public MemorySegment slice(int first, int count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment inverseNorms(int first, int count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void copy(int row, float[] target) {
      System.arraycopy(list.get(row).record().values(), 0, target, 0, dimension);
    }
  }
}
