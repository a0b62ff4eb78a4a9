package io.slab.testkit.spec;

import static io.slab.format.file.SectionKind.BITMAP_DATA;
import static io.slab.format.file.SectionKind.BITMAP_DICT;
import static io.slab.format.file.SectionKind.CHUNK_CRCS;
import static io.slab.format.file.SectionKind.COLUMN_CODES;
import static io.slab.format.file.SectionKind.COLUMN_DICT;
import static io.slab.format.file.SectionKind.ID_BLOCKS;
import static io.slab.format.file.SectionKind.ID_BLOOM;
import static io.slab.format.file.SectionKind.ID_TOP;
import static io.slab.format.file.SectionKind.INVERSE_NORMS;
import static io.slab.format.file.SectionKind.MANIFEST;
import static io.slab.format.file.SectionKind.META_BLOCKS;
import static io.slab.format.file.SectionKind.META_ROWS;
import static io.slab.format.file.SectionKind.RANK_SLICES;
import static io.slab.format.file.SectionKind.RANGE_TOMBSTONES;
import static io.slab.format.file.SectionKind.RAW_VECTORS;
import static io.slab.format.file.SectionKind.ROW_LSN;
import static io.slab.format.file.SectionKind.TOMBSTONE_LSN;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The damages of spec/bad/README.md, made from one good slab with chunks and columns of all types.
 */
public final class BadSlabs {
  /**
   * One damaged slab.
   *
   * @param row id of the table's row
   * @param variant tells slabs of one row apart
   * @param expected {@code corrupt}, {@code unsupported} or {@code accepted}
   */
  public record Case(String row, String variant, String expected, byte[] bytes) {
    public String name() {
      return variant.isEmpty() ? row : row + "-" + variant;
    }
  }

  private static final String CORRUPT = "corrupt";
  private static final String UNSUPPORTED = "unsupported";
  private static final String ACCEPTED = "accepted";

  private final byte[] good;
  private final SlabEditor layout;
  private final List<Case> cases = new ArrayList<>();

  private BadSlabs(byte[] good) {
    this.good = good;
    this.layout = new SlabEditor(good);
  }

  public static List<Case> of(byte[] good) {
    BadSlabs bad = new BadSlabs(good);
    bad.lengths();
    bad.flips();
    bad.header();
    bad.trailer();
    bad.directory();
    bad.chunks();
    bad.kinds();
    bad.meanings();
    bad.manifest();
    bad.ledger();
    bad.contents();
    bad.tombstones();
    bad.bitmaps();
    bad.zstd();
    return bad.cases;
  }

  private void add(String row, String expected, UnaryOperator<SlabEditor> change) {
    add(row, "", expected, change);
  }

  private void add(String row, String variant, String expected, UnaryOperator<SlabEditor> change) {
    byte[] bytes = change.apply(new SlabEditor(good)).bytes();
    if (Arrays.equals(bytes, good)) {
      throw new IllegalStateException(row + " " + variant + " changes nothing");
    }
    cases.add(new Case(row, variant, expected, bytes));
  }

  private void lengths() {
    cases.add(new Case("empty", "", CORRUPT, new byte[0]));
    TreeSet<Integer> ends = new TreeSet<>(List.of(1, 63, 64, 143, good.length - 1));
    for (int n = 0; n < layout.entries(); n++) {
      int entry = layout.entry(n);
      ends.add(layout.offset(entry));
      ends.add(layout.offset(entry) + layout.stored(entry));
    }
    ends.addAll(List.of(layout.hotOffset(), layout.directory(), layout.trailer()));
    for (int end : ends) {
      cases.add(new Case("cut", "" + end, CORRUPT, Arrays.copyOf(good, end)));
    }
    cases.add(new Case("longer", "", CORRUPT, Arrays.copyOf(good, good.length + 1)));
  }

  private void flips() {
    for (int n = 0; n < layout.entries(); n++) {
      int entry = layout.entry(n);
      int size = layout.stored(entry);
      if (size > 0) {
        int at = layout.offset(entry);
        String kind = Integer.toHexString(layout.u16(entry)) + "-" + layout.u16(entry + 2);
        add("flip", kind + "-first", CORRUPT, e -> e.flip(at));
        add("flip", kind + "-last", CORRUPT, e -> e.flip(at + size - 1));
      }
    }
    add("flip", "header", CORRUPT, e -> e.flip(33));
    add("flip", "trailer", CORRUPT, e -> e.flip(e.trailer() + 57));
    add("flip", "directory", CORRUPT, e -> e.flip(e.directory() + 56));
  }

