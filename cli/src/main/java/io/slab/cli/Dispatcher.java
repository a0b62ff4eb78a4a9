package io.slab.cli;

import io.slab.cli.completion.LiveCompletion;
import io.slab.cli.help.HelpText;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Console;
import io.slab.cli.verb.EnvironmentDefaults;
import io.slab.cli.verb.OptionBinding;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.Verb;
import io.slab.cli.verb.VerbName;
import io.slab.cli.verb.VerbParser;
import io.slab.cli.verb.VerbRun;
import io.slab.cli.verb.Verbs;
import java.util.List;
import java.util.Map;

/** From words to a verb that runs. */
final class Dispatcher {
  static final Verbs VERBS = new ProgramVerbs();

  private final Console console;

  Dispatcher(Console console) {
    this.console = console;
  }

  ExitCode run(List<String> words) throws Exception {
    String first = words.isEmpty() ? "help" : words.getFirst();
    switch (first) {
      case "help", "-h", "--help" -> {
        return help().run(words.isEmpty() ? words : words.subList(1, words.size()));
      }
      case LiveCompletion.NAME -> {
        return LiveCompletion.run(console, words.subList(1, words.size()));
      }
      case "version", "-V", "--version" -> {
        return help().version();
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

  private HelpText help() {
    return new HelpText(console, VERBS);
  }

  private ExitCode runVerb(List<String> words) throws Exception {
    int count = VerbName.wordsIn(words);
    String first = words.getFirst();
    if (VerbName.GROUPS.containsKey(first)
        && (words.equals(List.of(first, "--help")) || words.equals(List.of(first, "-h")))) {
      return help().group(first);
    }
    VerbName name = VerbName.find(String.join(" ", words.subList(0, count)));
    List<String> rest = words.subList(count, words.size());
    boolean all = rest.contains("--help-all");
    if (all || rest.contains("--help") || rest.contains("-h")) {
      Verb verb = VERBS.create(name);
      return help().verb(name, verb, VerbParser.commandLine(name, verb, console.env()), all);
    }
    if (StorageOptions.wanted(rest, console.env())) {
      return VerbRun.of(name, VerbParser.parsed(name, VERBS, rest, console.env()), console, VERBS);
    }
    Verb verb = bound(name, rest, console.env());
    if (verb == null) {
      verb = VerbParser.parsed(name, VERBS, rest, console.env());
    }
    return VerbRun.of(name, verb, console, VERBS);
  }

  /**
   * The verb with its options set by the generated binding, or null when that is not sure what
   * picocli would say to these words. Spares a short command half of its time.
   */
  static Verb bound(VerbName name, List<String> words, Map<String, String> env) {
    Verb verb = VERBS.create(name);
    OptionBinding binding = VerbBindings.of(verb);
    return binding != null && binding.parse(words, new EnvironmentDefaults(env)) ? verb : null;
  }
}
