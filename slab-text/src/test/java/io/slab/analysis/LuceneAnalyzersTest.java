package io.slab.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.InvalidInputException;
import io.slab.model.TextIndex;
import io.slab.text.TextAnalyzer;
import io.slab.text.TextAnalyzers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LuceneAnalyzersTest {
  private static List<String> terms(String language, String text) {
    List<String> terms = new ArrayList<>();
    TextAnalyzers.of(new TextIndex("text", language)).terms(text, terms::add);
    return terms;
  }

  @Test
  void englishHasStemsAndNoStopWords() {
    assertEquals(
        List.of("dog", "run", "dog", "hous"),
        terms("english", "The dogs are RUNNING to a dog's house"));
    assertEquals(List.of(), terms("english", "The of and"));
  }

  @Test
  void standardKeepsEveryWord() {
    assertEquals(List.of("the", "dogs", "über"), terms("standard", "The dogs, Über!"));
    assertEquals(List.of("haus"), terms("german", "die Häuser"));
  }

  @Test
  void everyLanguageMakesTermsOfItsText() {
    for (String language : new LuceneAnalyzers().languages()) {
      TextAnalyzer analyzer = TextAnalyzers.of(new TextIndex("text", language));
      List<String> terms = new ArrayList<>();
      analyzer.terms("Slab 東京 2026", terms::add);
      assertFalse(terms.isEmpty(), language);
    }
  }

  @Test
  void anotherLanguageIsRefusedWithThoseThereAre() {
    InvalidInputException refused =
        assertThrows(
            InvalidInputException.class,
            () -> TextAnalyzers.requireLanguage(new TextIndex("text", "klingon")));
    assertEquals("there is no analyzer for the language 'klingon'", refused.getMessage());
  }
}
