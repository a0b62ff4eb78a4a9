package io.slab.cli.command;

import io.slab.cli.output.Doc;
import io.slab.cli.usage.ExitCode;
import io.slab.cli.verb.Session;
import io.slab.cli.verb.Verb;
import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/**
 * {@code slab prepare}: says what the launcher made just before it started this verb. Making it is
 * the launcher's work, since Java cannot write the cache that it starts from.
 */
@Command
public final class PrepareStart extends Verb {
  @Override
  public String about() {
    return "Makes what quick starts need, as the first command on a machine would: for images of containers and shared machines. SLAB_START_DIR names"
        + " the folder for it, where it shall not lie with the program or in the user's cache.";
  }

  @Override
  public List<String> examples() {
    return List.of("prepare", "prepare --json");
  }

  /** No data are touched. */
  @Override
  public List<ExitCode> exits() {
    return List.of(ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE);
  }

  @Override
  public ExitCode run(Session session) throws IOException {
    String start = session.console().env().getOrDefault("SLAB_START", "");
    if (start.isEmpty()) {
      throw new StoreException(
          StoreException.Kind.FAILED,
          "starts are not prepared",
          "run slab itself, where it may write into its own folder, into the user's cache or into"
              + " SLAB_START_DIR; a file .log beside that folder has the reason",
          null);
    }
    Path folder = Path.of(start);
    List<String> caches = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, Long> file : files(folder).entrySet()) {
      bytes += file.getValue();
      if (file.getKey().endsWith(".aot")) {
        caches.add(file.getKey());
      }
    }
    session
        .output()
        .document(
            new Doc()
                .put("folder", start)
                .put("java", System.getProperty("java.home"))
                .put("caches", caches)
                .put("bytes", bytes));
    return ExitCode.OK;
  }

  private static Map<String, Long> files(Path folder) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          sizes.put(file.getFileName().toString(), Files.size(file));
        }
      }
    }
    return sizes;
  }
}
