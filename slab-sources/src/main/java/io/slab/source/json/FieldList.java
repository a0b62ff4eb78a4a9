package io.slab.source.json;

import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Utf8;
import java.util.Arrays;

/** The fields of a record while it is read, in the order of their names. One thread only. */
final class FieldList {
  private String[] names = new String[16];
  private MetaValue[] values = new MetaValue[16];
  private int size;

  void clear() {
    Arrays.fill(names, 0, size, null);
    Arrays.fill(values, 0, size, null);
    size = 0;
  }

  /** Adds a field; false when there is one of that name. */
  boolean add(String name, MetaValue value) {
    int place = place(name);
    if (place < 0) {
      return false;
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    System.arraycopy(names, place, names, place + 1, size - place);
    System.arraycopy(values, place, values, place + 1, size - place);
    names[place] = name;
    values[place] = value;
    size++;
    return true;
  }

  /** Where a new name belongs; -1 where it is there. */
  private int place(String name) {
    // Programs that write one record after the other often write the names in order.
    int last = size == 0 ? -1 : Utf8.compare(names[size - 1], name);
    if (last <= 0) {
      return size > 0 && last == 0 ? -1 : size;
    }
    int found = Arrays.binarySearch(names, 0, size, name, Utf8.ORDER);
    return found < 0 ? -1 - found : -1;
  }

  Metadata metadata() {
    return Metadata.of(Arrays.copyOf(names, size), Arrays.copyOf(values, size));
  }
}
