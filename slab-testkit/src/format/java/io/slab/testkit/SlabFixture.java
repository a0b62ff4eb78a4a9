package io.slab.testkit;

import io.slab.bytes.ByteWriter;
import io.slab.format.LedgerSum;
import io.slab.model.Ledger;
import io.slab.format.section.ColumnType;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.file.SlabFormat;
import io.slab.format.section.BitmapsWriter;
import io.slab.format.section.BloomWriter;
import io.slab.format.section.ColumnCodesWriter;
import io.slab.format.section.ColumnValues;
import io.slab.format.section.IdTopWriter;
import io.slab.format.section.MetaRowsWriter;
import io.slab.format.section.MetadataCodec;
import io.slab.format.section.NumberDictionary;
import io.slab.format.section.RankSlicesWriter;
import io.slab.format.section.RawVectorsWriter;
import io.slab.format.section.RowLsnWriter;
import io.slab.format.section.StringBlocksLayout;
import io.slab.format.section.StringBlocksWriter;
import io.slab.model.Utf8;
import io.slab.bytes.XxHash64;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A small slab put together section by section (so that a test can also put it together wrongly),
 * and twins of it in which one section was replaced and every checksum made to fit.
 *
 * <p>Rows {@code r000 ..}: {@code g} = "a".."e" in turn (a list of two in every seventh row),
 * {@code n} = row / 2, {@code t} = whether the row is even, nothing at all in every tenth row.
 */
public final class SlabFixture {
  public static final Ulid ID = new Ulid(5, 5);
  public static final int ROWS = 300;
  public static final int FIRST_LSN = 1000;

  /** Column ids in the fixture. */
  public static final int G_STRING = 0;

  public static final int G_LIST = 1;
  public static final int N = 2;
  public static final int T = 3;

  private SlabFixture() {}

  public static String id(int row) {
    return String.format("r%03d", row);
  }

  public static Metadata metadata(int row) {
    if (row % 10 == 0) {
      return Metadata.EMPTY;
    }
    Map<String, MetaValue> fields = new HashMap<>();
    String letter = Character.toString('a' + row % 5);
    fields.put(
        "g",
        row % 7 == 0
            ? new MetaValue.StrList(List.of(letter, "z", letter))
            : new MetaValue.Str(letter));
    fields.put("n", new MetaValue.Num(Math.floorDiv(row, 2)));
    fields.put("t", new MetaValue.Bool(row % 2 == 0));
    return Metadata.of(fields);
  }

  public static float[] vector(int row) {
    return new float[] {row + 1, 1, 0.5f};
  }

  public static byte[] slab() {
    return slab(ID);
  }

  public static byte[] slab(Ulid slabId) {
    HeapObject object = new HeapObject();
    SlabFileWriter out = new SlabFileWriter(object, slabId, 0);
    RawVectorsWriter vectors = new RawVectorsWriter(out, 3, true);
    MetaColumns columns = new MetaColumns();
    StringBlocksWriter ids = new StringBlocksWriter(StringBlocksLayout.IDS_PER_BLOCK, 512);
    BloomWriter bloom = new BloomWriter(ROWS);
    IdTopWriter top = new IdTopWriter();
    long[] lsns = new long[ROWS];
    for (int row = 0; row < ROWS; row++) {
      vectors.add(vector(row));
      byte[] id = Utf8.bytes(id(row));
      ids.add(id);
      bloom.add(XxHash64.hash(id));
      if (row % StringBlocksLayout.IDS_PER_BLOCK == 0) {
        top.add(id);
      }
      lsns[row] = FIRST_LSN + row;
      columns.add(row, metadata(row));
    }
    vectors.finish();
    MetaRowsWriter rows = new MetaRowsWriter(out);
    for (int row = 0; row < ROWS; row++) {
      ByteWriter coded = new ByteWriter();
      MetadataCodec.writeRow(coded, metadata(row), Map.of("g", 0, "n", 1, "t", 2));
      rows.add(coded.array(), coded.size());
    }
    rows.finish();
    ids.write(
        out, SectionSpec.of(SectionKind.ID_BLOCKS).zstd().param(StringBlocksLayout.IDS_PER_BLOCK));
    RowLsnWriter.write(out, lsns, ROWS);
    vectors.writeNorms();
    List<BitmapsWriter> bitmaps = columns.writeCold(out);
    out.hot();
    byte[] manifest = Utf8.bytes(manifest(slabId));
    out.section(
        SectionSpec.of(SectionKind.MANIFEST), MemorySegment.ofArray(manifest), manifest.length, 1);
    top.write(out);
    bloom.write(out);
    rows.writeTable();
    bitmaps.forEach(BitmapsWriter::writeDictionary);
    out.finish();
    return object.bytes();
  }

  private static String manifest(Ulid id) {
    return """
    {"format":"slab","version":[1,0],"id":"%s","namespace":"x","writer":"test","level":0,\
    "rows":300,"dimension":3,"metric":"cosine","vectorType":"dense","lsnMin":"1000",\
    "lsnMax":"1299","fields":["g","n","t"],"columns":[\
    {"id":0,"field":"g","type":"string","rows":232,"distinct":5},\
    {"id":1,"field":"g","type":"list","rows":38,"distinct":6},\
    {"id":2,"field":"n","type":"number","rows":270,"distinct":150},\
    {"id":3,"field":"t","type":"boolean","rows":270,"distinct":2}],\
    "algorithm":{"name":"exact"},"sources":[],"ledger":"%s"}\
    """
        .formatted(id, ledger());
  }

