package io.slab.cli.command;

import io.slab.cli.ExitCode;
import io.slab.cli.Session;
import io.slab.cli.Verb;
import io.slab.index.SlabIndex;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab namespace describe}. */
@Command
public final class NamespaceDescribe extends Verb {
  @Mixin Target target = new Target();

  @Option(
      names = {"-n", "--name", "--namespace"},
      paramLabel = "NAME",
      description = "default: the default namespace")
  String name;

  @Override
  public String about() {
    return "Records, slabs, bytes and what is not flushed yet.";
  }

  @Override
  public List<String> examples() {
    return List.of("namespace describe books --name english", "namespace describe books --json");
  }

  @Override
  public ExitCode run(Session session) {
    NamespaceOption option = new NamespaceOption();
    option.namespace = name;
    try (SlabIndex index = target.open()) {
      option.require(index);
      session.output().document(Namespaces.doc(index, option.name()));
    }
    return ExitCode.OK;
  }
}
