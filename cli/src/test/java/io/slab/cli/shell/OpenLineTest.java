package io.slab.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.Shell;
import io.slab.testkit.Seeds;
import java.util.Random;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;

/** A line that comes in pieces is complete when the whole of it is. */
class OpenLineTest {
  private static final String CHARACTERS = "{}[]\"\"''\\\\\n\n  a#--:,";

  private static String random(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(24); i >= 0; i--) {
      text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    return text.toString();
  }

  @Test
  void piecesSayWhatTheWholeSays() {
    Random random = new Random(Seeds.of("OpenLineTest"));
    for (int round = 0; round < 20_000; round++) {
      String text = random(random);
      OpenLine open = new OpenLine();
      StringBuilder whole = new StringBuilder();
      String[] lines = text.split("\n", -1);
      for (int i = 0; i < lines.length; i++) {
        String piece = i == 0 ? lines[i] : "\n" + lines[i];
        whole.append(piece);
        open.add(piece);
        assertEquals(ReplLine.of(whole.toString()).missing(), open.missing(), whole.toString());
      }
    }
  }

  @Test
  void theTerminalReadsEachLineOnce() {
    ReplParser parser = new ReplParser();
    StringBuilder text = new StringBuilder("query --filter {");
    long start = System.nanoTime();
    for (int i = 0; i < 20_000; i++) {
      text.append("\n\"f").append(i).append("\": \"some text of a line\",");
      String line = text.toString();
      assertThrows(EOFError.class, () -> parser.parse(line, 0, ParseContext.ACCEPT_LINE));
    }
    assertNotNull(parser.parse(text + "}", 0, ParseContext.ACCEPT_LINE));
    // Twenty thousand readings of all of it took a minute and more.
    assertTrue(System.nanoTime() - start < 20_000_000_000L);
    // Another line has nothing to do with the one before.
    assertNotNull(parser.parse("list", 0, ParseContext.ACCEPT_LINE));
    assertThrows(EOFError.class, () -> parser.parse("list '", 0, ParseContext.ACCEPT_LINE));
    assertNotNull(parser.parse("list '\n'", 0, ParseContext.ACCEPT_LINE));
  }

  @Test
  void aScriptOfOneLongLineTakesNoTime() {
    StringBuilder script = new StringBuilder(".set q = [0");
    for (int i = 0; i < 60_000; i++) {
      script.append(",\n").append(i);
    }
    long start = System.nanoTime();
    new Shell().input(script.append("]\n").toString()).ok("shell");
    assertTrue(System.nanoTime() - start < 5_000_000_000L);
  }
}
