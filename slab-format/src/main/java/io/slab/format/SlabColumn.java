package io.slab.format;

import io.slab.error.CorruptException;
import io.slab.filter.FieldCounts;
import io.slab.format.file.DerivedGroup;
import io.slab.format.file.ReadAhead;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.BitmapsReader;
import io.slab.format.section.ColumnCodesReader;
import io.slab.format.section.ColumnType;
import io.slab.format.section.NumberDictionary;
import io.slab.format.section.RankSlicesReader;
import io.slab.format.section.StringBlocksLayout;
import io.slab.format.section.StringBlocksReader;
import io.slab.model.MetaValue;
import io.slab.model.Utf8;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** One column of an opened slab; each of its sections is read on first use. Thread-safe. */
public final class SlabColumn {
  /** Up to so many ranks are united one by one; more are cheaper by slices. */
  private static final int FEW_RANKS = 32;

  private static final int CACHED_BLOCKS = 16;

  /** Dictionaries up to this size are fetched whole from a remote slab: they are searched. */
  private static final long WHOLE_DICTIONARY = 16 << 20;

  /** Bitmaps of a column are fetched together up to this size. */
  private static final long WHOLE_BITMAPS = 1 << 20;

  private static final ImmutableRoaringBitmap NONE = new MutableRoaringBitmap();

  private final SlabFile file;
  private final SlabManifest.Column column;
  private final int rows;
  private final Lazy<StringBlocksReader> strings;
  private final Lazy<NumberDictionary> numbers;
  private final Lazy<BitmapsReader> bitmaps;
  private final Lazy<RankSlicesReader> slices;

  /** A value and the number of rows that have it. */
  public record ValueCount(MetaValue value, int rows) {}

  SlabColumn(SlabFile file, SlabManifest.Column column, int rows) {
    this.file = file;
    this.column = column;
    this.rows = rows;
    int distinct = column.distinct();
    strings = new Lazy<>(this::openStrings);
    numbers = new Lazy<>(() -> new NumberDictionary(section(SectionKind.COLUMN_DICT), distinct));
    bitmaps =
        new Lazy<>(() ->
            new BitmapsReader(
                section(SectionKind.BITMAP_DICT),
                section(SectionKind.BITMAP_DATA),
                rows,
                distinct));
    slices =
        new Lazy<>(() -> new RankSlicesReader(section(SectionKind.RANK_SLICES), rows, distinct));
  }

  private Section section(SectionKind kind) {
    Section section = file.find(kind, column.id());
    if (section == null) {
      throw new CorruptException(
          file.name() + " " + kind + "[" + column.id() + "]",
          file.trailer().directoryOffset(),
          "no such section",
          "one for every column of the manifest");
    }
    return section;
  }

  private StringBlocksReader openStrings() {
    Section section = section(SectionKind.COLUMN_DICT);
    StringBlocksReader reader =
        new StringBlocksReader(section, StringBlocksLayout.MAX_VALUE_BYTES, CACHED_BLOCKS);
    if (reader.items() != column.distinct()) {
      throw section
          .entry()
          .corrupt(file.name(), 0, reader.items() + " strings", column.distinct() + " strings");
    }
    return reader;
  }

  /** Fetches at once what look-ups in a remote slab begin with. */
  private void fetchAhead(boolean range) {
    Section dictionary = file.find(SectionKind.BITMAP_DICT, column.id());
    if (dictionary == null || !dictionary.isRemote()) {
      return;
    }
    ReadAhead ahead = new ReadAhead();
    addUpTo(ahead, WHOLE_DICTIONARY, file.find(SectionKind.COLUMN_DICT, column.id()));
    addUpTo(ahead, WHOLE_BITMAPS, dictionary);
    addUpTo(ahead, WHOLE_BITMAPS, file.find(SectionKind.BITMAP_DATA, column.id()));
    if (range) {
      addUpTo(ahead, WHOLE_DICTIONARY, file.find(SectionKind.RANK_SLICES, column.id()));
    }
    ahead.run();
  }

