package io.slab.cli.command;

import io.slab.cli.ConsentOptions;
import io.slab.cli.ExitCode;
import io.slab.cli.Session;
import io.slab.cli.Verb;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.error.ConflictException;
import io.slab.index.SlabIndex;
import io.slab.io.ShellWord;
import io.slab.lsm.Snapshot;
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

  @Override
  public String about() {
    return "Deletes the index with everything in it; there is no way back. Refused while deletion protection is enabled."
        + " Two small files of each namespace stay, by which a writer that is still open finds out; remove the folder"
        + " once there is none.";
  }

  @Override
  public List<String> examples() {
    return List.of("drop books --dry-run", "drop books --confirm books");
  }

  @Override
  public List<ExitCode> exits() {
    return List.of(
        ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE, ExitCode.NOT_FOUND, ExitCode.PRECONDITION);
  }

  @Override
  public ExitCode run(Session session) {
    try (SlabIndex index = target.open()) {
      String name = index.spec().name();
      refuseProtected(index, target.text());
      long records = count(index);
      Doc doc =
          new Doc()
              .put("name", name)
              .put("namespaces", index.namespaces().size())
              .put("records", records);
      if (consent.dryRun()) {
        session.output().document(doc.put("dropped", false));
        session.say("dry run: would delete " + name + " with " + Human.plural(records, "record"));
        return ExitCode.OK;
      }
      session.confirmByName(
          "This deletes the index " + name + " with " + Human.plural(records, "record") + ".",
          name,
          confirm,
          consent);
      index.drop();
      if (target.local()) {
        removeEmptyFolders(Path.of(target.text()));
      }
      session.output().document(doc.put("dropped", true));
      session.say("dropped " + name + " with " + Human.plural(records, "record"));
    }
    return ExitCode.OK;
  }

  /** A store has no folders, a disk has: whatever else lies in them keeps them. */
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

  static long count(SlabIndex index) {
    long records = 0;
    for (String namespace : index.namespaces()) {
      try (Snapshot snapshot = index.snapshot(namespace)) {
        records += snapshot.count();
      }
    }
    return records;
  }
}
