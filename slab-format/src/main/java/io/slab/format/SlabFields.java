package io.slab.format;

import io.slab.filter.FieldCounts;
import io.slab.filter.FieldIndex;
import io.slab.format.section.ColumnType;
import io.slab.model.IndexSpec;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** The columns of a slab as a {@link FieldIndex}. Thread-safe. */
final class SlabFields implements FieldIndex {
  private static final ImmutableRoaringBitmap NONE = new MutableRoaringBitmap();

  private final int rows;
  private final IndexSpec spec;
  private final Set<String> stored;
  private final List<SlabColumn> all;
  private final Map<String, SlabColumn[]> columns = new HashMap<>();

  /**
   * @param spec the index's settings, or null when only the slab is at hand
   */
  SlabFields(SlabManifest manifest, List<SlabColumn> all, IndexSpec spec) {
    this.rows = manifest.rows();
    this.spec = spec;
    this.stored = new HashSet<>(manifest.fields());
    this.all = all;
    for (SlabColumn column : all) {
      SlabColumn[] types =
          columns.computeIfAbsent(
              column.info().field(), name -> new SlabColumn[ColumnType.values().length]);
      types[column.info().type().ordinal()] = column;
    }
  }

  List<SlabColumn> all() {
    return all;
  }

  /** True when the columns of one of some fields are left out, so that bitmaps cannot answer. */
  boolean isLeftOut(Collection<String> names) {
    for (String name : names) {
      SlabColumn[] types = columns.get(name);
      for (int i = 0; types != null && i < types.length; i++) {
        if (types[i] != null && types[i].isLeftOut()) {
          return true;
        }
      }
    }
    return false;
  }

  private SlabColumn column(String field, ColumnType type) {
    SlabColumn[] types = columns.get(field);
    return types == null ? null : types[type.ordinal()];
  }

  /**
   * Counts rows by their values of an indexed field.
   *
   * @param some null for all
   */
  void count(ImmutableRoaringBitmap some, FieldCounts into) {
    for (ColumnType type : ColumnType.values()) {
      SlabColumn column = column(into.field(), type);
      if (column != null) {
        column.count(some, into);
      }
    }
    ImmutableRoaringBitmap with = exists(into.field());
    long all = some == null ? rows : some.getLongCardinality();
    into.addRecords(
        all,
        all
            - (some == null
                ? with.getLongCardinality()
                : ImmutableRoaringBitmap.andCardinality(some, with)));
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public boolean isIndexed(String field) {
    // Without the index's settings, a field that is stored but has no column must have been left
    // out.
    return spec != null
        ? spec.indexes(field)
        : columns.containsKey(field) || !stored.contains(field);
  }

  @Override
  public ImmutableRoaringBitmap exists(String field) {
    ImmutableRoaringBitmap rowsWith = NONE;
    for (ColumnType type : ColumnType.values()) {
      SlabColumn column = column(field, type);
      if (column != null) {
        rowsWith = union(rowsWith, column.presence());
      }
    }
    return rowsWith;
  }

  private static ImmutableRoaringBitmap union(ImmutableRoaringBitmap a, ImmutableRoaringBitmap b) {
    return a.isEmpty() ? b : b.isEmpty() ? a : ImmutableRoaringBitmap.or(a, b);
  }

  @Override
  public ImmutableRoaringBitmap equalTo(String field, String value) {
    SlabColumn strings = column(field, ColumnType.STRING);
    SlabColumn lists = column(field, ColumnType.LIST);
    return union(
        strings == null ? NONE : strings.equalTo(value),
        lists == null ? NONE : lists.equalTo(value));
  }

  @Override
  public ImmutableRoaringBitmap equalTo(String field, double value) {
    SlabColumn column = column(field, ColumnType.NUMBER);
    return column == null ? NONE : column.equalTo(value);
  }

  @Override
  public ImmutableRoaringBitmap equalTo(String field, boolean value) {
    SlabColumn column = column(field, ColumnType.BOOLEAN);
    return column == null ? NONE : column.equalTo(value);
  }

  @Override
  public ImmutableRoaringBitmap range(
      String field, double low, boolean lowInclusive, double high, boolean highInclusive) {
    SlabColumn column = column(field, ColumnType.NUMBER);
    return column == null ? NONE : column.range(low, lowInclusive, high, highInclusive);
  }
}
