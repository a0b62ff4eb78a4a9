package io.slab.analysis;

import io.slab.text.TextAnalyzer;
import io.slab.text.TextAnalyzerProvider;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;

/**
 * Lucene's analyzers by the names of their languages, and {@code standard}: words of any language
 * in lower case, without stems and stop words. Each is made when it is first asked for.
 * Thread-safe.
 */
public final class LuceneAnalyzers implements TextAnalyzerProvider {
  private static final Map<String, Supplier<Analyzer>> LANGUAGES = makers();

  private final Map<String, TextAnalyzer> made = new ConcurrentHashMap<>();

  private static Map<String, Supplier<Analyzer>> makers() {
    Map<String, Supplier<Analyzer>> all = new TreeMap<>();
    all.put("cjk", CJKAnalyzer::new);
    all.put("danish", DanishAnalyzer::new);
    all.put("dutch", DutchAnalyzer::new);
    all.put("english", EnglishAnalyzer::new);
    all.put("finnish", FinnishAnalyzer::new);
    all.put("french", FrenchAnalyzer::new);
    all.put("german", GermanAnalyzer::new);
    all.put("italian", ItalianAnalyzer::new);
    all.put("norwegian", NorwegianAnalyzer::new);
    all.put("portuguese", PortugueseAnalyzer::new);
    all.put("russian", RussianAnalyzer::new);
    all.put("spanish", SpanishAnalyzer::new);
    all.put("standard", StandardAnalyzer::new);
    all.put("swedish", SwedishAnalyzer::new);
    all.put("turkish", TurkishAnalyzer::new);
    return all;
  }

  /** For the service loader. */
  public LuceneAnalyzers() {}

  @Override
  public Set<String> languages() {
    return LANGUAGES.keySet();
  }

  @Override
  public TextAnalyzer analyzer(String language) {
    return made.computeIfAbsent(language, name -> new LuceneTerms(LANGUAGES.get(name).get()));
  }
}
