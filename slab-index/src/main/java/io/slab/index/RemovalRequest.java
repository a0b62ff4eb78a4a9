package io.slab.index;

/**
 * How to delete an index.
 *
 * @param now true to delete one that was not dropped before as well
 * @param minAgeMillis how long ago one must have been dropped otherwise, by the store's own clock
 * @param maxDeletes most objects to delete by this call
 */
public record RemovalRequest(boolean now, long minAgeMillis, long maxDeletes) {
  /** Everything at once. */
  public static final RemovalRequest NOW = new RemovalRequest(true, 0, Long.MAX_VALUE);
}
