package io.slab.spec;

import io.slab.text.TextAnalyzer;
import io.slab.text.TextAnalyzerProvider;
import java.util.Set;

/**
 * Stands in for the language {@code standard} where no analyzers are on the class path: for texts
 * of words in lower case with blanks between them, such as those of the golden slabs.
 */
public final class PlainWords implements TextAnalyzerProvider {
  @Override
  public Set<String> languages() {
    return Set.of("standard");
  }

  @Override
  public TextAnalyzer analyzer(String language) {
    return (text, each) -> {
      for (String word : text.split("\\s+")) {
        if (!word.isEmpty()) {
          each.accept(word);
        }
      }
    };
  }
}
