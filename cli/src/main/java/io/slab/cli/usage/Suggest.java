package io.slab.cli.usage;

import java.util.Collection;
import java.util.List;

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
    if (known.isEmpty()) {
      return null;
    }
    return nearest(word, known) + (known.size() <= MOST ? "use " + list(known) : "");
  }

  /** A question about the nearest known word with a blank behind it; nothing where none is near. */
  public static String nearest(String word, Collection<String> known) {
    String nearest = Nearest.of(word, known);
    return nearest == null ? "" : "did you mean " + nearest + "? ";
  }

  private static String list(Collection<String> words) {
    List<String> all = List.copyOf(words);
    return all.size() == 1
        ? all.getFirst()
        : String.join(", ", all.subList(0, all.size() - 1)) + " or " + all.getLast();
  }
}
