package io.slab.manifest;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects {@link ColumnStatistics} while a slab's rows pass by. One thread only. */
public final class StatisticsCollector {
  /** Longest text bound; longer ones are cut (down) or cut and raised (up). */
  static final int MAX_BOUND_BYTES = 64;

  /**
   * Most columns of one slab, and bytes of their names and bounds, that a manifest describes: every
   * commit writes all of it again. A slab with more is described not at all.
   */
  static final int MAX_COLUMNS = 256;

  static final int MAX_BYTES = 32 << 10;

  private static final class Range {
    private long rows;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;
    private String first;
    private String last;
  }

  private final Map<String, Map<String, Range>> fields = new TreeMap<>(Utf8.ORDER);

  /** The same, to find them without comparing names; by type and then field. */
  private final Map<String, Map<String, Range>> ranges = new HashMap<>();

  /** Adds one record's metadata. */
  public void add(Metadata metadata) {
    metadata.fields().forEach(this::add);
  }

  private void add(String field, MetaValue value) {
    if (!MetaValue.counts(value)) {
      return;
    }
    if (value instanceof MetaValue.Str(String text)) {
      text(range(field, ColumnStatistics.STRING), text);
    } else if (value instanceof MetaValue.Num(double number)) {
      number(range(field, ColumnStatistics.NUMBER), number);
    } else if (value instanceof MetaValue.Bool) {
      range(field, ColumnStatistics.BOOLEAN);
    } else if (value instanceof MetaValue.StrList list) {
      Range range = range(field, ColumnStatistics.LIST);
      for (String element : list.values()) {
        text(range, element);
      }
    }
  }

  private Range range(String field, String type) {
    Map<String, Range> ofType = ranges.computeIfAbsent(type, t -> new HashMap<>());
    Range range = ofType.get(field);
    if (range == null) {
      range = new Range();
      ofType.put(field, range);
      fields.computeIfAbsent(field, f -> new TreeMap<>()).put(type, range);
    }
    range.rows++;
    return range;
  }

  private static void number(Range range, double value) {
    // -0.0 and 0.0 are one value in filters and must not be told apart by a bound.
    double normal = value + 0.0;
    range.low = Math.min(range.low, normal);
    range.high = Math.max(range.high, normal);
  }

  private static void text(Range range, String value) {
    if (range.first == null || Utf8.compare(value, range.first) < 0) {
      range.first = value;
    }
    if (range.last == null || Utf8.compare(value, range.last) > 0) {
      range.last = value;
    }
  }

  /**
   * What was collected, by field and then type: every column of the rows, or, when those are too
   * many for a manifest, none at all. Never some of them, so that a field that is missing from a
   * list that is not empty is known to occur in no row.
   */
  public List<ColumnStatistics> result() {
    List<ColumnStatistics> result = new ArrayList<>();
    if (tooMany()) {
      return result;
    }
    fields.forEach(
        (field, types) -> types.forEach((type, range) -> result.add(finish(field, type, range))));
    return result;
  }

  private boolean tooMany() {
    long columns = 0;
    long bytes = 0;
    for (Map.Entry<String, Map<String, Range>> field : fields.entrySet()) {
      int types = field.getValue().size();
      columns += types;
      bytes += (long) types * Utf8.bytes(field.getKey()).length;
      for (Range range : field.getValue().values()) {
        bytes += boundBytes(range.first) + boundBytes(range.last);
      }
    }
    return columns > MAX_COLUMNS || bytes > MAX_BYTES;
  }

  private static int boundBytes(String text) {
    return text == null ? 0 : Math.min(MAX_BOUND_BYTES, Utf8.bytes(text).length);
  }

  private static ColumnStatistics finish(String field, String type, Range range) {
    Object min = null;
    Object max = null;
    if (type.equals(ColumnStatistics.NUMBER)) {
      min = range.low;
      max = range.high;
    } else if (range.first != null) {
      min = lower(range.first);
      max = upper(range.last);
    }
    return new ColumnStatistics(field, type, range.rows, min, max);
  }

  /** The longest prefix of whole characters within the limit: never above the text itself. */
  static String lower(String text) {
    return Utf8.bytes(text).length <= MAX_BOUND_BYTES ? text : cut(text);
  }

  /** The text, or its prefix with the last character raised; null when there is none to raise. */
  static String upper(String text) {
    if (Utf8.bytes(text).length <= MAX_BOUND_BYTES) {
      return text;
    }
    int[] points = cut(text).codePoints().toArray();
    for (int i = points.length - 1; i >= 0; i--) {
      if (points[i] < Character.MAX_CODE_POINT) {
        int next = points[i] + 1 == Character.MIN_SURROGATE ? 0xE000 : points[i] + 1;
        // A raised character may take one more byte; that is why the limit is one of policy, not of
        // form.
        return new String(points, 0, i) + Character.toString(next);
      }
    }
    return null;
  }

  private static String cut(String text) {
    int bytes = 0;
    int at = 0;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      int size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes + size > MAX_BOUND_BYTES) {
        break;
      }
      bytes += size;
      at += Character.charCount(point);
    }
    return text.substring(0, at);
  }
}
