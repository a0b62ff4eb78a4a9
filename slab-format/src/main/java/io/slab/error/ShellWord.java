package io.slab.error;

/** Words of command lines that people are told to type: they can be pasted into a shell. */
public final class ShellWord {
  private static final String PLAIN = "_./,:=@+-";

  private ShellWord() {}

  /** The word as it is where no shell would read anything into it, else in single quotes. */
  public static String of(String word) {
    return isPlain(word) ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static boolean isPlain(String word) {
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!letter && PLAIN.indexOf(c) < 0) {
        return false;
      }
    }
    return !word.isEmpty();
  }
}
