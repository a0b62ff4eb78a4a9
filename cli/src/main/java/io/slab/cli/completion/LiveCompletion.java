package io.slab.cli.completion;

import io.slab.cli.command.LiveWords;
import io.slab.cli.output.Cells;
import io.slab.cli.output.Sink;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Console;
import io.slab.model.Limits;
import io.slab.s3.S3Address;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code slab __complete namespaces|checkpoints|fields|members|filter|id|ids TARGET [PREFIX]}: what
 * completions of shells ask. A word a line; never an error, since a user could not read it there.
 */
public final class LiveCompletion {
  public static final String NAME = "__complete";

  private static final List<String> LISTS = List.of("members", "ids");

  private static final String METADATA = "metadata.";

  private LiveCompletion() {}

  public static ExitCode run(Console console, List<String> words) {
    String what = words.isEmpty() ? "" : words.getFirst();
    String given = words.size() > 1 ? words.get(1) : "";
    String target =
        given.isEmpty() || given.startsWith("-") ? console.env().get("SLAB_TARGET") : given;
    String prefix = words.size() > 2 ? words.get(2) : "";
    // A remote index is not asked while the user types.
    if (target == null || S3Address.is(target)) {
      return ExitCode.OK;
    }
    try {
      LiveWords live = new LiveWords(target, Limits.DEFAULT_NAMESPACE);
      Sink out = Sink.of(console.stdout());
      List<String> found =
          what.equals("filter") ? filters(live, prefix) : words(live, what, prefix);
      found.forEach(word -> out.write(word + "\n"));
      out.commit();
    } catch (RuntimeException e) {
      return ExitCode.OK;
    }
    return ExitCode.OK;
  }

  private static List<String> filters(LiveWords live, String prefix) {
    String begun = prefix.startsWith("'") ? prefix.substring(1) : prefix;
    return new FilterPieces(live).words(begun).stream().filter(LiveCompletion::quotable).toList();
  }

  private static List<String> words(LiveWords live, String what, String prefix) {
    // Of a list with commas the last word is completed; one name may hold a comma.
    boolean list = LISTS.contains(what);
    int comma = list ? prefix.lastIndexOf(',') : -1;
    String head = prefix.substring(0, comma + 1);
    // The shell would run what stands in it.
    if (!plain(head)) {
      return List.of();
    }
    String last = prefix.substring(comma + 1);
    List<String> found =
        switch (what) {
          case "namespaces" -> live.namespaces(last);
          case "checkpoints" -> live.checkpoints(last);
          case "fields" -> live.fields(last);
          case "members" -> members(live, last);
          case "id", "ids" -> live.ids(last);
          default -> List.of();
        };
    return found.stream()
        .filter(word -> plain(word) && !(list && word.indexOf(',') >= 0))
        .map(word -> head + word)
        .toList();
  }

  /** What {@code --fields} takes: members of a row, and fields of its metadata. */
  private static List<String> members(LiveWords live, String prefix) {
    List<String> found = new ArrayList<>();
    for (String member : List.of("id", "score", "values", "metadata")) {
      if (member.startsWith(prefix)) {
        found.add(member);
      }
    }
    boolean within = prefix.startsWith(METADATA);
    if (within || METADATA.startsWith(prefix)) {
      String field = within ? prefix.substring(METADATA.length()) : "";
      live.fields(field).forEach(name -> found.add(METADATA + name));
    }
    return found;
  }

  /** Whether a word can stand between single quotation marks in every shell. */
  private static boolean quotable(String word) {
    return Cells.clean(word).equals(word) && word.indexOf('\'') < 0 && word.indexOf('\\') < 0;
  }

  /** Whether a word can stand on a command line as it is. */
  private static boolean plain(String word) {
    return Cells.clean(word).equals(word)
        && word.chars().allMatch(c -> c > ' ' && "'\"\\$`!*?[]{}()<>|&;~#".indexOf(c) < 0);
  }
}
