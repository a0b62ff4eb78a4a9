package io.slab.error;

/**
 * Work that must leave nothing behind when it fails: an open file, a mapping, an object that is not
 * named yet. What ends the work, errors of the virtual machine included, comes out as it is; a
 * failure of the cleaning up rides along as a suppressed one and does not hide it.
 */
public final class OnFailure {
  /** Work that gives something. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }

  /** How what was begun is cleaned up. */
  @FunctionalInterface
  public interface Undo {
    void run() throws Exception;
  }

  private OnFailure() {}

  /**
   * Does work that takes over a resource.
   *
   * @param resource closed when the work fails; null when there is none
   */
  public static <T, E extends Exception> T close(AutoCloseable resource, Work<T, E> work) throws E {
    return undo(resource == null ? () -> {} : resource::close, work);
  }

  /**
   * Does work that begins something.
   *
   * @param undo cleans up when the work fails
   */
  public static <T, E extends Exception> T undo(Undo undo, Work<T, E> work) throws E {
    try {
      return work.run();
    } catch (Throwable failure) {
      try {
        undo.run();
      } catch (Throwable second) {
        if (second != failure) {
          failure.addSuppressed(second);
        }
      }
      throw failure;
    }
  }
}
