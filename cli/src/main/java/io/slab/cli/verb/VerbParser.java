package io.slab.cli.verb;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** From words to a verb whose options are set, by picocli. */
public final class VerbParser {
  private VerbParser() {}

  /** The verb with its options set by picocli. */
  public static Verb parsed(
      VerbName name, Verbs verbs, List<String> words, Map<String, String> env) {
    Verb verb = verbs.create(name);
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

  /** The parser of a verb, with the rules of this command line. */
  public static CommandLine commandLine(VerbName name, Verb verb, Map<String, String> env) {
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
}
