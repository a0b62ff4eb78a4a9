package io.slab.cli.command;

import io.slab.cli.ExitCode;
import io.slab.cli.Session;
import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Human;
import io.slab.cli.output.Listing;
import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The files of an index, as they lie there. */
final class InspectDirectory {
  private static final Listing LISTING =
      new Listing(
          "files",
          "file",
          List.of(Column.text("file"), Column.number("bytes"), Column.text("modified")));

  private final Session session;
  private final Path root;

  InspectDirectory(Session session, Path root) {
    this.session = session;
    this.root = root;
  }

  ExitCode run() {
    long bytes = 0;
    long count = 0;
    session.output().begin(LISTING);
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile).sorted()::iterator) {
        long size = Files.size(file);
        session
            .output()
            .row(
                new Doc()
                    .put("file", root.relativize(file).toString())
                    .put("bytes", size)
                    .put(
                        "modified",
                        Instant.ofEpochMilli(Files.getLastModifiedTime(file).toMillis())
                            .toString()));
        bytes += size;
        count++;
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED, "cannot list " + root + ": " + e.getMessage(), null, e);
    }
    session.output().end(new Doc().put("count", count).put("bytes", bytes));
    session.say(
        Human.plural(count, "file")
            + ", "
            + Human.bytes(bytes)
            + "; look into one with slab inspect "
            + root
            + "/FILE");
    return ExitCode.OK;
  }
}
