package io.slab.serve.catalog;

import io.slab.serve.api.ApiException;

/**
 * How much a request may ask for, where the library itself takes more.
 *
 * @param strict whether the limits of the official service count
 */
public record ServedLimits(boolean strict) {
  private static final int STRICT_PAGE = 100;
  private static final int STRICT_IDS = 1_000;
  private static final int PAGE = 10_000;

  /** The largest body of the official service. */
  public static final int STRICT_BODY = 2 << 20;

  /**
   * Checks the number of items of a page.
   *
   * @param most of this list, otherwise
   */
  public void requirePage(int limit, int most) {
    int allowed = strict ? STRICT_PAGE : most;
    if (limit < 1 || limit > allowed) {
      throw ApiException.invalid("limit must be between 1 and " + allowed + ", got " + limit);
    }
  }

  /** The same of a list of records. */
  public void requirePage(int limit) {
    requirePage(limit, PAGE);
  }

  /** Checks how many ids are asked for at once. */
  public void requireIds(int count) {
    if (strict && count > STRICT_IDS) {
      throw ApiException.invalid(
          "at most " + STRICT_IDS + " ids can be asked for at once, got " + count);
    }
  }

  /** What is wrong with the id of a record that is written, or null. */
  public String problem(String id) {
    boolean ascii = !strict || id.chars().allMatch(c -> c > 0 && c < 128);
    return ascii ? null : "Vector ID must be ASCII, but got '" + id + "'";
  }
}
