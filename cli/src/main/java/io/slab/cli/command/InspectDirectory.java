package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.cli.output.Output;
import io.slab.cli.output.OutputFormat;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Session;
import io.slab.error.ShellWord;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.store.FileKind;
import io.slab.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** An index as it lies there: its files, and what its manifests make of them. */
final class InspectDirectory {
  private static final Listing LISTING =
      new Listing(
          "files",
          "file",
          List.of(Column.text("file"), Column.number("bytes"), Column.text("modified")));

  private final Session session;
  private final Place root;
  private final Output output;
  private long count;
  private long bytes;

  InspectDirectory(Session session, Place root) {
    this.session = session;
    this.root = root;
    this.output = session.output();
  }

  /**
   * Shows one view.
   *
   * @param what its name, or null for the files with all that fits beside them
   */
  ExitCode run(String what) {
    switch (what == null ? "" : what) {
      case "" -> overview();
      case "files" -> files(new Doc());
      case "levels" -> manifests().levels(session, ShellWord.of(root.toString()));
      case "slabs" -> {
        manifests().beginSlabs(output);
        output.end(new Doc());
      }
      case "namespaces" -> {
        manifests().beginNamespaces(output);
        output.end(new Doc());
      }
      default ->
          throw new UsageException(
              "--what " + what + " looks at files and " + root + " is a directory",
              "of an index: files, levels, slabs or namespaces; else name one of its files");
    }
    return ExitCode.OK;
  }

  private boolean isIndex() {
    return root.isIndex();
  }

  private InspectManifests manifests() {
    if (!isIndex()) {
      throw new UsageException(root + " is not an index: it has no index.json", null);
    }
    return InspectManifests.read(root.store());
  }

  private void overview() {
    InspectManifests manifests = isIndex() ? readable() : null;
    if (manifests == null) {
      files(new Doc());
      return;
    }
    // Separated values have room for one table: the one that has always been there.
    if (output.format() == OutputFormat.TABLE && session.fields().isEmpty()) {
      output.textPart(manifests.levelsText(session, ShellWord.of(root.toString())));
      manifests.beginNamespaces(output);
      output.endPart();
      manifests.beginSlabs(output);
      output.endPart();
    }
    files(new Doc().put("namespaces", manifests.doc()));
  }

  /** The manifests, or null: this verb is for damaged indexes too, and files can be listed. */
  private InspectManifests readable() {
    try {
      return InspectManifests.read(root.store());
    } catch (SlabException e) {
      session.console().warn("the manifests cannot be read: " + e.getMessage());
      return null;
    }
  }

  private void files(Doc summary) {
    output.begin(LISTING);
    if (root.isLocal()) {
      walk(root.path());
    } else {
      ObjectStore store = root.store();
      walk(store, "");
    }
    output.end(new Doc().put("count", count).put("bytes", bytes).putAll(summary));
    session.say(
        Human.plural(count, "file")
            + ", "
            + Human.bytes(bytes)
            + "; look into one with slab inspect "
            + ShellWord.of(root + "/FILE"));
  }

  private void walk(Path top) {
    try (Stream<Path> walk = Files.walk(top, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : (Iterable<Path>) walk.filter(FileKind::isFile).sorted()::iterator) {
        file(
            top.relativize(file).toString(),
            Files.size(file),
            Files.getLastModifiedTime(file).toMillis());
      }
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED, "cannot list " + root + ": " + e.getMessage(), null, e);
    }
  }

  private void walk(ObjectStore store, String folder) {
    store.list(folder, null).forEach(o -> file(o.name(), o.size(), o.modifiedMillis()));
    store.listFolders(folder).forEach(name -> walk(store, folder + name + "/"));
  }

  private void file(String name, long size, long modifiedMillis) {
    output.row(
        new Doc()
            .put("file", name)
            .put("bytes", size)
            .put("modified", Instant.ofEpochMilli(modifiedMillis).toString()));
    bytes += size;
    count++;
  }
}
