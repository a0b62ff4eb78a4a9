package io.slab.cli.verb;

import java.util.List;

/** The verbs of this program, for those that list verbs or run other command lines. */
public interface Verbs {
  /** A new instance of a verb, for one run; loads that verb's class and no other. */
  Verb create(VerbName name);

  /**
   * Runs one command line in the given surroundings, as if it had been typed.
   *
   * @param words the verb first
   * @return the exit code
   */
  int run(List<String> words, Console console);
}
