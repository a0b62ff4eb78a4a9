package io.slab.ann;

/**
 * The k least keys of rows that a search over several slabs knows so far. The search of a further
 * slab starts with them, so that it looks for nothing that is farther. One thread changes it; while
 * none does, several may start searches with it.
 */
public final class NearestKeys {
  private final Smallest keys = new Smallest();

  /** Forgets all; k are wanted. */
  public void start(int k) {
    keys.start(k);
  }

  /** Takes in the keys of rows. */
  public void add(Survivors rows) {
    for (int i = 0; i < rows.size(); i++) {
      keys.add(rows.key(i));
    }
  }

  /** Takes in one key. */
  public void add(float key) {
    keys.add(key);
  }

  /** A key that those of the k nearest are not above; infinite until k are known. */
  public float threshold() {
    return keys.isFull() ? keys.largest() : Float.POSITIVE_INFINITY;
  }

  Smallest keys() {
    return keys;
  }
}