  private void header() {
    add("magic", CORRUPT, e -> e.flip(0).sealHeader());
    add("header-reserved", "12", CORRUPT, e -> e.u8(12, 1).sealHeader());
    add("header-reserved", "59", CORRUPT, e -> e.u8(59, 1).sealHeader());
    add("major", "header", UNSUPPORTED, e -> e.u16(8, 2).sealHeader());
    add("major", "trailer", UNSUPPORTED, e -> e.u16(e.trailer() + 64, 2).sealTrailer());
    add("major", "header-unsealed", UNSUPPORTED, e -> e.u16(8, 2));
    add("major", "trailer-unsealed", UNSUPPORTED, e -> e.u16(e.trailer() + 64, 2));
    add("minor", CORRUPT, e -> e.u16(10, 1).sealHeader());
    add(
        "newer-minor",
        ACCEPTED,
        e -> e.u16(10, 7).sealHeader().u16(e.trailer() + 66, 7).sealTrailer());
    add("other-id", "header", CORRUPT, e -> e.flip(20).sealHeader());
    add("other-id", "trailer", CORRUPT, e -> e.flip(e.trailer() + 20).sealTrailer());
    add(
        "other-id",
        "both",
        CORRUPT,
        e -> e.flip(20).sealHeader().flip(e.trailer() + 20).sealTrailer());
    add(
        "other-id",
        "all-but-sections",
        CORRUPT,
        e -> e.flip(20).sealHeader().flip(e.trailer() + 20).sealDirectory());
  }

  private void trailer() {
    add("end-magic", CORRUPT, e -> e.flip(e.trailer() + 72).sealTrailer());
    add("feature", UNSUPPORTED, e -> e.u64(e.trailer() + 48, 32).sealTrailer());
    add("optional-feature", ACCEPTED, e -> e.u64(e.trailer() + 56, 32).sealTrailer());
    add("file-length", CORRUPT, e -> e.u64(e.trailer() + 40, good.length + 64).sealTrailer());
    add("directory-place", CORRUPT, e -> e.u64(e.trailer(), e.directory() - 64).sealTrailer());
    add("entries", "more", CORRUPT, e -> e.u32(e.trailer() + 8, e.entries() + 1).sealTrailer());
    add("entries", "many", CORRUPT, e -> e.u32(e.trailer() + 8, -1).sealTrailer());
    add("hot-offset", "behind", CORRUPT, e -> e.u64(e.trailer() + 32, e.trailer()).sealTrailer());
    add(
        "hot-offset",
        "odd",
        CORRUPT,
        e -> e.u64(e.trailer() + 32, e.hotOffset() + 8).sealTrailer());
  }

  private void entryCase(
      String row, String variant, SectionKind kind, int at, long value, int size) {
    add(
        row,
        variant,
        CORRUPT,
        e -> {
          int place = e.entry(kind) + at;
          switch (size) {
            case 1 -> e.u8(place, (int) value);
            case 2 -> e.u16(place, (int) value);
            case 4 -> e.u32(place, (int) value);
            default -> e.u64(place, value);
          }
          return e.sealDirectory();
        });
  }

