package io.slab.check;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * What the columns of a slab must hold, rebuilt from its metadata rows. Not thread-safe.
 *
 * @param present rows with a value of the column's type
 * @param values rows by value, ascending
 */
record ExpectedColumn(
    MutableRoaringBitmap present, TreeMap<MetaValue, MutableRoaringBitmap> values) {
  /** A field and one type of its values. */
  record Key(String field, String type) {}

  private static final Comparator<MetaValue> ORDER =
      (a, b) ->
          switch (a) {
            case MetaValue.Str(String text) -> Utf8.compare(text, ((MetaValue.Str) b).value());
            case MetaValue.Num(double number) ->
                Double.compare(number, ((MetaValue.Num) b).value());
            case MetaValue.Bool(boolean truth) ->
                Boolean.compare(truth, ((MetaValue.Bool) b).value());
            case MetaValue.StrList list -> throw new IllegalArgumentException("lists hold strings");
          };

  private ExpectedColumn() {
    this(new MutableRoaringBitmap(), new TreeMap<>(ORDER));
  }

  /** Adds one row's metadata to the columns. */
  static void add(Map<Key, ExpectedColumn> columns, int row, Metadata metadata) {
    metadata
        .fields()
        .forEach((field, value) -> {
          if (MetaValue.counts(value)) {
            columns
                .computeIfAbsent(new Key(field, type(value)), key -> new ExpectedColumn())
                .add(row, value);
          }
        });
  }

  private static String type(MetaValue value) {
    return switch (value) {
      case MetaValue.Str text -> "string";
      case MetaValue.Num number -> "number";
      case MetaValue.Bool truth -> "boolean";
      case MetaValue.StrList list -> "list";
    };
  }

  private void add(int row, MetaValue value) {
    present.add(row);
    switch (value) {
      case MetaValue.StrList list -> {
        for (String element : list.values()) {
          put(row, new MetaValue.Str(element));
        }
      }
      case MetaValue.Num(double number) -> put(row, new MetaValue.Num(number + 0.0));
      case MetaValue.Str text -> put(row, text);
      case MetaValue.Bool truth -> {
        // Both booleans have a rank, also where only one of them occurs.
        values.computeIfAbsent(new MetaValue.Bool(false), v -> new MutableRoaringBitmap());
        values.computeIfAbsent(new MetaValue.Bool(true), v -> new MutableRoaringBitmap());
        put(row, truth);
      }
    }
  }

  private void put(int row, MetaValue value) {
    values.computeIfAbsent(value, v -> new MutableRoaringBitmap()).add(row);
  }
}