  private static void addUpTo(ReadAhead ahead, long most, Section section) {
    if (section != null && section.length() <= most) {
      ahead.add(section);
    }
  }

  /** True when sections of this column are left out of use. */
  boolean isLeftOut() {
    return file.isWithdrawn(new DerivedGroup(DerivedGroup.Name.COLUMN, column.id()));
  }

  /** Field, type and counts. */
  public SlabManifest.Column info() {
    return column;
  }

  /** Rows that have a value of this type. */
  public ImmutableRoaringBitmap presence() {
    return bitmaps.get().presence();
  }

  /** Rows with this string as value or element; none unless the column holds strings. */
  ImmutableRoaringBitmap equalTo(String value) {
    fetchAhead(false);
    int rank = strings.get().find(Utf8.bytes(value));
    return rank < 0 ? NONE : bitmaps.get().rank(rank);
  }

  /** Rows with this number. */
  ImmutableRoaringBitmap equalTo(double value) {
    fetchAhead(false);
    NumberDictionary dictionary = numbers.get();
    int rank = dictionary.firstRank(value, true);
    boolean found = rank < dictionary.count() && dictionary.value(rank) == value;
    return found ? bitmaps.get().rank(rank) : NONE;
  }

  /** Rows with this boolean. */
  ImmutableRoaringBitmap equalTo(boolean value) {
    return bitmaps.get().rank(value ? 1 : 0);
  }

  /** Rows with a number in the range. */
  ImmutableRoaringBitmap range(
      double low, boolean lowInclusive, double high, boolean highInclusive) {
    if (Double.isNaN(low) || Double.isNaN(high)) {
      return NONE;
    }
    fetchAhead(true);
    int first = numbers.get().firstRank(low, lowInclusive);
    int end = numbers.get().firstRank(high, !highInclusive);
    return end <= first ? NONE : ranks(first, end);
  }

  /** Rows with a rank of {@code first} to {@code end - 1}. */
  private ImmutableRoaringBitmap ranks(int first, int end) {
    int distinct = column.distinct();
    int count = end - first;
    boolean sliced = file.find(SectionKind.RANK_SLICES, column.id()) != null;
    if (count == distinct) {
      return presence();
    }
    if (count <= FEW_RANKS || !sliced) {
      return union(first, end);
    }
    if (distinct - count <= FEW_RANKS) {
      MutableRoaringBitmap outside = union(0, first);
      outside.or(union(end, distinct));
      return ImmutableRoaringBitmap.andNot(presence(), outside);
    }
    ImmutableRoaringBitmap upper =
        end == distinct ? presence() : slices.get().atMost(end - 1, presence());
    return first == 0
        ? upper
        : ImmutableRoaringBitmap.andNot(upper, slices.get().atMost(first - 1, presence()));
  }

  private MutableRoaringBitmap union(int first, int end) {
    MutableRoaringBitmap union = new MutableRoaringBitmap();
    bitmaps.get().announce(first, end);
    for (int rank = first; rank < end; rank++) {
      union.or(bitmaps.get().rank(rank));
    }
    return union;
  }

  /** The value of a rank; for lists an element, as a string. */
  public MetaValue value(int rank) {
    return switch (column.type()) {
      case BOOLEAN -> new MetaValue.Bool(rank == 1);
      case NUMBER -> new MetaValue.Num(numbers.get().value(rank));
      case STRING, LIST -> new MetaValue.Str(string(rank));
    };
  }

  private String string(int rank) {
    byte[] bytes = strings.get().get(rank);
    try {
      return Utf8.decode(bytes, 0, bytes.length);
    } catch (CharacterCodingException e) {
      throw section(SectionKind.COLUMN_DICT)
          .entry()
          .corrupt(file.name(), 0, "malformed UTF-8 in string " + rank, "UTF-8");
    }
  }

  /** Number of rows with a rank. */
  public int count(int rank) {
    return bitmaps.get().cardinality(rank);
  }