  private void directory() {
    entryCase("entry-reserved", "42", META_ROWS, 42, 1, 2);
    entryCase("entry-reserved", "45", META_ROWS, 45, 1, 1);
    entryCase("entry-reserved", "flag", META_ROWS, 7, 0x21, 1);
    entryCase("place", "unaligned", META_BLOCKS, 8, layout.section(META_BLOCKS) + 8, 8);
    entryCase("place", "in-header", META_BLOCKS, 8, 0, 8);
    entryCase("place", "behind", META_BLOCKS, 8, layout.directory() + 64L, 8);
    entryCase("place", "huge", META_BLOCKS, 16, Long.MAX_VALUE - 10, 8);
    entryCase("place", "negative", META_BLOCKS, 16, -1, 8);
    entryCase("alignment", "0", META_BLOCKS, 44, 0, 1);
    entryCase("alignment", "200", META_BLOCKS, 44, 200, 1);
    entryCase("items", "negative", ROW_LSN, 32, -5, 8);
    entryCase("items", "more", ROW_LSN, 32, layout.u64(layout.entry(ROW_LSN) + 32) + 1, 8);
    entryCase("raw-length", "", ROW_LSN, 24, 1L << 40, 8);
    entryCase("overlap", "", META_BLOCKS, 8, layout.section(MANIFEST), 8);
    entryCase("chunked", "cleared", RAW_VECTORS, 7, SlabFormat.FLAG_CRITICAL, 1);
    entryCase("chunked", "set", ROW_LSN, 7, SlabFormat.FLAG_CRITICAL | SlabFormat.FLAG_CHUNKED, 1);
    entryCase("first-chunk", "", RAW_VECTORS, 52, 1 << 20, 4);
    entryCase("hot-flag", "cleared", MANIFEST, 7, SlabFormat.FLAG_CRITICAL, 1);
    int hotCold = SlabFormat.FLAG_CRITICAL | SlabFormat.FLAG_HOT;
    entryCase("hot-flag", "set", ROW_LSN, 7, hotCold, 1);
    add(
        "order",
        CORRUPT,
        e -> e.swap(e.entry(0), e.entry(1), SlabFormat.ENTRY_BYTES).sealDirectory());
    add(
        "twice",
        CORRUPT,
        e -> e.put(e.entry(1), e.get(e.entry(0), SlabFormat.ENTRY_BYTES)).sealDirectory());
  }

  private void chunks() {
    int chunk = SlabFormat.CHUNK_BYTES;
    add(
        "swapped-chunks",
        "bytes",
        CORRUPT,
        e -> e.swap(e.section(RAW_VECTORS), e.section(RAW_VECTORS) + chunk, chunk));
    add(
        "swapped-chunks",
        "checksums",
        CORRUPT,
        e ->
            e.swap(e.section(CHUNK_CRCS), e.section(CHUNK_CRCS) + 4, 4)
                .sealSection(e.entry(CHUNK_CRCS)));
    add(
        "swapped-chunks",
        "bytes-and-checksums",
        CORRUPT,
        e ->
            e.swap(e.section(RAW_VECTORS), e.section(RAW_VECTORS) + chunk, chunk)
                .swap(e.section(CHUNK_CRCS), e.section(CHUNK_CRCS) + 4, 4)
                .sealSection(e.entry(CHUNK_CRCS)));
  }

  private void kinds() {
    add("unknown-critical", UNSUPPORTED, e -> retype(e, ID_BLOOM, 0x7E, 1 | 8));
    add("unknown-optional", ACCEPTED, e -> retype(e, ID_BLOOM, 0x7E, 8));
    add("no-section", "row-lsn", CORRUPT, e -> retype(e, ROW_LSN, 0x7E, 0));
    add("no-section", "manifest", CORRUPT, e -> retype(e, MANIFEST, 0x7E, 0));
    add("no-section", "ids", CORRUPT, e -> retype(e, ID_BLOCKS, 0x7E, 0));
    for (SectionKind kind : List.of(COLUMN_CODES, META_BLOCKS, BITMAP_DICT, ROW_LSN)) {
      add(
          "unknown-encoding",
          kind.name(),
          UNSUPPORTED,
          e -> e.u16(e.entry(kind) + 40, 99).sealDirectory());
    }
    for (SectionKind kind : List.of(META_ROWS, ID_BLOCKS, RAW_VECTORS)) {
      add(
          "unknown-codec",
          kind.name(),
          UNSUPPORTED,
          e -> e.u8(e.entry(kind) + 6, 7).sealDirectory());
    }
  }

  private static SlabEditor retype(SlabEditor e, SectionKind kind, int code, int flags) {
    int entry = e.entry(kind);
    int hot = e.u8(entry + 7) & SlabFormat.FLAG_HOT;
    return e.u16(entry, code).u8(entry + 7, hot | flags).sortDirectory().sealDirectory();
  }

