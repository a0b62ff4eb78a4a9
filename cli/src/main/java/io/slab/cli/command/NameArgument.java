package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;

/** The word after the target: a checkpoint, or a state. */
final class NameArgument {
  static final String ABOUT = "name of a checkpoint";

  private NameArgument() {}

  /**
   * The word; where one word was given and SLAB_TARGET stands for the target it is that one.
   *
   * @param given the second word, or null
   */
  static String require(Session session, Target target, String given) {
    String standing = session.console().env().get("SLAB_TARGET");
    boolean one = given == null && standing != null && !standing.equals(target.target);
    String name = one ? target.target : given;
    if (name == null) {
      throw new UsageException("the second word is missing", "give it after the target");
    }
    target.target = one ? standing : target.target;
    return name;
  }
}
