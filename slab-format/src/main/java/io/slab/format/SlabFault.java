package io.slab.format;

import io.slab.error.StoreException;
import java.util.List;
import java.util.function.Supplier;

/**
 * What becomes of a page of a mapped slab that cannot be read: the file was shortened, or the disk
 * failed. Java throws an {@link InternalError} then, in the method that touched the page or in one
 * of its callers. Work on mapped slabs passes through here, so that it ends as an error about the
 * data.
 */
public final class SlabFault {
  private static final String WORDS = "unsafe memory access";

  private SlabFault() {}

  /** Runs something that reads one slab. */
  public static <T> T guard(SlabView slab, Supplier<T> work) {
    try {
      return work.get();
    } catch (InternalError e) {
      throw of(e, List.of(slab));
    }
  }

  /** True for an error that means a page that cannot be read. */
  public static boolean is(Throwable thrown) {
    return thrown instanceof InternalError && String.valueOf(thrown.getMessage()).contains(WORDS);
  }

  /**
   * What to throw instead of an error.
   *
   * @param slabs those that were read, of which one is to blame
   */
  public static RuntimeException of(InternalError error, List<? extends SlabView> slabs) {
    return of(error, () -> slabs.forEach(SlabView::requireReadable));
  }

  /**
   * The same where the slab is no view yet.
   *
   * @param reason throws what is wrong with the files
   */
  public static RuntimeException of(InternalError error, Runnable reason) {
    if (!is(error)) {
      throw error;
    }
    reason.run();
    return new StoreException(
        StoreException.Kind.TEMPORARY,
        "the memory of a mapped file could not be read; all of its bytes can be read now",
        "run the command again; `slab verify` tells whether the files are in order",
        error);
  }
}