  /**
   * Counts rows by their values: by the cardinality of the bitmap of each value and the rows, or,
   * where the rows are fewer than the values, by the values of each row.
   *
   * @param some null for all rows
   */
  void count(ImmutableRoaringBitmap some, FieldCounts into) {
    ImmutableRoaringBitmap with =
        some == null ? presence() : ImmutableRoaringBitmap.and(some, presence());
    if (with.isEmpty()) {
      return;
    }
    // A remote slab has the codes of all rows in far fewer bytes than the bitmaps of all values.
    boolean byRow = with.getLongCardinality() < column.distinct() || isRemote();
    int[] counts =
        byRow && (some != null || column.type() == ColumnType.LIST)
            ? countRows(with, into)
            : countBitmaps(some, with, into);
    for (int rank = 0; rank < counts.length; rank++) {
      if (counts[rank] > 0) {
        into.add(value(rank), counts[rank]);
      }
    }
  }

  private boolean isRemote() {
    return section(SectionKind.BITMAP_DICT).isRemote();
  }

  private int[] countRows(ImmutableRoaringBitmap with, FieldCounts into) {
    Section codes = section(SectionKind.COLUMN_CODES);
    fetchToCount(codes);
    boolean lists = column.type() == ColumnType.LIST;
    ColumnCodesReader reader = new ColumnCodesReader(codes, rows, column.distinct(), lists);
    int[] counts = new int[column.distinct()];
    for (PeekableIntIterator each = with.getIntIterator(); each.hasNext(); ) {
      int row = each.next();
      int[] ranks = reader.ranks(row);
      if (ranks == null && !lists) {
        throw codes.entry().corrupt(file.name(), 0, "no value in row " + row, "one");
      }
      into.addEmpty(ranks == null ? 1 : 0);
      for (int i = 0; ranks != null && i < ranks.length; i++) {
        counts[ranks[i]]++;
      }
    }
    return counts;
  }

  private int[] countBitmaps(
      ImmutableRoaringBitmap some, ImmutableRoaringBitmap with, FieldCounts into) {
    fetchToCount(section(SectionKind.BITMAP_DICT));
    int[] counts = new int[column.distinct()];
    boolean lists = column.type() == ColumnType.LIST;
    MutableRoaringBitmap filled = new MutableRoaringBitmap();
    for (int rank = 0; rank < counts.length; rank++) {
      counts[rank] = count(rank);
      if (counts[rank] > 0 && (some != null || lists)) {
        ImmutableRoaringBitmap having = bitmaps.get().rank(rank);
        counts[rank] = ImmutableRoaringBitmap.andCardinality(having, with);
        if (lists) {
          filled.or(having);
        }
      }
    }
    if (lists) {
      into.addEmpty(ImmutableRoaringBitmap.andNot(with, filled).getLongCardinality());
    }
    return counts;
  }

  /** Fetches at once what counting in a remote slab reads. */
  private void fetchToCount(Section counted) {
    if (counted.isRemote()) {
      ReadAhead ahead = new ReadAhead();
      addUpTo(ahead, Long.MAX_VALUE, counted);
      addUpTo(ahead, Long.MAX_VALUE, file.find(SectionKind.COLUMN_DICT, column.id()));
      ahead.run();
    }
  }

  /** The most frequent values, most frequent first, ties by rank. */
  public List<ValueCount> topValues(int limit) {
    Comparator<int[]> order =
        Comparator.<int[]>comparingInt(entry -> entry[1])
            .thenComparing(entry -> entry[0], Comparator.reverseOrder());
    PriorityQueue<int[]> best = new PriorityQueue<>(order);
    for (int rank = 0; rank < column.distinct() && limit > 0; rank++) {
      int count = count(rank);
      if (count > 0) {
        best.add(new int[] {rank, count});
        if (best.size() > limit) {
          best.remove();
        }
      }
    }
    List<ValueCount> values = new ArrayList<>();
    while (!best.isEmpty()) {
      int[] entry = best.remove();
      values.addFirst(new ValueCount(value(entry[0]), entry[1]));
    }
    return values;
  }
}
