package io.slab.text;

import io.slab.error.InvalidInputException;
import io.slab.error.UnsupportedException;
import io.slab.model.TextIndex;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Finds the analyzer of a language among the services of the class path, and of a folder that a
 * program names. Thread-safe.
 */
public final class TextAnalyzers {
  private static final String HINT =
      "add the artifact io.slab:slab-text in the version of the others; the distribution has it in"
          + " lib/text";

  private static volatile Path folder;
  private static ClassLoader jars;

  private TextAnalyzers() {}

  /**
   * Names a folder of jars to look into where the class path has no analyzer. It is looked into
   * when an analyzer is first asked for.
   *
   * @param jarsFolder which need not be there; null for none
   */
  public static void lookInto(Path jarsFolder) {
    folder = jarsFolder;
  }

  private static synchronized ClassLoader ofFolder() {
    Path from = folder;
    if (jars == null && from != null && Files.isDirectory(from)) {
      List<URL> urls = new ArrayList<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "*.jar")) {
        for (Path jar : files) {
          urls.add(jar.toUri().toURL());
        }
      } catch (IOException e) {
        throw new InvalidInputException("cannot read the jars in " + from, HINT, e);
      }
      jars =
          new URLClassLoader(urls.toArray(new URL[0]), TextAnalyzerProvider.class.getClassLoader());
    }
    return jars;
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
    List<TextAnalyzerProvider> found = providers(Thread.currentThread().getContextClassLoader());
    if (found.isEmpty()) {
      found = providers(TextAnalyzerProvider.class.getClassLoader());
    }
    if (found.isEmpty()) {
      found = providers(ofFolder());
    }
    return found;
  }

  private static List<TextAnalyzerProvider> providers(ClassLoader loader) {
    List<TextAnalyzerProvider> found = new ArrayList<>();
    if (loader != null) {
      ServiceLoader.load(TextAnalyzerProvider.class, loader).forEach(found::add);
    }
    return found;
  }
}
