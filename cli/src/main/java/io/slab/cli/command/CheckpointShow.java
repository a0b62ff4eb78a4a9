package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.IndexCheckpoints;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code slab checkpoint show}. */
@Command
public final class CheckpointShow extends Verb {
  @Mixin Target target = new Target();

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = NameArgument.ABOUT)
  String name;

  @Mixin NamespaceOption namespace = new NamespaceOption();

  @Override
  public String about() {
    return "What a checkpoint has, for each namespace that it is in.";
  }

  @Override
  public List<String> examples() {
    return List.of("checkpoint show books nightly", "checkpoint show books nightly --json");
  }

  @Override
  public ExitCode run(Session session) {
    String wanted = NameArgument.require(session, target, name);
    try (SlabIndex index = target.open()) {
      List<String> names =
          namespace.namespace == null ? index.allNamespaces() : List.of(namespace.name());
      Map<String, List<Checkpoint>> all = new TreeMap<>();
      for (String each : new IndexCheckpoints(index).having(names, wanted)) {
        all.put(
            each,
            index.checkpoints(each).list().stream().filter(c -> c.name().equals(wanted)).toList());
      }
      CheckpointDocs.print(session, index, all);
      session.output().end(new Doc().put("name", wanted));
    }
    return ExitCode.OK;
  }
}