  /** Fields of an entry that mean nothing, or another thing, for the kind of the section. */
  private void meanings() {
    add("part", "critical", UNSUPPORTED, e -> part(e, META_ROWS));
    add("part", "derived", ACCEPTED, e -> part(e, ID_BLOOM));
    entryCase("column", "stray", ID_BLOOM, 2, 0, 2);
    add("column", "none", CORRUPT, e -> column(e, COLUMN_CODES, SlabFormat.NO_COLUMN));
    add("column", "beyond", CORRUPT, e -> column(e, COLUMN_CODES, 500));
    int number = column("number");
    add("column", "boolean-dictionary", CORRUPT, e -> kindOfColumn(e, COLUMN_DICT, "boolean"));
    add("column", "string-slices", CORRUPT, e -> kindOfColumn(e, RANK_SLICES, "string"));
    entryCase("param", "lsn", ROW_LSN, 56, 1, 8);
    add("param", "numbers", CORRUPT, e -> e.u64(e.entry(COLUMN_DICT, number) + 56, 64)
        .sealDirectory());
    entryCase("page", "", RAW_VECTORS, 44, SlabFormat.ALIGNMENT_LOG2, 1);
    entryCase("first-chunk", "not-chunked", ROW_LSN, 52, 7, 4);
    add("first-chunk", "unused", CORRUPT, e -> oneRunLess(e));
  }

  private static SlabEditor part(SlabEditor e, SectionKind kind) {
    return e.u16(e.entry(kind) + 4, 1).sortDirectory().sealDirectory();
  }

  private static SlabEditor column(SlabEditor e, SectionKind kind, int column) {
    return e.u16(e.entry(kind) + 2, column).sortDirectory().sealDirectory();
  }

  /** The bloom filter's place under another kind, for a column of a type that has none of it. */
  private SlabEditor kindOfColumn(SlabEditor e, SectionKind kind, String type) {
    int entry = e.entry(ID_BLOOM);
    return e.u16(entry, kind.code())
        .u16(entry + 2, column(type))
        .u64(entry + 56, 0)
        .sortDirectory()
        .sealDirectory();
  }

  /** The number of the first column of a type. */
  private int column(String type) {
    int entry = layout.entry(MANIFEST);
    String json = new String(layout.get(layout.offset(entry), layout.stored(entry)), UTF_8);
    String before = json.substring(0, json.indexOf("\"type\":\"" + type + '"'));
    return before.split("\\{\"id\":", -1).length - 2;
  }

  /** Chunk checksums that begin with one that no section has. */
  private static SlabEditor oneRunLess(SlabEditor e) {
    return e.u32(e.entry(RAW_VECTORS) + 52, 1).sealDirectory();
  }

  private void manifestCase(String variant, String expected, String from, String to) {
    add(
        "manifest",
        variant,
        expected,
        e -> e.replace(e.entry(MANIFEST), from, to).sealSection(e.entry(MANIFEST)));
  }

  /** Rows and ledger that contradict each other, and nothing else that does. */
  private void ledger() {
    int entry = layout.entry(MANIFEST);
    String json = new String(layout.get(layout.offset(entry), layout.stored(entry)), UTF_8);
    int at = layout.offset(entry) + json.indexOf("\"ledger\":\"") + 10;
    char digit = (char) layout.get(at, 1)[0];
    add("ledger", "missing", CORRUPT, e -> ledger(e, at - 9, 'L'));
    add("ledger", "form", CORRUPT, e -> ledger(e, at, 'G'));
    add("ledger", "other", CORRUPT, e -> ledger(e, at, digit == '0' ? '1' : '0'));
    add("ledger", "lsn", CORRUPT, e -> e.flip(e.offset(e.entry(ROW_LSN)) + 16).sealSection(e.entry(ROW_LSN)));
  }

  private static SlabEditor ledger(SlabEditor e, int at, char character) {
    return e.u8(at, character).sealSection(e.entry(MANIFEST));
  }

  private void manifest() {
    manifestCase("rows", CORRUPT, "\"rows\":300", "\"rows\":299");
    manifestCase("json", CORRUPT, "\"rows\":300", "\"rows\";300");
    manifestCase("exponent", CORRUPT, "\"rows\":300", "\"rows\":3e2");
    manifestCase("leading-zero", CORRUPT, "\"lsnMin\":\"1", "\"lsnMin\":\"0");
    manifestCase("surrogate", CORRUPT, "\"namespace\":\"__defa", "\"namespace\":\"\\ud800");
    manifestCase("no-writer", CORRUPT, "\"writer\":", "\"author\":");
    manifestCase("no-sources", CORRUPT, "\"sources\":", "\"Sources\":");
    manifestCase("no-version", CORRUPT, "\"version\":", "\"Version\":");
    manifestCase("twice", CORRUPT, "\"namespace\":", "\"dimension\":");
    manifestCase("format", CORRUPT, "\"slab\"", "\"slob\"");
    manifestCase("id", CORRUPT, "\"id\":\"0", "\"id\":\"1");
    manifestCase("metric", UNSUPPORTED, "\"cosine\"", "\"cosime\"");
    manifestCase("vector-type", UNSUPPORTED, "\"dense\"", "\"dance\"");
    manifestCase("column-type", UNSUPPORTED, "\"type\":\"boolean\"", "\"type\":\"bootean\"");
    manifestCase("column-id", CORRUPT, "{\"id\":1,", "{\"id\":2,");
    manifestCase("field", CORRUPT, "\"field\":\"year\"", "\"field\":\"yeah\"");
    manifestCase("dimension", CORRUPT, "\"dimension\":128", "\"dimension\":127");
    manifestCase("algorithm", ACCEPTED, "\"exact\"", "\"later\"");
  }