  /** Of its rows. */
  public static Ledger ledger() {
    LedgerSum sum = new LedgerSum();
    for (int row = 0; row < ROWS; row++) {
      long key = sum.id(Utf8.bytes(id(row)), FIRST_LSN + row);
      sum.dense(key, vector(row));
      sum.metadata(key, metadata(row));
    }
    return sum.ledger();
  }

  /** The same slab with one section's bytes changed and all checksums right. */
  public static byte[] forge(
      byte[] slab, SectionKind kind, int column, UnaryOperator<byte[]> change) {
    HeapObject object = new HeapObject();
    try (SlabFile file = SlabFile.open(HeapObject.source("s", slab, true))) {
      SlabFileWriter out = new SlabFileWriter(object, file.id(), 0);
      List<Section> sections = new ArrayList<>(file.sections());
      sections.sort((a, b) -> Long.compare(a.entry().offset(), b.entry().offset()));
      boolean hot = false;
      for (Section section : sections) {
        DirectoryEntry e = section.entry();
        if (e.kind() == SectionKind.CHUNK_CRCS.code()) {
          continue;
        }
        if (e.has(SlabFormat.FLAG_HOT) && !hot) {
          out.hot();
          hot = true;
        }
        byte[] bytes = section.all().toArray(ValueLayout.JAVA_BYTE);
        if (e.kind() == kind.code() && e.column() == column) {
          bytes = change.apply(bytes);
        }
        SectionSpec spec =
            new SectionSpec(
                SectionKind.ofCode(e.kind()),
                e.column(),
                e.codec(),
                e.encoding(),
                e.alignmentLog2(),
                e.param());
        long raw = e.codec() == SlabFormat.CODEC_NONE ? bytes.length : e.rawLength();
        out.section(spec, MemorySegment.ofArray(bytes), raw, e.items());
      }
      out.finish();
    }
    return object.bytes();
  }

  /** The values of the four columns, collected row by row. */
  private static final class MetaColumns {
    private final List<TreeMap<MetaValue, List<Integer>>> values = new ArrayList<>();

    MetaColumns() {
      for (int column = 0; column < 4; column++) {
        values.add(new TreeMap<>((a, b) -> compare(a, b)));
      }
      values.get(T).put(new MetaValue.Bool(false), new ArrayList<>());
      values.get(T).put(new MetaValue.Bool(true), new ArrayList<>());
    }

    private static int compare(MetaValue a, MetaValue b) {
      return switch (a) {
        case MetaValue.Str s -> s.value().compareTo(((MetaValue.Str) b).value());
        case MetaValue.Num n -> Double.compare(n.value(), ((MetaValue.Num) b).value());
        case MetaValue.Bool t -> Boolean.compare(t.value(), ((MetaValue.Bool) b).value());
        case MetaValue.StrList l -> throw new IllegalArgumentException();
      };
    }

    void add(int row, Metadata metadata) {
      metadata
          .fields()
          .forEach((field, value) -> {
            switch (value) {
              case MetaValue.Str s -> put(G_STRING, s, row);
              case MetaValue.Num n -> put(N, n, row);
              case MetaValue.Bool t -> put(T, t, row);
              case MetaValue.StrList l ->
                  l.values().stream()
                      .distinct()
                      .forEach(text -> put(G_LIST, new MetaValue.Str(text), row));
            }
          });
    }

    private void put(int column, MetaValue value, int row) {
      values.get(column).computeIfAbsent(value, v -> new ArrayList<>()).add(row);
    }

    List<BitmapsWriter> writeCold(SlabFileWriter out) {
      List<BitmapsWriter> bitmaps = new ArrayList<>();
      ColumnType[] types = {
        ColumnType.STRING, ColumnType.LIST, ColumnType.NUMBER, ColumnType.BOOLEAN
      };
      for (int column = 0; column < 4; column++) {
        ColumnValues ranks = ranks(column, types[column]);
        dictionary(out, column);
        ColumnCodesWriter.write(out, column, ranks, ROWS);
        bitmaps.add(new BitmapsWriter(out, column, ranks));
        if (column == N) {
          RankSlicesWriter.write(out, column, ranks);
        }
      }
      return bitmaps;
    }

    private void dictionary(SlabFileWriter out, int column) {
      if (column == N) {
        NumberDictionary.write(
            out,
            column,
            values.get(column).keySet().stream()
                .mapToDouble(v -> ((MetaValue.Num) v).value())
                .toArray());
      } else if (column != T) {
        StringBlocksWriter strings =
            new StringBlocksWriter(StringBlocksLayout.VALUES_PER_BLOCK, 40_960);
        values
            .get(column)
            .keySet()
            .forEach(v -> strings.add(Utf8.bytes(((MetaValue.Str) v).value())));
        strings.write(
            out,
            SectionSpec.of(SectionKind.COLUMN_DICT)
                .column(column)
                .zstd()
                .param(StringBlocksLayout.VALUES_PER_BLOCK));
      }
    }

    private ColumnValues ranks(int column, ColumnType type) {
      TreeMap<Integer, List<Integer>> byRow = new TreeMap<>();
      int rank = 0;
      for (List<Integer> rows : values.get(column).values()) {
        for (int row : rows) {
          byRow.computeIfAbsent(row, r -> new ArrayList<>()).add(rank);
        }
        rank++;
      }
      int[] rows = byRow.keySet().stream().mapToInt(r -> r).toArray();
      int[] ranks = byRow.values().stream().flatMap(List::stream).mapToInt(r -> r).toArray();
      int[] ends = new int[rows.length];
      int end = 0;
      int i = 0;
      for (List<Integer> of : byRow.values()) {
        end += of.size();
        ends[i++] = end;
      }
      return new ColumnValues(type, rank, rows, type == ColumnType.LIST ? ends : null, ranks);
    }
  }
}
