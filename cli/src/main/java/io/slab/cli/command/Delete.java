package io.slab.cli.command;

import io.slab.cli.input.IdInput;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.InvalidInputException;
import io.slab.error.ShellWord;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.WriteOp;
import io.slab.model.Limits;
import io.slab.query.SnapshotSource;
import io.slab.snapshot.LiveIds;
import io.slab.snapshot.Snapshot;
import io.slab.writer.Commit;
import io.slab.writer.NamespaceWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab delete}. */
@Command
public final class Delete extends Verb {
  /** What to do, and how many live records it meets now. */
  private record Plan(List<WriteOp> ops, long matched, List<String> missing) {
    Plan(List<WriteOp> ops, long matched) {
      this(ops, matched, List.of());
    }
  }

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin FilterOption filter = new FilterOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = {"--ids", "--id"},
      paramLabel = "A,B",
      description = "ids A,B, a JSON array, @FILE, or - for stdin; repeatable")
  List<String> ids;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "records whose id begins with this")
  String prefix;

  @Option(
      names = {"--all", "--all-vectors"},
      description = "every record of the namespace")
  boolean all;

  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      description = "with --all-vectors: the namespace, instead of typing it")
  String confirm;

  @Override
  public String about() {
    return "Deletes records. Ids that do not exist are no error. By prefix or filter it shows the count and asks.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "delete books --ids book-dune,book-emma",
        "delete books --filter '{\"checked\":false}' --dry-run");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    long ways =
        Stream.of(ids != null, prefix != null, filter.given(), all).filter(way -> way).count();
    if (ways != 1) {
      throw new UsageException("give one of --ids, --prefix, --filter and --all-vectors", null);
    }
    try (SlabIndex index = target.open()) {
      namespace.require(index);
      Plan plan;
      try (Snapshot snapshot = index.snapshot(namespace.name())) {
        plan = plan(session, index, snapshot);
        if (plan.matched() == 0) {
          namespace.tellOthers(session, index, snapshot);
        }
      }
      return finish(session, index, plan);
    }
  }

  private Plan plan(Session session, SlabIndex index, Snapshot snapshot) {
    if (ids != null) {
      LinkedHashSet<String> wanted =
          new LinkedHashSet<>(IdInput.parse("--ids", session.input(), ids));
      List<String> known = wanted.stream().filter(id -> snapshot.find(id) != null).toList();
      wanted.removeAll(known);
      return new Plan(
          known.stream().map(id -> (WriteOp) new WriteOp.DeleteId(id)).toList(),
          known.size(),
          List.copyOf(wanted));
    }
    if (prefix != null) {
      if (prefix.isEmpty()) {
        throw new UsageException(
            "an empty --prefix would delete everything", "use --all-vectors for that");
      }
      WriteOp op = new WriteOp.DeleteByPrefix(prefix);
      new BatchCheck(index.spec()).require(op);
      LiveIds live = new LiveIds(snapshot, prefix, null, session.cancellation());
      long matched = 0;
      while (live.next() != null) {
        matched++;
      }
      return new Plan(List.of(op), matched);
    }
    if (all) {
      return new Plan(List.of(new WriteOp.DeleteAll()), snapshot.count());
    }
    Filter matching = filter.parse(session, index.spec());
    refuseAll(matching, "delete");
    WriteOp op = new WriteOp.DeleteByFilter(matching.toJson());
    new BatchCheck(index.spec()).require(op);
    FilterAdvice.warn(session, matching, snapshot);
    return new Plan(List.of(op), SnapshotSource.count(snapshot, matching));
  }

  /** An empty filter is more often a slip in a script than the wish to meet everything. */
  static void refuseAll(Filter filter, String verb) {
    if (filter instanceof Filter.All) {
      throw new InvalidInputException(
          "an empty filter would " + verb + " every record",
          verb.equals("delete")
              ? "use --all-vectors for that"
              : "use {\"field\": {\"$exists\": true}}");
    }
  }

  private ExitCode finish(Session session, SlabIndex index, Plan plan) {
    String what = Human.plural(plan.matched(), "record");
    if (!plan.missing().isEmpty()) {
      session.say("not found: " + String.join(", ", plan.missing()));
    }
    if (consent.dryRun()) {
      session.output().document(doc(plan, 0, null));
      session.say("dry run: would delete " + what + " of " + namespace.name());
      return ExitCode.OK;
    }
    if (plan.matched() == 0) {
      session.output().document(doc(plan, 0, null));
      session.say("nothing matches, nothing was deleted");
      return ExitCode.OK;
    }
    ask(session, what);
    Commit last = null;
    try (NamespaceWriter writer = index.writer(namespace.name())) {
      for (int at = 0; at < plan.ops().size(); at += Limits.MAX_BATCH_RECORDS) {
        int end = Math.min(plan.ops().size(), at + Limits.MAX_BATCH_RECORDS);
        last = writer.append(plan.ops().subList(at, end));
      }
    }
    session.output().document(doc(plan, plan.matched(), Long.toString(last.lastLsn())));
    session.say("deleted " + what + " of " + namespace.name() + "; " + next(last));
    return ExitCode.OK;
  }

  /** Ids that were not there are named where ids were given. */
  private Doc doc(Plan plan, long deleted, String lsn) {
    Doc doc =
        new Doc().put("matchedCount", plan.matched()).put("deletedCount", deleted).put("lsn", lsn);
    return plan.missing().isEmpty() ? doc : doc.put("missing", plan.missing());
  }

  /** What deletes everything can be undone until gc takes the state of before. */
  private String next(Commit last) {
    return all
        ? "to undo this while gc keeps the state: slab restore "
            + target.word()
            + " lsn:"
            + (last.firstLsn() - 1)
            + " --namespace "
            + ShellWord.of(namespace.name())
        : "next: slab stats " + target.word();
  }

  private void ask(Session session, String what) {
    if (all) {
      session.confirmByName(
          "This deletes all " + what + " of the namespace " + namespace.name() + ".",
          namespace.name(),
          confirm,
          consent);
    } else if (ids == null) {
      session.confirm("This deletes " + what + ". Go ahead?", consent);
    }
  }
}
