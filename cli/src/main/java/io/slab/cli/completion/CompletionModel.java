package io.slab.cli.completion;

import io.slab.cli.help.HelpTopics;
import io.slab.cli.help.VerbOptions;
import io.slab.cli.verb.VerbName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a shell can complete besides options: first words and what follows them. */
public final class CompletionModel {
  /** What {@code slab completion} is written for. */
  public static final List<String> SHELLS = List.of("bash", "fish", "zsh");

  private static final List<String> FIELD_OPTIONS =
      List.of("--field", "--color-by", "--group-by", "--unset", "--text-field");

  private CompletionModel() {}

  /**
   * What of an index an option takes, as {@code slab __complete} calls it; null for anything else.
   */
  public static String live(VerbName verb, VerbOptions.Choice choice) {
    if (namesNamespace(verb, choice) || choice.names().contains("--namespace")) {
      return "namespaces";
    }
    if (choice.names().stream().anyMatch(FIELD_OPTIONS::contains)) {
      return "fields";
    }
    if (choice.names().contains("--as-of")) {
      return "checkpoints";
    }
    if (choice.names().contains("--fields")) {
      return "members";
    }
    if (choice.names().contains("--filter")) {
      return "filter";
    }
    if (choice.names().contains("--id")) {
      return choice.names().contains("--ids") ? "ids" : "id";
    }
    return choice.names().contains("--prefix") ? "id" : null;
  }

  private static boolean namesNamespace(VerbName verb, VerbOptions.Choice choice) {
    return switch (verb) {
      case NAMESPACE_LIST -> choice.names().contains("--prefix");
      case NAMESPACE_DESCRIBE, NAMESPACE_DELETE -> choice.names().contains("--name");
      default -> false;
    };
  }

  /** What of an index the word after the target is; null where none follows. */
  public static String afterTarget(VerbName verb) {
    return switch (verb) {
      case RESTORE, CHECKPOINT_SHOW, CHECKPOINT_DELETE -> "checkpoints";
      default -> null;
    };
  }

  /** The verbs that {@link #afterTarget} knows. */
  static List<VerbName> withAfterTarget() {
    return Stream.of(VerbName.values()).filter(verb -> afterTarget(verb) != null).toList();
  }

  /** The words after a first word that is no verb by itself, or that takes a fixed one. */
  public static Map<String, List<String>> seconds() {
    Set<String> groups = new LinkedHashSet<>();
    List<String> help = new ArrayList<>();
    for (VerbName name : VerbName.values()) {
      int blank = name.word.indexOf(' ');
      if (blank > 0) {
        groups.add(name.word.substring(0, blank));
      } else {
        help.add(name.word);
      }
    }
    help.addAll(groups);
    help.addAll(HelpTopics.NAMES);
    Map<String, List<String>> all = new LinkedHashMap<>();
    groups.forEach(group -> all.put(group, VerbName.seconds(group)));
    all.put("help", help);
    all.put(VerbName.COMPLETION.word, SHELLS);
    return all;
  }

  /** Every first word with its line of help. */
  public static Map<String, String> firsts() {
    Map<String, String> all = new LinkedHashMap<>();
    for (VerbName name : VerbName.values()) {
      int blank = name.word.indexOf(' ');
      if (blank < 0) {
        all.put(name.word, name.summary);
      } else {
        String group = name.word.substring(0, blank);
        all.put(group, VerbName.GROUPS.get(group));
      }
      if (name.alias != null) {
        all.put(name.alias, name.summary);
      }
    }
    all.put("help", "Explain a verb or a topic");
    all.put("version", "Show the version");
    return all;
  }
}
