package io.slab.cli;

import java.util.Collection;

/** Usage errors about words that are none of those that would do. */
public final class Suggest {
  /** More words than that are a lecture and no hint. */
  private static final int MOST = 24;

  private Suggest() {}

  /**
   * An error for an unknown word, with the nearest known one where one is near.
   *
   * @param problem the message before the word, such as "a slab has no view"
   * @param known all that would do
   */
  public static UsageException unknown(String problem, String word, Collection<String> known) {
    return new UsageException(problem + " '" + word + "'", hint(word, known));
  }

  /** What to say of an unknown word: the nearest, and all that there are unless they are many. */
  public static String hint(String word, Collection<String> known) {
    String nearest = Nearest.of(word, known);
    String all =
        known.isEmpty()
            ? null
            : known.size() <= MOST
                ? "there are " + String.join(", ", known)
                : "there are " + known.size() + " of them";
    if (known.size() == 1) {
      all = "there is only " + known.iterator().next();
    }
    return nearest == null ? all : "did you mean " + nearest + "? " + all;
  }
}
