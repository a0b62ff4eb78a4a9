package io.slab.store;

/**
 * One listed object.
 *
 * @param name full name relative to the store's root, with {@code /} between folders
 * @param size bytes
 * @param modifiedMillis by the store's own clock
 */
public record ObjectInfo(String name, long size, long modifiedMillis) {
  /** The part after the last {@code /}. */
  public String fileName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
