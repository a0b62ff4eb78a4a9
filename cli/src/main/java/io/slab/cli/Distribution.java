package io.slab.cli;

import io.slab.model.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The last step of a build: a folder that runs from anywhere with launcher, jars, completions and
 * manual pages, and the same as an archive. {@code Distribution ROOT TARGET}.
 */
public final class Distribution {
  private Distribution() {}

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Path folder = target.resolve("slab-" + Version.NUMBER);
    delete(folder);
    copy(root.resolve("slab"), folder.resolve("slab"));
    copyInto(target.resolve("slab-cli-" + Version.NUMBER + ".jar"), folder.resolve("lib"));
    copyAll(target.resolve("lib"), folder.resolve("lib"));
    copyAll(root.resolve("cli/src/launcher"), folder.resolve("lib/launcher"));
    copyAll(root.resolve("completion"), folder.resolve("completion"));
    for (String sample : List.of("facts.jsonl", "queries.jsonl")) {
      copyInto(root.resolve("samples").resolve(sample), folder.resolve("samples"));
    }
    for (String text : List.of("README.md", "CHANGELOG.md", "LICENSE", "NOTICE")) {
      copyInto(root.resolve(text), folder);
    }
    Path manuals = Files.createDirectories(folder.resolve("man/man1"));
    for (Map.Entry<String, String> page : ManPages.all().entrySet()) {
      Files.writeString(manuals.resolve(page.getKey()), page.getValue(), StandardCharsets.UTF_8);
    }
    TarGz.pack(folder, target.resolve("slab-" + Version.NUMBER + ".tar.gz"));
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void copyAll(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path path : walk.filter(Files::isRegularFile).toList()) {
        copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static void copyInto(Path from, Path folder) throws IOException {
    copy(from, folder.resolve(from.getFileName().toString()));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
  }
}
