package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.help.HelpTopics;
import io.slab.cli.help.VerbOptions;
import io.slab.cli.verb.VerbName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All of the help as one page. */
class HelpPageTest {
  private static final String PAGE = new Shell().ok("help", "--markdown");

  @Test
  void everyVerbOptionExampleAndTopicIsOnThePage() {
    ProgramVerbs verbs = new ProgramVerbs();
    VerbOptions.all(verbs)
        .forEach((verb, options) -> {
          assertTrue(PAGE.contains("\n## slab " + verb.word + "\n\n" + verb.summary), verb.word);
          verbs
              .create(verb)
              .examples()
              .forEach(example -> assertTrue(PAGE.contains("\nslab " + example + "\n"), example));
          for (VerbOptions.Choice option : options) {
            option.names().forEach(name -> assertTrue(PAGE.contains("`" + name + "`"), name));
          }
        });
    HelpTopics.NAMES.stream()
        .filter(topic -> !topic.equals("exit-codes"))
        .forEach(topic -> assertTrue(PAGE.contains("\n## Topic: " + topic + "\n"), topic));
  }

  @Test
  void rowsAreRowsAndLinksLeadSomewhere() {
    List<String> rows = PAGE.lines().filter(line -> line.startsWith("| ")).toList();
    assertTrue(rows.size() > 300, "rows: " + rows.size());
    for (String row : rows) {
      assertEquals(3, row.replace("\\|", "").chars().filter(c -> c == '|').count(), row);
    }
    for (VerbName verb : VerbName.values()) {
      assertTrue(PAGE.contains("](#slab-" + verb.word.replace(' ', '-') + ")"), verb.word);
    }
    assertEquals(2, new Shell().run("help", "query", "--markdown").code());
  }
}
