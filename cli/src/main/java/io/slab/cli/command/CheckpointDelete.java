package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.index.IndexCheckpoints;
import io.slab.index.SlabIndex;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code slab checkpoint delete}. */
@Command
public final class CheckpointDelete extends Verb {
  private static final Listing LISTING =
      new Listing("released", "checkpoint", List.of(Column.text("namespace"), Column.text("name")));

  @Mixin Target target = new Target();

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = NameArgument.ABOUT)
  String name;

  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Override
  public String about() {
    return "Releases a checkpoint, without --namespace in every namespace that has it. Gc takes what nothing else needs"
        + " after its minimum age.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "checkpoint delete books nightly --dry-run", "checkpoint delete books nightly --yes");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    String wanted = NameArgument.require(session, target, name);
    try (SlabIndex index = target.open()) {
      IndexCheckpoints checkpoints = new IndexCheckpoints(index);
      List<String> names =
          checkpoints.having(
              namespace.namespace == null ? index.allNamespaces() : List.of(namespace.name()),
              wanted);
      String what = "checkpoint " + wanted + " of " + Human.plural(names.size(), "namespace");
      if (!consent.dryRun()) {
        session.confirm("This releases the " + what + ". Go ahead?", consent);
        checkpoints.delete(names, wanted);
      }
      session.output().begin(LISTING);
      names.forEach(
          each -> session.output().row(new Doc().put("namespace", each).put("name", wanted)));
      session.output().end(new Doc().put("dryRun", consent.dryRun()));
      session.say((consent.dryRun() ? "dry run: would release the " : "released the ") + what);
    }
    return ExitCode.OK;
  }
}
