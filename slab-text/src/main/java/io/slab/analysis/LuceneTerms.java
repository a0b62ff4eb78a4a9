package io.slab.analysis;

import io.slab.text.TextAnalyzer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** The tokens of an analyzer as terms. Thread-safe, as analyzers are: each thread has a stream. */
final class LuceneTerms implements TextAnalyzer {
  private final Analyzer analyzer;

  LuceneTerms(Analyzer analyzer) {
    this.analyzer = analyzer;
  }

  @Override
  public void terms(String text, Consumer<String> each) {
    try (TokenStream tokens = analyzer.tokenStream("text", text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        if (!term.isEmpty()) {
          each.accept(term.toString());
        }
      }
      tokens.end();
    } catch (IOException e) {
      // Of a text in memory nothing is read.
      throw new UncheckedIOException(e);
    }
  }
}
