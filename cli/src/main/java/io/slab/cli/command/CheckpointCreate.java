package io.slab.cli.command;

import io.slab.cli.input.Quantity;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab checkpoint create}. */
@Command
public final class CheckpointCreate extends Verb {
  @Mixin Target target = new Target();

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = NameArgument.ABOUT)
  String name;

  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "keep it for so long, as 12h or 30d; without this until it is deleted")
  String expires;

  @Override
  public String about() {
    return "Keeps the state of now, which has every write that was acknowledged before. Without --namespace in all"
        + " namespaces, or in none where one has that name already. What is in the log only is flushed first. Gc keeps"
        + " what the state needs until it expires or is deleted.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "checkpoint create books before-import --expires 30d",
        "checkpoint create books monday --namespace __default__ --dry-run");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    String wanted = NameArgument.require(session, target, name);
    long millis = expires == null ? 0 : Quantity.millis("--expires", expires);
    if (expires != null && millis < 1) {
      throw new UsageException("--expires " + expires + " is over at once", "give a time as 30d");
    }
    try (SlabIndex index = target.open()) {
      List<String> names =
          namespace.namespace == null ? index.namespaces() : List.of(namespace.name());
      if (consent.dryRun()) {
        names.forEach(each -> index.checkpoints(each).requireFree(wanted));
        print(session, index, Map.of(), wanted);
        session.say(
            "dry run: would keep " + Human.plural(names.size(), "namespace") + " as " + wanted);
        return ExitCode.OK;
      }
      Map<String, Checkpoint> made = new IndexCheckpoints(index).create(names, wanted, millis);
      print(session, index, made, wanted);
      session.say(
          "checkpoint "
              + wanted
              + " of "
              + Human.plural(made.size(), "namespace")
              + "; next: slab list "
              + target.word()
              + " --as-of "
              + wanted);
    }
    return ExitCode.OK;
  }

  private static void print(
      Session session, SlabIndex index, Map<String, Checkpoint> made, String name) {
    Map<String, List<Checkpoint>> all = new TreeMap<>();
    made.forEach((namespace, checkpoint) -> all.put(namespace, List.of(checkpoint)));
    CheckpointDocs.print(session, index, all);
    session.output().end(new Doc().put("name", name));
  }
}
