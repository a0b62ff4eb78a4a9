package io.slab.cli.input;

/** Accidents of quoting: what a shell made of a value before this program saw it. */
public final class ShellQuotes {
  private ShellQuotes() {}

  /**
   * What to type instead of a value that is no JSON, or null where no accident is seen.
   *
   * @param option where it stood, as in {@code --filter}
   */
  public static String hint(String option, String text) {
    String bare = text.replaceAll("\\s", "");
    if (bare.contains("{\"\":") || bare.contains(",\"\":")) {
      return "a name is empty: between double quotes a shell takes $gte for a variable; use single quotes: "
          + option
          + " '{\"year\": {\"$gte\": 1900}}'";
    }
    if (bare.startsWith("{'") || bare.startsWith("['")) {
      return "JSON has double quotes inside and the shell single ones around: "
          + option
          + " '{\"genre\": \"poetry\"}'";
    }
    boolean object = bare.startsWith("{") && !bare.startsWith("{}");
    if (object && bare.indexOf('"') < 0) {
      return "the double quotes are gone: a shell takes them away where no single quotes are around: "
          + option
          + " '{\"genre\": \"poetry\"}'";
    }
    return null;
  }

  /** Whether a word looks like a piece of JSON that a shell cut at its blanks. */
  public static boolean isPiece(String word) {
    return word.matches("-?[0-9][-+.0-9eE]*[,\\]}]*")
        || (!word.startsWith("-") && word.matches(".*[\\]},:]"));
  }
}
