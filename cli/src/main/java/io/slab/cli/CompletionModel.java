package io.slab.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What a shell can complete: the verbs, their options, and the values that some options take. */
final class CompletionModel {
  /** What {@code slab completion} is written for. */
  static final List<String> SHELLS = List.of("bash", "fish", "zsh");

  /** Values of options that mean the same everywhere; by verb and option where they do not. */
  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("--output", "table json ndjson csv tsv line"),
          Map.entry("--color", "auto always never"),
          Map.entry("--progress", "auto bar plain json none"),
          Map.entry("--metric", "cosine euclidean dotproduct"),
          Map.entry("--vector-type", "dense sparse hybrid"),
          Map.entry("--deletion-protection", "enabled disabled"),
          Map.entry("--on-error", "abort skip"),
          Map.entry("--nested", "refuse text drop"),
          Map.entry("--nulls", "refuse drop"),
          Map.entry("--extras", "auto metadata ignore"),
          Map.entry(
              "--shape",
              String.join(
                  " ", Arrays.stream(io.slab.source.Shape.values()).map(s -> s.label()).toList())),
          Map.entry("--format", "jsonl npy"),
          Map.entry("compact --level", "L0 L1 L2"),
          Map.entry("verify --level", "quick checksums deep"),
          Map.entry(
              "inspect --what",
              "files levels slabs namespaces summary layout manifest sections columns bitmaps vectors ann all row hex wal"));

  /**
   * One option of one verb.
   *
   * @param names all of them, the shortest first
   * @param takesValue whether a word follows it
   * @param values what this word can be, or empty where anything can
   * @param about one line for people
   */
  record Choice(List<String> names, boolean takesValue, List<String> values, String about) {}

  private CompletionModel() {}

  /**
   * What of an index an option takes, as {@code slab __complete} calls it; null for anything else.
   */
  static String live(Choice choice) {
    if (choice.names().contains("--namespace")) {
      return "namespaces";
    }
    return choice.names().contains("--field") ? "fields" : null;
  }

  /** The words of {@link #VALUES} that name an option, for the test that they exist. */
  static List<String> keys() {
    return List.copyOf(VALUES.keySet());
  }

  /** Options of each verb, in the order of the overview; those of every verb come last. */
  static Map<VerbName, List<Choice>> options() {
    Map<VerbName, List<Choice>> all = new LinkedHashMap<>();
    for (VerbName name : VerbName.values()) {
      Verb verb = name.create();
      CommandSpec spec = CommandSpec.forAnnotatedObject(verb);
      if (StorageOptions.suit(spec)) {
        verb.storage().addTo(spec);
      }
      List<OptionSpec> common = spec.mixins().get("common").options();
      List<OptionSpec> options = new ArrayList<>(spec.options());
      options.sort(
          Comparator.comparing((OptionSpec option) -> common.contains(option))
              .thenComparing(OptionSpec::longestName));
      all.put(name, options.stream().map(option -> choice(name, option)).toList());
    }
    return all;
  }

  private static Choice choice(VerbName verb, OptionSpec option) {
    List<String> names = new ArrayList<>(Arrays.asList(option.names()));
    names.sort(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
    if (option.negatable()) {
      names.add(option.longestName().replaceFirst("^--", "--no-"));
    }
    boolean takesValue = option.arity().max() > 0;
    String values = "";
    for (String name : option.names()) {
      values = VALUES.getOrDefault(name, VALUES.getOrDefault(verb.word + " " + name, values));
    }
    List<String> words = values.isEmpty() ? List.of() : List.of(values.split(" "));
    return new Choice(names, takesValue, words, String.join(" ", option.description()));
  }

  /** The words after a first word that is no verb by itself, or that takes a fixed one. */
  static Map<String, List<String>> seconds() {
    List<String> group = new ArrayList<>();
    List<String> help = new ArrayList<>();
    for (VerbName name : VerbName.values()) {
      if (name.word.startsWith(VerbName.NAMESPACE + " ")) {
        group.add(name.word.substring(VerbName.NAMESPACE.length() + 1));
      } else {
        help.add(name.word);
      }
    }
    help.add(VerbName.NAMESPACE);
    help.addAll(HelpTopics.NAMES);
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put(VerbName.NAMESPACE, group);
    all.put("help", help);
    all.put(VerbName.COMPLETION.word, SHELLS);
    return all;
  }

  /** Every first word with its line of help. */
  static Map<String, String> firsts() {
    Map<String, String> all = new LinkedHashMap<>();
    for (VerbName name : VerbName.values()) {
      if (name.word.indexOf(' ') < 0) {
        all.put(name.word, name.summary);
      } else {
        all.put(VerbName.NAMESPACE, "Make, list, show and delete namespaces");
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