  private void content(String variant, SectionKind kind, UnaryOperator<SlabEditor> change) {
    add("content", variant, CORRUPT, e -> change.apply(e).sealSection(e.entry(kind)));
  }

  private void contents() {
    content("nan", RAW_VECTORS, e -> e.u32(e.section(RAW_VECTORS) + 512, 0x7FC00000));
    content("infinity", RAW_VECTORS, e -> e.u32(e.section(RAW_VECTORS) + 512, 0x7F800000));
    content("zero-vector", RAW_VECTORS, e -> e.put(e.section(RAW_VECTORS), new byte[512]));
    content("norm", INVERSE_NORMS, e -> e.flip(e.section(INVERSE_NORMS) + 2));
    content("bloom", ID_BLOOM, e -> e.put(e.section(ID_BLOOM), new byte[64]));
    content("top", ID_TOP, e -> e.flip(e.section(ID_TOP) + e.stored(e.entry(ID_TOP)) - 1));
    content("top-offset", ID_TOP, e -> e.u32(e.section(ID_TOP) + 4, 1 << 30));
    content("lsn-width", ROW_LSN, e -> e.u32(e.section(ROW_LSN) + 8, 65));
    content("lsn-reserved", ROW_LSN, e -> e.u32(e.section(ROW_LSN) + 12, 1));
    content("lsn-range", ROW_LSN, e -> e.u64(e.section(ROW_LSN), 1));
    content("blocks-count", ID_BLOCKS, e -> e.u32(e.section(ID_BLOCKS) + 4, 1 << 28));
    content("blocks-items", ID_BLOCKS, e -> e.u32(e.section(ID_BLOCKS), 0));
    content("blocks-offset", ID_BLOCKS, e -> e.u64(e.section(ID_BLOCKS) + 8, 1L << 40));
    content("blocks-raw", ID_BLOCKS, e -> e.u32(e.section(ID_BLOCKS) + 20, -1));
    content("meta-first-row", META_BLOCKS, e -> e.u32(e.section(META_BLOCKS) + 16, 1));
    content("meta-rows", META_BLOCKS, e -> e.u32(e.section(META_BLOCKS) + 20, 1 << 30));
    content("meta-offset", META_BLOCKS, e -> e.u64(e.section(META_BLOCKS), -8));
    spareBits("lsn-spare", ROW_LSN);
    spareBits("codes-spare", COLUMN_CODES);
    content("codes", COLUMN_CODES, e -> e.u64(e.section(COLUMN_CODES), -1L));
  }

