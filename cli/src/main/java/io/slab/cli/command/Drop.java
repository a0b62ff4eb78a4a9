package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.ConsentOptions;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.ShellWord;
import io.slab.index.RemovalRequest;
import io.slab.index.SlabIndex;
import io.slab.manifest.Settings.State;
import io.slab.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code slab drop}. */
@Command
public final class Drop extends Verb {
  @Mixin Target target = new Target();
  @Mixin ConsentOptions consent = new ConsentOptions();

  @Option(
      names = "--confirm",
      paramLabel = "NAME",
      description = "name of the index, instead of typing it when asked")
  String confirm;

  @Option(names = "--undo", description = "bring a dropped index back, until gc deletes its files")
  boolean undo;

  @Option(names = "--now", description = "delete the files at once, also of one dropped before")
  boolean now;

  @Override
  public String about() {
    return "Ends the index for every reader and writer. Its files stay until gc finds it dropped for a day (--min-age);"
        + " up to then --undo brings all of it back. --now deletes them at once, and goes on with a deletion that was"
        + " interrupted. Refused while deletion protection is enabled. A few small files stay, by which a writer that is"
        + " still open finds out; remove the folder once there is none.";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "drop books --dry-run",
        "drop books --confirm books",
        "drop books --undo",
        "drop books --now --confirm books");
  }

  @Override
  public boolean commits() {
    return true;
  }

  @Override
  public ExitCode run(Session session) {
    if (undo && now) {
      throw new UsageException("--undo and --now exclude each other", null);
    }
    try (SlabIndex index = target.openAnyway()) {
      if (undo) {
        return undo(session, index);
      }
      String name = index.spec().name();
      State state = index.lifecycle().state();
      if (state == State.LIVE) {
        refuseProtected(index, target.text());
      }
      Long records = state == State.LIVE ? count(session, index) : null;
      int namespaces =
          records == null ? index.lifecycle().namespaceFolders() : index.namespaces().size();
      Doc doc = new Doc().put("name", name).put("namespaces", namespaces).put("records", records);
      String what = records == null ? name : name + " with " + Human.plural(records, "record");
      if (consent.dryRun()) {
        session.output().document(doc.put("dropped", false).put("state", state.label()));
        session.say("dry run: would " + (now ? "delete " : "drop ") + what);
        return ExitCode.OK;
      }
      if (state == State.LIVE || now) {
        String question = now ? "This deletes the index " : "This drops the index ";
        session.confirmByName(question + what + ".", name, confirm, consent);
      }
      if (now) {
        remove(session, index, doc, what);
      } else {
        drop(session, index, doc, what);
      }
    }
    return ExitCode.OK;
  }

  private ExitCode undo(Session session, SlabIndex index) {
    if (!consent.dryRun()) {
      index.lifecycle().undoDrop();
    }
    String name = index.spec().name();
    Doc doc = new Doc().put("name", name).put("namespaces", index.lifecycle().namespaceFolders());
    session
        .output()
        .document(
            doc.put("records", null)
                .put("dropped", false)
                .put("state", index.lifecycle().state().label()));
    session.say((consent.dryRun() ? "dry run: would bring back " : "brought back ") + name);
    return ExitCode.OK;
  }

  private void drop(Session session, SlabIndex index, Doc doc, String what) {
    State before = index.lifecycle().state();
    if (before != State.REMOVING) {
      index.lifecycle().drop();
    }
    State state = index.lifecycle().state();
    session.output().document(doc.put("dropped", true).put("state", state.label()));
    session.say(
        (before == State.LIVE ? "dropped " : "dropped before: ")
            + what
            + (state == State.REMOVING
                ? "; its files are being deleted, slab drop " + target.word() + " --now goes on"
                : "; until gc deletes the files, slab drop "
                    + target.word()
                    + " --undo brings it back"));
  }

  private void remove(Session session, SlabIndex index, Doc doc, String what) {
    long[] deleted = new long[2];
    index
        .lifecycle()
        .remove(
            RemovalRequest.NOW,
            object -> {
              deleted[0]++;
              deleted[1] += object.size();
            });
    if (target.local()) {
      removeEmptyFolders(Path.of(target.text()));
    }
    session.output().document(doc.put("dropped", true).put("state", "removed"));
    session.say(
        "deleted "
            + what
            + ": "
            + Human.plural(deleted[0], "object")
            + " ("
            + Human.bytes(deleted[1])
            + ")");
  }

  /** A store has no folders, a disk has: other files in them keep them. */
  static void removeEmptyFolders(Path root) {
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path folder :
          walk.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .sorted(Comparator.reverseOrder())
              .toList()) {
        // Fails, as it should, for a folder that is not empty. A link to one would be removed.
        folder.toFile().delete();
      }
    } catch (IOException e) {
      // The index is gone; folders that cannot be removed are no failure of that.
      return;
    }
  }

  static void refuseProtected(SlabIndex index, String target) {
    if (index.deletionProtected()) {
      throw new ConflictException(
          "deletion protection is enabled for " + index.spec().name(),
          "switch it off with `slab configure "
              + ShellWord.of(target)
              + " --deletion-protection disabled`");
    }
  }

  /** How many records there are; null where damage hides it, which is no reason to keep them. */
  private static Long count(Session session, SlabIndex index) {
    long records = 0;
    try {
      for (String namespace : index.namespaces()) {
        try (Snapshot snapshot = index.snapshot(namespace)) {
          records += snapshot.count();
        }
      }
      return records;
    } catch (DataException e) {
      session.console().warn("the records cannot be counted: " + e.getMessage());
      return null;
    }
  }
}
