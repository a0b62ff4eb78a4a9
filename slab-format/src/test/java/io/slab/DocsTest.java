package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The README and the pages of docs/: links lead somewhere. Classes that these and the pages beside
 * the README name exist.
 */
class DocsTest {
  private static final Path ROOT = Path.of(System.getProperty("slab.root"));
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

  /** A word in backticks that is written like a class: two words at least, the last may be IT. */
  private static final Pattern CLASS =
      Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)*(?:[A-Z][a-z0-9]+|IT))`");

  /** Words of that form which are no classes: requests of S3. */
  private static final Set<String> ACTIONS =
      Set.of("DeleteObject", "DeleteObjectVersion", "ListBucketVersions", "PutObject");

  /** Words that hide who does something. In quotes by itself such a word is data of a test. */
  private static final Pattern ACTORLESS =
      Pattern.compile(
          "\\b(?<!\")(?:[Ww]hatever|[Nn]obody|[Ss]omebody|[Ss]omeone|[Aa]nybody|[Ww]hoever)\\b");

  private static final Pattern PROSE = Pattern.compile("\\.(java|md|py|sh)$");

  private static final Set<String> FOLDERS_WITHOUT_PROSE =
      Set.of("target", ".git", "node_modules", "samples");

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    Set<String> broken = new TreeSet<>();
    for (Path page : pages()) {
      for (String link : matches(LINK, page)) {
        if (!Files.exists(page.resolveSibling(link))) {
          broken.add(ROOT.relativize(page) + ": " + link);
        }
      }
    }
    assertEquals(Set.of(), broken);
  }

  @Test
  void theReadmeOpensEveryPageAndIsShort() throws IOException {
    Path readme = ROOT.resolve("README.md");
    Set<String> linked = matches(LINK, readme);
    for (Path page : pages()) {
      String name = ROOT.relativize(page).toString().replace('\\', '/');
      assertTrue(page.equals(readme) || linked.contains(name), name + " is opened by no link");
    }
    assertTrue(Files.readAllLines(readme).size() < 150, "the depth belongs to docs/");
  }

  @Test
  void everyClassThatIsNamedExists() throws IOException {
    Set<String> classes;
    try (Stream<Path> files = Files.find(ROOT, 16, (file, a) -> isSource(file))) {
      classes =
          files
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
    }
    Set<String> unknown = new TreeSet<>();
    Set<String> named = new TreeSet<>();
    List<Path> pages = new ArrayList<>(pages());
    pages.add(ROOT.resolve("CONTRIBUTING.md"));
    pages.add(ROOT.resolve("SECURITY.md"));
    for (Path page : pages) {
      for (String name : matches(CLASS, page)) {
        named.add(name);
        if (!classes.contains(name)) {
          unknown.add(ROOT.relativize(page) + ": " + name);
        }
      }
    }
    assertFalse(named.isEmpty());
    unknown.removeIf(entry -> ACTIONS.contains(entry.replaceFirst(".*: ", "")));
    assertEquals(Set.of(), unknown);
  }

  /** The writer, gc, a reader, a caller: sentences name who does something. */
  @Test
  void sentencesNameWhoDoesSomething() throws IOException {
    List<String> found = new ArrayList<>();
    int[] read = new int[1];
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return FOLDERS_WITHOUT_PROSE.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (PROSE.matcher(file.getFileName().toString()).find()
                && !file.endsWith("DocsTest.java")) {
              read[0]++;
              ACTORLESS
                  .matcher(Files.readString(file))
                  .results()
                  .forEach(match -> found.add(ROOT.relativize(file) + ": " + match.group()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertTrue(read[0] > 1_000, read[0] + " files");
    assertEquals(List.of(), found);
  }

  private static boolean isSource(Path file) {
    String name = file.toString().replace('\\', '/');
    return name.endsWith(".java") && name.contains("/src/") && !name.contains("/target/");
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of(ROOT.resolve("README.md")),
              files.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  private static Set<String> matches(Pattern pattern, Path page) throws IOException {
    return pattern
        .matcher(Files.readString(page))
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
