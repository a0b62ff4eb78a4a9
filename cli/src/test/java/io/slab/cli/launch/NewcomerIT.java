package io.slab.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slab.cli.FakeEmbedder;
import io.slab.cli.Shell;
import io.slab.cli.TerminalScreen;
import io.slab.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a newcomer does first: texts in a file, an index, a question, an answer. A terminal gets the
 * lines that README and {@code slab help embeddings} show, as they stand there.
 */
class NewcomerIT {
  private static final String QUESTION = "a detective solves a murder";
  private static final String URL = "http://127.0.0.1:11434/v1";
  private static final Path ROOT = Path.of(System.getProperty("slab.root"));

  @TempDir Path folder;
  private TerminalScreen terminal;

  /** Lines so far, so that no two end alike. */
  private int entered;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(TerminalScreen.installed(NewcomerIT.class), "tmux is not installed");
    Path home = folder.resolve("home");
    new CheckoutCopy(home).built();
    Path texts = Files.createDirectories(home.resolve("samples")).resolve("texts.jsonl");
    Files.copy(ROOT.resolve("samples/texts.jsonl"), texts);
    Files.copy(texts, home.resolve("notes.jsonl"));
    // No setting of the user who runs the tests counts.
    terminal =
        new TerminalScreen(
            "cd '"
                + home
                + "' && exec env -i HOME='"
                + home
                + "' PATH='"
                + home
                + ":/usr/bin:/bin' TERM=screen PS1='$ ' sh");
    terminal.await("$");
  }

  @AfterEach
  void stop() throws Exception {
    if (terminal != null) {
      terminal.close();
    }
  }

  /** The lines of a text from one that begins so to the first query. */
  private static List<String> lines(String text, String first) {
    List<String> after = text.lines().map(String::strip).dropWhile(l -> !l.equals(first)).toList();
    int query = 0;
    while (!after.get(query).contains("slab query ")) {
      query++;
    }
    return after.subList(0, query + 1);
  }

  private static String help() {
    return new Shell().ok("help", "embeddings");
  }

  /** Enters the lines and returns the last screen, with what the last of them has said. */
  private String enter(List<String> lines) throws Exception {
    String screen = "";
    for (int i = 0; i < lines.size(); i++) {
      terminal.line("clear");
      String end = "line " + ++entered + " ended: ";
      terminal.line(lines.get(i) + "; echo \"" + end + "$?\"");
      screen = terminal.await(Pattern.compile(end + "[0-9]+"));
      assertTrue(screen.contains(end + "0"), screen);
    }
    return screen;
  }

  /** The first row of the table of answers. */
  private static String best(String screen) {
    List<String> lines = screen.lines().toList();
    int head = 0;
    while (head < lines.size() && !lines.get(head).matches("RANK +ID +SCORE.*")) {
      head++;
    }
    assertTrue(head + 1 < lines.size(), "no table of answers on the screen:\n" + screen);
    return lines.get(head + 1);
  }

  @Test
  void wordsAreFoundWithoutAnyModel() throws Exception {
    String readme = Files.readString(ROOT.resolve("README.md"));
    List<String> three = lines(readme, "./slab create notes-index --text-index text");
    assertEquals(3, three.size(), three.toString());
    String best = best(enter(three));
    assertTrue(best.contains("book-murder-on-the-orient-express"), best);

    List<String> helped = lines(help(), "slab create notes --text-index text");
    assertEquals(3, helped.size(), helped.toString());
    assertEquals(best.split(" +")[2], best(enter(helped)).split(" +")[2]);
  }

  @Test
  void meaningsAreFoundByAServerOfOnesOwn() throws Exception {
    List<String> all =
        lines(help(), "export SLAB_EMBED_URL=" + URL + " SLAB_EMBED_MODEL=nomic-embed-text");
    assertEquals(4, all.size(), all.toString());
    try (FakeEmbedder server = new FakeEmbedder()) {
      String screen = enter(all.stream().map(line -> line.replace(URL, server.url())).toList());
      // Where texts go is said before they do.
      assertTrue(screen.contains(server.url()), screen);
      assertTrue(best(screen).contains(nearest()), screen);
      assertTrue(server.texts.contains(QUESTION));
      assertFalse(screen.contains("warning"), screen);
    }
  }

  /** The text whose vector is the nearest to that of the question, by plain arithmetic. */
  private static String nearest() throws IOException {
    return Files.readAllLines(ROOT.resolve("samples/texts.jsonl")).stream()
        .max(Comparator.comparingDouble(line -> cosine(text(line), QUESTION)))
        .map(line -> Json.parse("sample", line).get("id").stringValue())
        .orElseThrow();
  }

  private static String text(String line) {
    return Json.parse("sample", line).get("text").stringValue();
  }

  private static double[] vector(String text) {
    List<Double> numbers = new ArrayList<>();
    Json.parse("vector", FakeEmbedder.vector(text)).forEach(n -> numbers.add(n.doubleValue()));
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double cosine(String a, String b) {
    double[] x = vector(a);
    double[] y = vector(b);
    double dot = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      dot += x[i] * y[i];
      xx += x[i] * x[i];
      yy += y[i] * y[i];
    }
    return dot / Math.sqrt(xx * yy);
  }
}
