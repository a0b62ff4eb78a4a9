package io.slab.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Metadata fields in unsigned order of the bytes of their names, in two arrays: a third of the
 * memory of a tree, and nothing to balance for each record. Immutable.
 */
final class SortedFields extends AbstractMap<String, MetaValue>
    implements SortedMap<String, MetaValue> {
  /** So many names are compared for equality one by one; among more a bisection is quicker. */
  private static final int FEW = 8;

  private final String[] names;
  private final MetaValue[] values;

  private SortedFields(String[] names, MetaValue[] values) {
    this.names = names;
    this.values = values;
  }

  /**
   * Fields in any order; of two of one name the later counts.
   *
   * @param names the map's from now on, as the values are
   */
  static SortedFields of(String[] names, MetaValue[] values) {
    for (int i = 1; i < names.length; i++) {
      if (Utf8.compare(names[i - 1], names[i]) >= 0) {
        return sorted(names, values);
      }
    }
    return new SortedFields(names, values);
  }

  private static SortedFields sorted(String[] names, MetaValue[] values) {
    TreeMap<String, MetaValue> sorted = new TreeMap<>(Utf8.ORDER);
    for (int i = 0; i < names.length; i++) {
      sorted.put(names[i], values[i]);
    }
    String[] ordered = new String[sorted.size()];
    MetaValue[] inOrder = new MetaValue[ordered.length];
    int i = 0;
    for (Map.Entry<String, MetaValue> field : sorted.entrySet()) {
      ordered[i] = field.getKey();
      inOrder[i++] = field.getValue();
    }
    return new SortedFields(ordered, inOrder);
  }

  /** The fields of any map. */
  static SortedFields of(Map<String, MetaValue> fields) {
    if (fields instanceof SortedFields same) {
      return same;
    }
    String[] names = new String[fields.size()];
    MetaValue[] values = new MetaValue[names.length];
    int i = 0;
    for (Map.Entry<String, MetaValue> field : fields.entrySet()) {
      names[i] = field.getKey();
      values[i++] = field.getValue();
    }
    return of(names, values);
  }

  @Override
  public int size() {
    return names.length;
  }

  @Override
  public boolean containsKey(Object name) {
    return place(name) >= 0;
  }

  @Override
  public MetaValue get(Object name) {
    int place = place(name);
    return place < 0 ? null : values[place];
  }

  private int place(Object name) {
    if (names.length <= FEW) {
      for (int i = 0; i < names.length; i++) {
        if (names[i].equals(name)) {
          return i;
        }
      }
      return -1;
    }
    return name instanceof String text ? Arrays.binarySearch(names, text, Utf8.ORDER) : -1;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super MetaValue> action) {
    for (int i = 0; i < names.length; i++) {
      action.accept(names[i], values[i]);
    }
  }

  @Override
  public Set<Map.Entry<String, MetaValue>> entrySet() {
    return new Fields();
  }

  @Override
  public Comparator<? super String> comparator() {
    return Utf8.ORDER;
  }

  @Override
  public SortedMap<String, MetaValue> subMap(String from, String to) {
    if (Utf8.compare(from, to) > 0) {
      throw new IllegalArgumentException("from '" + from + "' is above to '" + to + "'");
    }
    return part(lower(from), lower(to));
  }

  @Override
  public SortedMap<String, MetaValue> headMap(String to) {
    return part(0, lower(to));
  }

  @Override
  public SortedMap<String, MetaValue> tailMap(String from) {
    return part(lower(from), names.length);
  }

  private int lower(String name) {
    int place = Arrays.binarySearch(names, name, Utf8.ORDER);
    return place < 0 ? -1 - place : place;
  }

  private SortedFields part(int from, int to) {
    return new SortedFields(
        Arrays.copyOfRange(names, from, to), Arrays.copyOfRange(values, from, to));
  }

  @Override
  public String firstKey() {
    return at(0);
  }

  @Override
  public String lastKey() {
    return at(names.length - 1);
  }

  private String at(int place) {
    if (names.length == 0) {
      throw new NoSuchElementException("no fields");
    }
    return names[place];
  }

  private final class Fields extends AbstractSet<Map.Entry<String, MetaValue>> {
    @Override
    public int size() {
      return names.length;
    }

    @Override
    public Iterator<Map.Entry<String, MetaValue>> iterator() {
      return new Pass();
    }
  }

  private final class Pass implements Iterator<Map.Entry<String, MetaValue>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < names.length;
    }

    @Override
    public Map.Entry<String, MetaValue> next() {
      if (next >= names.length) {
        throw new NoSuchElementException("no more fields");
      }
      int place = next++;
      return new SimpleImmutableEntry<>(names[place], values[place]);
    }
  }
}
