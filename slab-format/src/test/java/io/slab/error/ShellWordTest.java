package io.slab.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWordTest {
  @Test
  void plainWordsStayAsTheyAre() {
    for (String word : List.of("a", "./x_1/y-2.slab", "user@host:/p", "K=1,2", "--ids")) {
      assertEquals(word, ShellWord.of(word));
    }
  }

  @Test
  void aShellReadsBackWhatWasMeant() throws Exception {
    List<String> words =
        List.of("", "a b", "it's", "'", "$HOME", "`id`", "a\\b", "*", "~", "a\nb", "größe", "!x");
    for (String word : words) {
      Process shell =
          new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.of(word) + "x").start();
      byte[] out = shell.getInputStream().readAllBytes();
      assertEquals(word + "x", new String(out, StandardCharsets.UTF_8));
    }
  }
}
