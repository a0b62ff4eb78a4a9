package io.slab.cli.verb;

import io.slab.cli.usage.ExitCode;
import io.slab.store.Notices;

/** One run of one verb, from its set options to its exit code. */
public final class VerbRun {
  private VerbRun() {}

  /**
   * Runs a verb whose options are set, and says how long it took where that is asked for.
   *
   * @param verbs what its session hands to a verb that runs others
   */
  public static ExitCode of(VerbName name, Verb verb, Console console, Verbs verbs)
      throws Exception {
    long started = System.nanoTime();
    console.configure(verb.common.color, verb.common.quiet);
    Notices.to(console::warn);
    verb.takeOut();
    Session session = new Session(console, verbs, verb.common);
    if (verb.commits() && verb.common.resultIsNotAskedFor()) {
      session.output().mute();
    }
    try {
      ExitCode code = verb.run(session);
      for (String text : session.output().lateWarnings()) {
        console.warn(text);
      }
      return code;
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
