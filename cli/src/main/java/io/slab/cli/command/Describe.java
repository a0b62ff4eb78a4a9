package io.slab.cli.command;

import io.slab.cli.ExitCode;
import io.slab.cli.Session;
import io.slab.cli.Verb;
import io.slab.index.SlabIndex;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code slab describe}. */
@Command
public final class Describe extends Verb {
  @Mixin Target target = new Target();

  @Override
  public String about() {
    return "What was fixed at creation, the settings, and the names of the namespaces.";
  }

  @Override
  public List<String> examples() {
    return List.of("describe books", "describe books --json --fields dimension,metric");
  }

  @Override
  public ExitCode run(Session session) {
    try (SlabIndex index = target.open()) {
      session.output().document(Indexes.doc(index));
    }
    return ExitCode.OK;
  }
}
