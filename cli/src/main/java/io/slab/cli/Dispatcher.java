package io.slab.cli;

import io.slab.store.Notices;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** From words to a verb that runs. */
final class Dispatcher {
  private final Console console;

  Dispatcher(Console console) {
    this.console = console;
  }

  ExitCode run(List<String> words) throws Exception {
    String first = words.isEmpty() ? "help" : words.getFirst();
    switch (first) {
      case "help", "-h", "--help" -> {
        return new HelpText(console).run(words.isEmpty() ? words : words.subList(1, words.size()));
      }
      case LiveCompletion.NAME -> {
        return LiveCompletion.run(console, words.subList(1, words.size()));
      }
      case "version", "-V", "--version" -> {
        return new HelpText(console).version();
      }
      default -> {
        if (first.startsWith("-")) {
          throw new UsageException(
              "the first word must be a verb, not the option '" + first + "'",
              "options go after the verb: slab query TARGET " + first + "; see `slab help`");
        }
        return runVerb(words);
      }
    }
  }

  private ExitCode runVerb(List<String> words) throws Exception {
    int count = verbWords(words);
    if (words.equals(List.of(VerbName.NAMESPACE, "--help"))
        || words.equals(List.of(VerbName.NAMESPACE, "-h"))) {
      return new HelpText(console).group(VerbName.NAMESPACE);
    }
    VerbName name = find(String.join(" ", words.subList(0, count)));
    List<String> rest = words.subList(count, words.size());
    if (rest.contains("--help") || rest.contains("-h")) {
      Verb verb = name.create();
      return new HelpText(console).verb(name, verb, commandLine(name, verb, console.env()));
    }
    if (StorageOptions.wanted(rest, console.env())) {
      return execute(name, parsed(name, rest, console.env()));
    }
    Verb verb = bound(name, rest, console.env());
    return execute(name, verb == null ? parsed(name, rest, console.env()) : verb);
  }

  /**
   * The verb with its options set by the generated binding, or null when that is not sure what
   * picocli would say to these words. Spares a short command half of its time.
   */
  static Verb bound(VerbName name, List<String> words, Map<String, String> env) {
    Verb verb = name.create();
    OptionBinding binding = VerbBindings.of(verb);
    return binding != null && binding.parse(words, new EnvironmentDefaults(env)) ? verb : null;
  }

  /** The verb with its options set by picocli. */
  static Verb parsed(VerbName name, List<String> words, Map<String, String> env) {
    Verb verb = name.create();
    CommandLine command = commandLine(name, verb, env);
    CommandSpec spec = command.getCommandSpec();
    if (StorageOptions.wanted(words, env) && StorageOptions.suit(spec)) {
      verb.storage().addTo(spec);
    }
    command.parseArgs(words.toArray(new String[0]));
    FileArguments.requireLocal(spec);
    verb.storage().give(spec, env);
    return verb;
  }

  /** Group verbs have two words. */
  static int verbWords(List<String> words) {
    return words.getFirst().equals(VerbName.NAMESPACE)
            && words.size() > 1
            && !words.get(1).startsWith("-")
        ? 2
        : 1;
  }

  static VerbName find(String word) {
    VerbName name = VerbName.of(word);
    if (name != null) {
      return name;
    }
    if (word.equals(VerbName.NAMESPACE) || word.startsWith(VerbName.NAMESPACE + " ")) {
      String second = word.substring(VerbName.NAMESPACE.length()).strip();
      throw new UsageException(
          second.isEmpty()
              ? "'namespace' needs a second word"
              : "there is no `slab namespace " + second + "`",
          "create, list, describe or delete");
    }
    String nearest = Nearest.of(word, VerbName.words());
    throw new UsageException(
        "unknown verb '" + word + "'",
        (nearest == null ? "" : "did you mean `slab " + nearest + "`? ") + "see `slab help`");
  }

  private static CommandLine commandLine(VerbName name, Verb verb, Map<String, String> env) {
    CommandLine command = new CommandLine(verb);
    command.setCommandName(name.word);
    command.setAbbreviatedOptionsAllowed(false);
    command.setExpandAtFiles(false);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setOverwrittenOptionsAllowed(false);
    // A vector such as -v '[-1, 2]' or an id beginning with a dash is a value all the same.
    command.setAllowOptionsAsOptionParameters(false);
    command.setDefaultValueProvider(new EnvironmentDefaults(env));
    return command;
  }

  private ExitCode execute(VerbName name, Verb verb) throws Exception {
    long started = System.nanoTime();
    console.configure(verb.common.color, verb.common.quiet);
    Notices.to(console::warn);
    verb.takeOut();
    Session session = new Session(console, verb.common);
    try {
      return verb.run(session);
    } finally {
      session.output().close();
      if (verb.common.time) {
        long micros = (System.nanoTime() - started) / 1000;
        String asked = verb.storage().traffic();
        console.tell(
            name.word
                + ": "
                + micros / 1000
                + "."
                + micros / 100 % 10
                + " ms"
                + (asked == null ? "\n" : "; " + asked + "\n"));
      }
      session.afterwards("keeping the cache to its size", verb.storage()::done);
    }
  }
}