  /** The deletes of the good slab: all, prefix, filter and other slabs, 10, 11, 20 and 42 bytes. */
  private void tombstones() {
    int prefix = 10;
    int filter = prefix + 11;
    int slabs = filter + 20;
    content("tombstone-width", TOMBSTONE_LSN, e -> e.u32(e.section(TOMBSTONE_LSN) + 8, 65));
    content("tombstone-reserved", TOMBSTONE_LSN, e -> e.u32(e.section(TOMBSTONE_LSN) + 12, 1));
    content("tombstone-lsn", TOMBSTONE_LSN, e -> e.u64(e.section(TOMBSTONE_LSN), 1));
    spareBits("tombstone-spare", TOMBSTONE_LSN);
    range("lsn", e -> e.u64(e.section(RANGE_TOMBSTONES), 1));
    range("order", e -> e.u64(e.section(RANGE_TOMBSTONES) + prefix, (1 << 20) + 200));
    range("all-argument", e -> e.u8(e.section(RANGE_TOMBSTONES) + prefix + 8, 0));
    range("no-prefix", e -> e.u8(e.section(RANGE_TOMBSTONES) + 8, 1));
    range("filter", e -> e.u8(e.section(RANGE_TOMBSTONES) + filter + 10, '['));
    range("operator", e -> e.u8(e.section(RANGE_TOMBSTONES) + filter + 12, '$'));
    range("slab-order", e -> e.u8(e.section(RANGE_TOMBSTONES) + slabs + 10, 0x7F));
    range("length", e -> e.u8(e.section(RANGE_TOMBSTONES) + slabs + 9, 33));
    range("slab-bytes", e -> e.u8(e.section(RANGE_TOMBSTONES) + slabs + 9, 31));
    range("items", e -> e.u64(e.entry(RANGE_TOMBSTONES) + 32, 3).sealDirectory());
    add(
        "range-kind",
        UNSUPPORTED,
        e ->
            e.u8(e.section(RANGE_TOMBSTONES) + 8, 4)
                .sealSection(e.entry(RANGE_TOMBSTONES)));
    manifestCase("as-of", CORRUPT, "\"lsnAsOf\":\"1048875\"", "\"lsnAsOf\":\"1048874\"");
    add("no-section", "tombstone-lsn", CORRUPT, e -> retype(e, TOMBSTONE_LSN, 0x7E, 0));
  }

  private void range(String variant, UnaryOperator<SlabEditor> change) {
    content("range-" + variant, RANGE_TOMBSTONES, change);
  }

  /** Sets the topmost bit of packed numbers, which no number reaches. */
  private void spareBits(String variant, SectionKind kind) {
    int last = layout.section(kind) + layout.stored(layout.entry(kind)) - 1;
    content(variant, kind, e -> e.u8(last, e.u8(last) | 0x80));
  }

  private void bitmaps() {
    content("bitmap-cardinality", BITMAP_DICT, e -> e.u32(e.section(BITMAP_DICT), 299));
    content("bitmap-length", BITMAP_DICT, e -> e.u32(e.section(BITMAP_DICT) + 4, 1 << 30));
    content("bitmap-offset", BITMAP_DICT, e -> e.u64(e.section(BITMAP_DICT) + 8, 4));
    content("roaring-cookie", BITMAP_DATA, e -> e.u16(e.section(BITMAP_DATA), 12345));
    content("roaring-containers", BITMAP_DATA, e -> manyContainers(e, e.section(BITMAP_DATA)));
    content("roaring-bytes", BITMAP_DATA, e -> e.u32(e.section(BITMAP_DATA) + 8, -1));
  }

  private static SlabEditor manyContainers(SlabEditor e, int at) {
    // The number of containers lies in the upper half of one cookie and behind the other.
    return e.u16(at) == 12347 ? e.u16(at + 2, 0xFFFF) : e.u32(at + 4, 1 << 16);
  }

  private void zstd() {
    content("zstd-claim", META_BLOCKS, e -> e.u32(e.section(META_BLOCKS) + 12, 1 << 30));
    content("zstd-short", META_BLOCKS, e -> e.u32(e.section(META_BLOCKS) + 12, 1));
    content("zstd-damaged", META_ROWS, e -> e.flip(e.section(META_ROWS)));
    content("zstd-bomb", META_ROWS, e -> e.put(e.section(META_ROWS), bomb(e)));
  }

  /** A frame that promises what the table says and yields 128 KiB for each four of its bytes. */
  private static byte[] bomb(SlabEditor e) {
    int stored = e.u32(e.section(META_BLOCKS) + 8);
    int raw = e.u32(e.section(META_BLOCKS) + 12);
    ByteWriter out = new ByteWriter(stored).u32(0xFD2FB528).u8(0xA0).u32(raw);
    int odd = (stored - 9) % 4;
    if (odd > 0) {
      // A raw block of one to three bytes more than its header makes the rest even.
      int size = (odd + 1) % 4;
      out.u16(size << 3).u8(0).zeros(size);
    }
    int blocks = (stored - out.size()) / 4;
    for (int i = 1; i <= blocks; i++) {
      int header = (i == blocks ? 1 : 0) | 1 << 1 | 131_072 << 3;
      out.u16(header).u8(header >>> 16).u8('a');
    }
    return out.toBytes();
  }
}
