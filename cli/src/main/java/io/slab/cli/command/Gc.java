package io.slab.cli.command;

import io.slab.cli.input.Quantity;
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
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.gc.GcRequest;
import io.slab.gc.GcResult;
import io.slab.gc.UnfinishedCopy;
import io.slab.index.RemovalRequest;
import io.slab.index.SlabIndex;
import io.slab.manifest.Settings.State;
import io.slab.store.ObjectStore;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab gc}. */
@Command
public final class Gc extends Verb {
  /** Below this a reader at work may well hold what would go. */
  private static final long CAREFUL_MILLIS = 3_600_000;

  private static final String DROPPED = "the index was dropped";

  private static final Listing LISTING =
      new Listing(
          "deleted",
          "object",
          List.of(
              Column.text("object"),
              Column.number("ageSeconds"),
              Column.number("bytes"),
              Column.text("reason")));

  @Mixin Target target = new Target();
  @Mixin NamespaceOption namespace = new NamespaceOption();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = "--min-age",
      paramLabel = "TIME",
      description = "keep what is younger; ${DEFAULT-VALUE} by default")
  String minAge = "24h";

  @Option(
      names = "--keep-manifests",
      paramLabel = "N",
      description = "keep the last N states readable; ${DEFAULT-VALUE} by default")
  int keepManifests = 1;

  @Option(names = "--max-deletes", paramLabel = "N", description = "stop after N objects")
  int maxDeletes = Integer.MAX_VALUE;

  private long removed;
  private long bytes;
  private long failed;

  @Override
  public String about() {
    return "Removes files that no state in use needs: flushed log objects, compacted slabs, old manifests, what "
        + "interrupted writes left. Without --namespace in all namespaces, dropped ones included. Of an index that was "
        + "dropped longer ago than --min-age it deletes everything. Log objects and manifests stay for an hour in any "
        + "case. Where a file that should be there is missing it "
        + "removes nothing.";
  }

  @Override
  public List<String> examples() {
    return List.of("gc books --dry-run", "gc books --min-age 2h");
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
    long age = Quantity.millis("--min-age", minAge);
    if (keepManifests < 1 || maxDeletes < 0) {
      throw new UsageException(
          "--keep-manifests and --max-deletes count objects", "give 1 or more");
    }
    if (age < CAREFUL_MILLIS && !consent.dryRun()) {
      session.confirm(
          "--min-age "
              + minAge
              + " may make commands fail that are at work on this index; nothing is lost. Go ahead?",
          consent);
    }
    SlabException damage = null;
    try (SlabIndex index = target.openAnyway()) {
      session.output().begin(LISTING);
      if (index.lifecycle().state() == State.LIVE) {
        damage = collect(session, index, age);
      } else {
        removeDropped(session, index, age);
      }
      session
          .output()
          .end(new Doc().put("count", removed).put("bytes", bytes).put("failed", failed));
    } catch (NotFoundException e) {
      endCopy(session, age, e);
    }
    return said(session, damage);
  }

  /** Where there is no index yet, an interrupted copy may have left something. */
  private void endCopy(Session session, long age, NotFoundException none) {
    try (ObjectStore store = target.store()) {
      UnfinishedCopy copy = new UnfinishedCopy(store);
      if (namespace.namespace != null || !copy.isThere()) {
        throw none;
      }
      GcResult result = copy.run(new GcRequest(age, keepManifests, maxDeletes, consent.dryRun()));
      session.output().begin(LISTING);
      take(session, result);
      session
          .output()
          .end(new Doc().put("count", removed).put("bytes", bytes).put("failed", failed));
      session.say(
          "there is no index at "
              + target.text()
              + " yet: a copy to it was interrupted, and goes on when it is started again"
              + (result.kept() == 0
                  ? ""
                  : "; " + result.kept() + " younger than " + minAge + " stay"));
    }
  }

  private void take(Session session, GcResult result) {
    result.removed().forEach(item -> session.output().row(row(item)));
    result.failed().forEach(i -> session.say("could not remove " + i.name() + ": " + i.reason()));
    removed += result.removed().size();
    bytes += result.bytes();
    failed += result.failed().size();
  }

  private ExitCode said(Session session, SlabException damage) {
    String what = Human.plural(removed, "object") + " (" + Human.bytes(bytes) + ")";
    session.say(
        (consent.dryRun() ? "dry run: would remove " : "removed ")
            + what
            + (failed == 0 ? "" : "; " + failed + " could not be removed, run gc again"));
    if (damage != null) {
      throw damage;
    }
    return failed == 0 ? ExitCode.OK : ExitCode.PARTIAL;
  }

  /**
   * Collects namespace by namespace; where one is damaged nothing is removed, and the others go on.
   */
  private SlabException collect(Session session, SlabIndex index, long age) {
    SlabException first = null;
    List<String> names =
        namespace.namespace == null ? index.allNamespaces() : List.of(namespace.name());
    for (String name : names) {
      int most = (int) Math.max(0, maxDeletes - removed);
      GcResult result;
      try {
        result =
            index.collector(name).run(new GcRequest(age, keepManifests, most, consent.dryRun()));
      } catch (DataException e) {
        first = first == null ? e : first;
        session.say(
            "namespace " + name + " is damaged, so nothing of it is removed: " + e.getMessage());
        continue;
      }
      take(session, result);
    }
    return first;
  }

  /** Deletes an index that was dropped long enough ago, or goes on with that. */
  private void removeDropped(Session session, SlabIndex index, long age) {
    if (namespace.namespace != null) {
      throw new ConflictException(
          "the index at " + target.text() + " was dropped", "run gc without --namespace");
    }
    long since = index.lifecycle().settingsAgeMillis();
    if (index.lifecycle().state() == State.DROPPED && since < age) {
      if (!consent.dryRun()) {
        index.lifecycle().finishDrop();
      }
      session.say(
          "the index was dropped "
              + Human.millis(since)
              + " ago; its files stay until that is "
              + minAge
              + ", and slab drop "
              + target.word()
              + " --undo brings it back");
      return;
    }
    if (consent.dryRun()) {
      session.say("dry run: would delete the whole index, which was dropped");
      return;
    }
    long now = index.store().now();
    boolean all =
        index
            .lifecycle()
            .remove(
                new RemovalRequest(false, age, maxDeletes),
                object -> {
                  removed++;
                  bytes += object.size();
                  long old = now - object.modifiedMillis();
                  session
                      .output()
                      .row(row(new GcResult.Item(object.name(), object.size(), old, DROPPED)));
                });
    if (!all) {
      session.say("stopped after " + maxDeletes + "; run gc again");
    }
    if (all && target.local()) {
      Drop.removeEmptyFolders(Path.of(target.text()));
    }
  }

  private static Doc row(GcResult.Item item) {
    return new Doc()
        .put("object", item.name())
        .put("ageSeconds", item.ageMillis() / 1000)
        .put("bytes", item.bytes())
        .put("reason", item.reason());
  }
}
