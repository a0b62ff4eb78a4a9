package io.slab.cli.command;

import io.slab.check.CheckLevel;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.ShellWord;
import io.slab.index.IndexCheckpoints;
import io.slab.index.SlabIndex;
import io.slab.namespace.AsOf;
import io.slab.namespace.Moment;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code slab restore}. */
@Command
public final class Restore extends Verb {
  private static final Listing LISTING =
      new Listing(
          "namespaces",
          "namespace",
          List.of(
              Column.text("namespace"),
              Column.text("from"),
              Column.number("records"),
              Column.number("recordsBefore"),
              Column.text("manifest"),
              Column.text("undo")));

  @Mixin Target target = new Target();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STATE",
      description = "a checkpoint, or another state (see `slab help states`)")
  String name;

  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = "--all-namespaces",
      description = "every namespace that has the checkpoint, deleted ones among them")
  boolean all;

  @Option(
      names = "--verify",
      description = "read every byte of the slabs that come back before anything is changed")
  boolean verify;

  /** One namespace and what would become of it; before is null where damage hides it. */
  private record Plan(String namespace, Moment moment, long records, Long before) {}

  @Override
  public String about() {
    return "Brings the state of a checkpoint, manifest, LSN or time back (see `slab help states`): what was written since"
        + " is replaced, at once for every reader. The state of before is kept as any other, and the output says what"
        + " undoes the restore. Also brings back what delete --all deleted, as long as gc keeps it.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "restore books nightly --dry-run",
        "restore books nightly --yes",
        "restore books manifest:1 --namespace __default__ --yes");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    AsOf asOf = AsOf.parse(NameArgument.require(session, target, name));
    if (all && (namespace.namespace != null || asOf.kind() != AsOf.Kind.CHECKPOINT)) {
      throw new UsageException(
          "--all-namespaces restores a checkpoint, and --namespace excludes it", null);
    }
    try (SlabIndex index = target.open()) {
      List<Plan> plans = plans(index, asOf);
      if (!consent.dryRun()) {
        session.confirm(question(plans), consent);
      }
      session.output().begin(LISTING);
      for (Plan plan : plans) {
        session.output().row(consent.dryRun() ? row(plan) : restored(index, plan));
      }
      session.output().end(new Doc().put("state", asOf.text()).put("dryRun", consent.dryRun()));
      session.say(
          (consent.dryRun() ? "dry run: would restore " : "restored ")
              + Human.plural(plans.size(), "namespace")
              + " as of "
              + asOf.text()
              + (consent.dryRun() ? "" : "; next: slab log " + target.word()));
    }
    return ExitCode.OK;
  }

  /** Finds everything before anything is changed. */
  private List<Plan> plans(SlabIndex index, AsOf asOf) {
    List<String> names =
        all
            ? new IndexCheckpoints(index).having(index.allNamespaces(), asOf.name())
            : List.of(namespace.name());
    List<Plan> plans = new ArrayList<>();
    for (String each : names) {
      Moment moment = index.past(each).find(asOf);
      try (Snapshot snapshot = index.past(each).snapshot(moment)) {
        if (!snapshot.exists()) {
          throw new ConflictException(
              "the namespace '" + each + "' did not exist at that moment",
              "name another state, or delete the namespace");
        }
        plans.add(new Plan(each, moment, snapshot.count(), before(index, each)));
      }
    }
    return plans;
  }

  private static Long before(SlabIndex index, String namespace) {
    try (Snapshot snapshot = index.snapshot(namespace)) {
      return snapshot.count();
    } catch (DataException e) {
      return null;
    }
  }

  private static String question(List<Plan> plans) {
    Plan first = plans.getFirst();
    String before =
        first.before() == null ? "what is left" : Human.plural(first.before(), "record");
    String more = plans.size() == 1 ? "" : ", and " + (plans.size() - 1) + " more namespaces";
    return "This replaces "
        + before
        + " of the namespace "
        + first.namespace()
        + " by the "
        + Human.plural(first.records(), "record")
        + " of then"
        + more
        + ". Go ahead?";
  }

  private static Doc row(Plan plan) {
    return new Doc()
        .put("namespace", plan.namespace())
        .put("from", Long.toString(plan.moment().manifest().id()))
        .put("lsn", Long.toString(plan.moment().lsn()))
        .put("records", plan.records())
        .put("recordsBefore", plan.before())
        .put("manifest", null)
        .put("undo", null);
  }

  private Doc restored(SlabIndex index, Plan plan) {
    io.slab.writer.Restore.Result result =
        index
            .restore(plan.namespace())
            .run(plan.moment(), verify ? CheckLevel.CHECKSUMS : CheckLevel.QUICK);
    String undo =
        "slab restore "
            + target.word()
            + " lsn:"
            + result.replacedLsn()
            + " --namespace "
            + ShellWord.of(plan.namespace());
    return row(plan).put("manifest", Long.toString(result.manifest())).put("undo", undo);
  }
}
