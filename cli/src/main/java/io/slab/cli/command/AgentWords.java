package io.slab.cli.command;

import java.util.Collection;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words of errors for agents: they name options and verbs of the command line, and an agent has
 * arguments and tools.
 */
final class AgentWords {
  private static final Pattern OPTION = Pattern.compile("--([a-z][a-z0-9-]*)");
  private static final Pattern VERB = Pattern.compile("`slab ([a-z]+)(?: TARGET)?`");

  /** Options whose argument has another name. */
  private static final Map<String, String> OTHER =
      Map.of("pagination-token", "page", "field", "fields", "id", "ids");

  private static final Map<String, String> TOOLS =
      Map.of(
          "query",
          "search",
          "fetch",
          "fetch",
          "list",
          "list",
          "facet",
          "facet",
          "stats",
          "stats",
          "describe",
          "describe",
          "explain",
          "explain");

  private AgentWords() {}

  /** A text with the names of a tool's arguments in the place of options. */
  static String of(String text, Collection<String> arguments) {
    String named =
        OPTION
            .matcher(text)
            .replaceAll(found -> Matcher.quoteReplacement(argument(found, arguments)));
    return VERB.matcher(named)
        .replaceAll(found -> {
          String tool = TOOLS.get(found.group(1));
          return Matcher.quoteReplacement(tool == null ? found.group() : "the tool " + tool);
        });
  }

  private static String argument(MatchResult found, Collection<String> arguments) {
    String name = found.group(1).replace('-', '_');
    if (arguments.contains(name)) {
      return name;
    }
    String other = OTHER.get(found.group(1));
    return other != null && arguments.contains(other) ? other : found.group();
  }

  /** What to do about it: what an agent cannot do itself is for those who use it. */
  static String hint(String text, Collection<String> arguments) {
    String named = of(text, arguments);
    boolean forPeople = named.contains("--") || named.contains("`slab ");
    return (forPeople ? "hint for the user, on the command line: " : "hint: ") + named;
  }
}
