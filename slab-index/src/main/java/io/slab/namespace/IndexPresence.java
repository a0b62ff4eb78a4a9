package io.slab.namespace;

/** What a namespace asks about the index around it. Thread-safe. */
@FunctionalInterface
public interface IndexPresence {
  /** For callers that look at the index by other means. */
  IndexPresence ALWAYS = new Always();

  /** A class and no lambda: that would be the first one that a short command has to make. */
  final class Always implements IndexPresence {
    private Always() {}

    @Override
    public void require() {}
  }

  /**
   * As {@link #require}, for readers: an earlier listing of the settings counts while it is proved
   * that nothing came since.
   */
  default void requireToRead() {
    require();
  }

  /** Throws when the index is gone, or another one is there; reads one small object. */
  void require();

  /**
   * Throws as {@link #require}, and unless a listing shows what is certainly there: to be called
   * before a listing that shows nothing is believed.
   */
  default void requireListed() {
    require();
  }
}
