package io.slab.cli.output;

import io.slab.cli.usage.Suggest;
import java.util.List;
import java.util.Map;

/**
 * Which of the standard streams are a terminal, and how wide it is. The launcher asks the shell
 * (which knows, per stream) and hands the answer over in {@code SLAB_TTY}; Java's own console
 * speaks for both ends at once.
 */
public record Terminal(boolean stdin, boolean stdout, boolean stderr, int width) {
  private static final int DEFAULT_WIDTH = 80;

  /**
   * Reads {@code SLAB_FORCE_TTY} (a width; all streams), else {@code SLAB_TTY} (digits of the
   * streams).
   */
  public static Terminal of(Map<String, String> env) {
    String forced = env.get("SLAB_FORCE_TTY");
    if (forced != null && !forced.isEmpty()) {
      return new Terminal(true, true, true, number(forced));
    }
    String streams = env.getOrDefault("SLAB_TTY", "");
    return new Terminal(
        streams.contains("0"),
        streams.contains("1"),
        streams.contains("2"),
        number(env.getOrDefault("SLAB_COLUMNS", "")));
  }

  private static int number(String text) {
    try {
      int value = Integer.parseInt(text.trim());
      return value > 0 ? value : DEFAULT_WIDTH;
    } catch (NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }

  /**
   * Whether to colour one stream: the option first, then the usual environment variables, then the
   * terminal.
   */
  public static Style style(String option, boolean terminal, Map<String, String> env) {
    boolean color =
        switch (option) {
          case "always" -> true;
          case "never" -> false;
          case "auto" -> auto(terminal, env);
          default ->
              throw Suggest.unknown(
                  "unknown colour mode", option, List.of("auto", "always", "never"));
        };
    return color ? Style.COLOR : Style.PLAIN;
  }

  private static boolean auto(boolean terminal, Map<String, String> env) {
    if (!env.getOrDefault("NO_COLOR", "").isEmpty()) {
      return false;
    }
    String force = env.getOrDefault("CLICOLOR_FORCE", "0");
    if (!force.equals("0") && !force.isEmpty()) {
      return true;
    }
    return terminal && !"0".equals(env.get("CLICOLOR")) && !"dumb".equals(env.get("TERM"));
  }
}
