package io.slab.text;

import io.slab.error.InvalidInputException;
import io.slab.error.UnsupportedException;
import io.slab.model.TextIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Finds the analyzer of a language among the services of the class path and of class loaders that a
 * program names. Thread-safe.
 */
public final class TextAnalyzers {
  private static final String HINT =
      "add the artifact io.slab:slab-text in the version of the others; the distribution has it in"
          + " lib/text";

  private static volatile ClassLoader named;

  private TextAnalyzers() {}

  /** Looks into this class loader as well from now on, before all others. */
  public static void lookInto(ClassLoader loader) {
    named = loader;
  }

  /**
   * The analyzer of a text index.
   *
   * @throws UnsupportedException when there is none for its language: without it no text can be
   *     written or asked for
   */
  public static TextAnalyzer of(TextIndex index) {
    for (TextAnalyzerProvider provider : providers()) {
      if (provider.languages().contains(index.language())) {
        return provider.analyzer(index.language());
      }
    }
    throw new UnsupportedException(
        "the text index of the field '" + index.field() + "'",
        -1,
        "the language " + index.language(),
        "one that this program has an analyzer for",
        HINT);
  }

  /**
   * Refuses a language that has no analyzer, when an index is made.
   *
   * @throws InvalidInputException when others have
   * @throws UnsupportedException when none has
   */
  public static void requireLanguage(TextIndex index) {
    TreeSet<String> languages = new TreeSet<>();
    providers().forEach(provider -> languages.addAll(provider.languages()));
    if (languages.isEmpty()) {
      of(index);
    } else if (!languages.contains(index.language())) {
      throw new InvalidInputException(
          "there is no analyzer for the language '" + index.language() + "'",
          "the languages are " + String.join(", ", languages));
    }
  }

  private static List<TextAnalyzerProvider> providers() {
    ClassLoader own = TextAnalyzerProvider.class.getClassLoader();
    for (ClassLoader loader :
        new ClassLoader[] {named, Thread.currentThread().getContextClassLoader(), own}) {
      List<TextAnalyzerProvider> found = new ArrayList<>();
      if (loader != null) {
        ServiceLoader.load(TextAnalyzerProvider.class, loader).forEach(found::add);
      }
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }
}
