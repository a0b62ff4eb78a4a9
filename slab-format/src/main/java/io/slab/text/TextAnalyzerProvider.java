package io.slab.text;

import java.util.Set;

/** Analyzers that a module brings, found as a service. Thread-safe. */
public interface TextAnalyzerProvider {
  /** The languages that it has analyzers for, in lower case, such as {@code english}. */
  Set<String> languages();

  /**
   * The analyzer of a language; may be called often.
   *
   * @param language one of {@link #languages}
   */
  TextAnalyzer analyzer(String language);
}
