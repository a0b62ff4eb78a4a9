package io.slab.store;

/**
 * One listed object.
 *
 * @param name full name relative to the store's root, with {@code /} between folders
 * @param size bytes
 * @param modifiedMillis by the store's own clock
 * @param tag changes whenever the content of the name does, as an ETag; null where a store has none
 */
public record ObjectInfo(String name, long size, long modifiedMillis, String tag) {
  public ObjectInfo(String name, long size, long modifiedMillis) {
    this(name, size, modifiedMillis, null);
  }

  /** The part after the last {@code /}. */
  public String fileName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
