package io.slab.filter;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** Field indexes built in memory, for sets of rows that are not (or not yet) in a slab. */
public final class FieldIndexes {
  private FieldIndexes() {}

  /** Indexes all fields of these rows. */
  public static FieldIndex of(List<Metadata> rows) {
    return of(rows, field -> true);
  }

  /** Indexes the fields that {@code indexed} accepts. */
  public static FieldIndex of(List<Metadata> rows, Predicate<String> indexed) {
    Map<String, Column> columns = new HashMap<>();
    for (int row = 0; row < rows.size(); row++) {
      for (Map.Entry<String, MetaValue> field : rows.get(row).fields().entrySet()) {
        if (indexed.test(field.getKey())) {
          columns.computeIfAbsent(field.getKey(), name -> new Column()).add(row, field.getValue());
        }
      }
    }
    return new InMemory(rows.size(), indexed, columns);
  }

  /** The bitmaps of one field. Read-only once built. */
  private static final class Column {
    private final MutableRoaringBitmap present = new MutableRoaringBitmap();
    private final Map<MetaValue, MutableRoaringBitmap> equal = new HashMap<>();
    private final TreeMap<Double, MutableRoaringBitmap> numbers = new TreeMap<>();

    void add(int row, MetaValue value) {
      present.add(row);
      if (value instanceof MetaValue.Num(double number)) {
        numbers.computeIfAbsent(number + 0.0, n -> new MutableRoaringBitmap()).add(row);
      } else if (value instanceof MetaValue.StrList(List<String> elements)) {
        elements.forEach(element -> addEqual(row, new MetaValue.Str(element)));
      } else {
        addEqual(row, value);
      }
    }

    private void addEqual(int row, MetaValue value) {
      equal.computeIfAbsent(value, v -> new MutableRoaringBitmap()).add(row);
    }
  }

  private record InMemory(int rows, Predicate<String> indexed, Map<String, Column> columns)
      implements FieldIndex {
    private static final ImmutableRoaringBitmap NONE = new MutableRoaringBitmap();

    @Override
    public boolean isIndexed(String field) {
      return indexed.test(field);
    }

    @Override
    public ImmutableRoaringBitmap exists(String field) {
      Column column = columns.get(field);
      return column == null ? NONE : column.present;
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, String value) {
      return equal(field, new MetaValue.Str(value));
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, boolean value) {
      return equal(field, new MetaValue.Bool(value));
    }

    private ImmutableRoaringBitmap equal(String field, MetaValue value) {
      Column column = columns.get(field);
      return column == null ? NONE : column.equal.getOrDefault(value, empty());
    }

    @Override
    public ImmutableRoaringBitmap equalTo(String field, double value) {
      Column column = columns.get(field);
      return column == null ? NONE : column.numbers.getOrDefault(value + 0.0, empty());
    }

    @Override
    public ImmutableRoaringBitmap range(
        String field, double low, boolean lowInclusive, double high, boolean highInclusive) {
      Column column = columns.get(field);
      if (column == null || low > high) {
        return NONE;
      }
      var inside = column.numbers.subMap(low + 0.0, lowInclusive, high + 0.0, highInclusive);
      return ImmutableRoaringBitmap.or(inside.values().iterator());
    }

    private static MutableRoaringBitmap empty() {
      return new MutableRoaringBitmap();
    }
  }
}
