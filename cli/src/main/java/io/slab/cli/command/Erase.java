package io.slab.cli.command;

import io.slab.cli.input.IdInput;
import io.slab.cli.input.Quantity;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Seldom;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.erase.EraseRequest;
import io.slab.erase.EraseResult;
import io.slab.erase.EraseResult.Left;
import io.slab.erase.EraseResult.Until;
import io.slab.erase.Erasure;
import io.slab.filter.Filter;
import io.slab.index.SlabIndex;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab erase}. */
@Command
public final class Erase extends Verb {
  private static final Listing LISTING =
      new Listing(
          "left",
          "object",
          List.of(
              Column.text("object"),
              Column.text("reason"),
              Column.text("until"),
              Column.text("gone")));

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin FilterOption filter = new FilterOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = {"--ids", "--id"},
      paramLabel = "A,B",
      description = "ids A,B, a JSON array, @FILE, or - for stdin")
  String ids;

  @Option(
      names = "--min-age",
      paramLabel = "TIME",
      description = "keep what readers may hold for so long; ${DEFAULT-VALUE} by default")
  String minAge = "24h";

  @Seldom
  @Option(
      names = "--release-checkpoints",
      description = "delete the checkpoints that hold such a record")
  boolean releaseCheckpoints;

  @Seldom
  @Option(
      names = "--drop-quarantine",
      description = "delete what repairs kept of damaged objects of the namespace")
  boolean dropQuarantine;

  /** Text on stdin is read once. */
  private List<String> chosen;

  private Filter parsed;

  @Override
  public String about() {
    return "Deletes records so that nothing of them is left: rewrites the slabs that hold something of them, ends the log"
        + " behind them, removes what is old enough, also old versions on S3, and what the local cache has. Lists what"
        + " still holds something and when it may go: the same command then removes that. Ids of records deleted before"
        + " count too. Copies of the index, exports and the caches of other machines are not its business.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "erase books --ids book-dune,book-emma --dry-run",
        "erase books --filter '{\"checked\":false}' --min-age 1h --yes");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  protected List<ExitCode> moreExits() {
    return List.of(ExitCode.PARTIAL);
  }

  @Override
  public ExitCode run(Session session) {
    if (filter.given() == (ids != null)) {
      throw new UsageException("give one of --ids and --filter", null);
    }
    long age = Quantity.millis("--min-age", minAge);
    try (SlabIndex index = target.open()) {
      namespace.require(index);
      Erasure erasure = index.erasure(namespace.name());
      EraseResult result = erasure.run(request(session, index, age, true), session.cancellation());
      if (!consent.dryRun()) {
        session.confirm(question(result), consent);
        result =
            index
                .erasure(namespace.name())
                .run(request(session, index, age, false), session.cancellation());
      }
      print(session, result);
      return result.finished() || consent.dryRun() ? ExitCode.OK : ExitCode.PARTIAL;
    }
  }

  private EraseRequest request(Session session, SlabIndex index, long age, boolean preview) {
    if (chosen == null) {
      chosen = ids == null ? List.of() : IdInput.parse("--ids", session.input().text("--ids", ids));
    }
    if (parsed == null) {
      parsed = filter.parse(session, index.spec());
    }
    return new EraseRequest(chosen, parsed, age, releaseCheckpoints, dropQuarantine, preview);
  }

  private String question(EraseResult seen) {
    return "This erases "
        + Human.plural(seen.records(), "record")
        + " of "
        + namespace.name()
        + " for good, and what is left of "
        + Human.plural(seen.ids(), "id")
        + "; no restore brings them back. It rewrites "
        + Human.plural(seen.slabs(), "slab")
        + ". Go ahead?";
  }

  private void print(Session session, EraseResult result) {
    session.output().begin(LISTING);
    result.left().forEach(left -> session.output().row(row(left)));
    session
        .output()
        .end(
            new Doc()
                .put("records", result.records())
                .put("ids", result.ids())
                .put("slabs", result.slabs())
                .put("removed", result.removed())
                .put("versions", result.versions())
                .put("released", result.released())
                .put("finished", result.finished())
                .put("next", time(result.nextMillis()))
                .put("dryRun", consent.dryRun()));
    if (consent.dryRun()) {
      session.say(
          "dry run: would erase "
              + Human.plural(result.records(), "record")
              + " and rewrite "
              + Human.plural(result.slabs(), "slab"));
      return;
    }
    session.say(
        "erased "
            + Human.plural(result.records(), "record")
            + (result.finished()
                ? "; nothing of them is left in this namespace"
                : "; "
                    + Human.plural(result.left().size(), "object")
                    + " may still hold something"));
    next(session, result);
  }

  private void next(Session session, EraseResult result) {
    if (result.nextMillis() >= 0) {
      session.say("next: the same command again, at " + time(result.nextMillis()) + " or later");
    }
    if (has(result, Until.CHECKPOINT)) {
      session.say("a checkpoint holds some: --release-checkpoints deletes it");
    }
    if (has(result, Until.QUARANTINE)) {
      session.say("the quarantine of a repair may hold some: --drop-quarantine deletes it");
    }
  }

  private static boolean has(EraseResult result, Until until) {
    return result.left().stream().anyMatch(left -> left.until() == until);
  }

  private static Doc row(Left left) {
    return new Doc()
        .put("object", left.object())
        .put("reason", left.reason())
        .put("until", left.until().name().toLowerCase(Locale.ROOT))
        .put("gone", time(left.goneMillis()));
  }

  /** Null where there is none. */
  private static String time(long millis) {
    return millis < 0 ? null : CheckpointDocs.time(millis);
  }
}
