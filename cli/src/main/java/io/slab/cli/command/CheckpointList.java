package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code slab checkpoint list}. */
@Command
public final class CheckpointList extends Verb {
  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();

  @Override
  public String about() {
    return "The checkpoints that are kept; without --namespace those of all namespaces, deleted ones among them.";
  }

  @Override
  public List<String> examples() {
    return List.of("checkpoint list books", "checkpoint list books --namespace __default__ --json");
  }

  @Override
  public ExitCode run(Session session) {
    try (SlabIndex index = target.open()) {
      Map<String, List<Checkpoint>> all = new TreeMap<>();
      for (String name :
          namespace.namespace == null ? index.allNamespaces() : List.of(namespace.name())) {
        all.put(name, index.checkpoints(name).list());
      }
      CheckpointDocs.print(session, index, all);
      session.output().end(new Doc());
      if (all.values().stream().allMatch(List::isEmpty)) {
        session.say(
            "no checkpoint; make one with: slab checkpoint create " + target.word() + " NAME");
      }
    }
    return ExitCode.OK;
  }
}
