package io.slab.cli;

import java.util.ArrayList;
import java.util.List;

/** Splits a command line as a shell would, as far as the examples in help and README need it. */
final class Examples {
  private Examples() {}

  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    boolean escaped = false;
    for (char c : line.toCharArray()) {
      if (escaped) {
        word.append(c);
        escaped = false;
      } else if (c == '\\' && !quoted) {
        // As in 'it'\''s', where a quotation mark stands between two quoted parts.
        escaped = true;
      } else if (c == '\'') {
        quoted = !quoted;
        any = true;
      } else if (c == ' ' && !quoted) {
        if (any || !word.isEmpty()) {
          words.add(word.toString());
        }
        word.setLength(0);
        any = false;
      } else {
        word.append(c);
      }
    }
    if (any || !word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }
}
