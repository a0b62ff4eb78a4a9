package io.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Files and methods of the main sources stay short enough to be read in one go. The lists of what
 * is longer may only shrink: an entry that is short by now fails the test too.
 */
class SizesTest {
  private static final Path ROOT = Path.of(System.getProperty("slab.root"));
  private static final int FILE_LINES = 410;
  private static final int METHOD_LINES = 50;

  private static final Set<String> LONG_FILES =
      // The public operations of a namespace, more than half of it javadoc.
      Set.of("Namespace.java");

  private static final Set<String> LONG_METHODS =
      Set.of(
          // The loop over the digits of every number of every vector: calls in it cost speed.
          "FloatParser.java parse",
          // Kernels: what is shared by the steps is in registers.
          "VectorKernel.java dotAndNorms4",
          "VectorNearest.java product",
          "VectorNearest.java wide",
          "WideFastScan.java block",
          // The order in which columns are taken is the rule.
          "ParquetColumns.java of",
          // One list of all that the server is put together from.
          "SlabServer.java build");

  /** As the formatter writes them: the name, and a bracket for the parameters. */
  private static final Pattern METHOD =
      Pattern.compile(" {2,}(?:[\\w<>\\[\\].,?@&]+ )*?([a-zA-Z]\\w*)\\(.*");

  private static final Pattern STATEMENT =
      Pattern.compile(
          " *(?:if|for|while|switch|try|catch|else|do|return|case|throw|synchronized|new)\\b.*"
              + "|.*\\b(?:class|interface|enum|record|new)\\b.*|[^(]*=.*");

  @Test
  void filesAndMethodsAreShort() throws IOException {
    Set<String> files = new TreeSet<>();
    Set<String> methods = new TreeSet<>();
    List<Path> sources = sources();
    assertTrue(sources.size() > 1_000, sources.size() + " files");
    for (Path source : sources) {
      List<String> lines = Files.readAllLines(source);
      String name = source.getFileName().toString();
      if (lines.size() > FILE_LINES) {
        files.add(name);
      }
      longMethods(lines).forEach(method -> methods.add(name + " " + method));
    }
    assertEquals(new TreeSet<>(LONG_FILES), files, "files of more than " + FILE_LINES + " lines");
    assertEquals(
        new TreeSet<>(LONG_METHODS), methods, "methods of more than " + METHOD_LINES + " lines");
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return Set.of("target", ".git", "test").contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.toString().replace('\\', '/');
            if (name.endsWith(".java") && name.contains("/src/main/java/")) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  /** A line that ends in a brace begins a block, and one with its indentation and "}" ends it. */
  private static List<String> longMethods(List<String> lines) {
    List<String> found = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>();
    boolean text = false;
    for (int at = 0; at < lines.size(); at++) {
      String line = lines.get(at);
      boolean inText = text;
      text ^= line.split("\"\"\"", -1).length % 2 == 0;
      if (inText) {
        continue;
      }
      if (line.strip().startsWith("}") && !open.isEmpty()) {
        int first = firstLine(lines, open.pop(), indentation(line));
        Matcher method = METHOD.matcher(lines.get(first));
        if (at - first >= METHOD_LINES
            && method.matches()
            && !STATEMENT.matcher(lines.get(first)).matches()) {
          found.add(method.group(1));
        }
      }
      if (line.endsWith("{") && !line.strip().startsWith("*")) {
        open.push(at);
      }
    }
    return found;
  }

  /** Parameters, and what a call is made on, lie further to the right than the block's end. */
  private static int firstLine(List<String> lines, int brace, int indentation) {
    int first = brace;
    while (first > 0 && indentation(lines.get(first)) > indentation) {
      first--;
    }
    return first;
  }

  private static int indentation(String line) {
    return line.length() - line.stripLeading().length();
  }
}
