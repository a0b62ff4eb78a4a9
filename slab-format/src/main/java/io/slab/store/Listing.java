package io.slab.store;

import java.util.List;

/**
 * What a store showed of a folder, and when.
 *
 * @param objects as {@link ObjectStore#list} gives them
 * @param answeredMillis when the answer began, by the store's own clock; {@link #UNDATED} where the
 *     store does not say
 */
public record Listing(List<ObjectInfo> objects, long answeredMillis) {
  /** For an answer without a time. */
  public static final long UNDATED = -1;
}
