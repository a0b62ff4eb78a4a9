package io.slab.cache;

import io.slab.store.ObjectInfo;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was said of the objects that were listed, or read, last, by their names: a program that runs
 * for months sees any number. One that is not among them is fetched again. For one thread.
 */
final class ListedObjects extends LinkedHashMap<String, ObjectInfo> {
  private static final long serialVersionUID = 1L;

  /** How many are known. */
  static final int MOST = 10_000;

  ListedObjects() {
    super(16, 0.75f, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<String, ObjectInfo> eldest) {
    return size() > MOST;
  }
}
