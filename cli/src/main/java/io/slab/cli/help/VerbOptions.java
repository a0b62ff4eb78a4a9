package io.slab.cli.help;

import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.Verbs;
import io.slab.source.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of every verb and the values that some of them take, as manual pages and completions
 * show them.
 */
public final class VerbOptions {
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
          Map.entry("--advertise", "auto url authority"),
          Map.entry("--extras", "auto metadata ignore"),
          Map.entry("--shape", shapes()),
          Map.entry("query --mode", "dense text hybrid"),
          Map.entry("explain --mode", "dense text hybrid"),
          Map.entry("export --format", "jsonl parquet npy"),
          Map.entry("ingest --format", "auto " + shapes()),
          Map.entry("compact --level", "L0 L1 L2"),
          Map.entry("verify --level", "quick checksums deep"),
          Map.entry(
              "inspect --what",
              "files levels slabs namespaces summary layout manifest sections columns bitmaps tombstones vectors ann all row hex wal"));

  /**
   * One option of one verb.
   *
   * @param names all of them, the shortest first
   * @param takesValue whether a word follows it
   * @param values what this word can be, or empty where anything can
   * @param file whether it can be the name of a file or folder
   * @param about one line for people
   */
  public record Choice(
      List<String> names, boolean takesValue, List<String> values, boolean file, String about) {}

  /** What stands for values that can be in a file, or name one. */
  private static final Set<String> FILES =
      Set.of("FILE", "DIR", "ROOT", "JSON", "SRC", "TARGET", "INDEX", "TARGET FILE", "OBJECT");

  private VerbOptions() {}

  /** What an export can be, for {@code --shape} and {@code --format}. */
  private static String shapes() {
    return String.join(" ", Arrays.stream(Shape.values()).map(Shape::label).toList());
  }

  /** The words of {@link #VALUES} that name an option, for the test that they exist. */
  public static List<String> keys() {
    return List.copyOf(VALUES.keySet());
  }

  /** Options of each verb, in the order of the overview; those of every verb come last. */
  public static Map<VerbName, List<Choice>> all(Verbs verbs) {
    Map<VerbName, List<Choice>> all = new LinkedHashMap<>();
    for (VerbName name : VerbName.values()) {
      Verb verb = verbs.create(name);
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
    boolean file = takesValue && FILES.contains(option.paramLabel());
    return new Choice(names, takesValue, words, file, String.join(" ", option.description()));
  }
}
