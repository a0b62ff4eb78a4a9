package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import picocli.CommandLine.Parameters;

/** The word after the target: a checkpoint, or a state. */
final class NameArgument {
  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "name of a checkpoint; of restore any state (see `slab help states`)")
  String name;

  /** The word; where one word was given and SLAB_TARGET stands for the target it is that one. */
  String require(Session session, Target target) {
    String standing = session.console().env().get("SLAB_TARGET");
    if (name == null && target.target != null && standing != null) {
      name = target.target.equals(standing) ? null : target.target;
      target.target = standing;
    }
    if (name == null) {
      throw new UsageException("NAME is missing", "give it after the target");
    }
    return name;
  }
}
