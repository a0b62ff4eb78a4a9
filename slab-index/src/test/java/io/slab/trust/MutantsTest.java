package io.slab.trust;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Each bug of bench/mutants.txt can be planted: its file has the text that is replaced, once, and
 * its tests are there. Code that moves takes its mutants along.
 */
class MutantsTest {
  private static final Path ROOT = Path.of(System.getProperty("slab.root"));
  private static final Pattern MUTANT =
      Pattern.compile(
          "^== ([\\w-]+): .*\\nfile: (\\S+)\\n(?:tests: (.*)\\n)?<<<<\\n((?s:.*?))\\n====\\n",
          Pattern.MULTILINE);

  @Test
  void everyBugCanBePlanted() throws IOException {
    String list = Files.readString(ROOT.resolve("bench/mutants.txt"));
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (Matcher mutant = MUTANT.matcher(list); mutant.find(); count++) {
      Path file = ROOT.resolve("slab-index/src/main/java/io/slab").resolve(mutant.group(2));
      String source = Files.exists(file) ? Files.readString(file) : "";
      int times = source.split(Pattern.quote(mutant.group(4)), -1).length - 1;
      if (times != 1) {
        wrong.add(mutant.group(1) + ": " + times + " times in " + mutant.group(2));
      }
      String tests = mutant.group(3) == null ? "" : mutant.group(3);
      for (String test : tests.split("[ ,]+")) {
        String name = test.replaceFirst("#.*", "").replace('.', '/');
        if (!test.isEmpty()
            && !Files.exists(ROOT.resolve("slab-index/src/test/java").resolve(name + ".java"))) {
          wrong.add(mutant.group(1) + ": no test " + test);
        }
      }
    }
    int all = list.split("(?m)^== ", -1).length - 1;
    assertTrue(count == all && count > 30, count + " of " + all);
    assertTrue(wrong.isEmpty(), String.join("\n", wrong));
  }
}
