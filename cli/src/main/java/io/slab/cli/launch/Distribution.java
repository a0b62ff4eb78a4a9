package io.slab.cli.launch;

import io.slab.cli.ProgramVerbs;
import io.slab.cli.help.ManPages;
import io.slab.model.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
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
  /** The parts of the launcher besides {@code slab} itself and what is generated. */
  static final List<String> LAUNCHER =
      List.of("run.sh", "batch.sh", "prepare.sh", "serve.sh", "jdk.sh");

  private Distribution() {}

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Path folder = target.resolve("slab-" + Version.NUMBER);
    deleteOthers(target);
    Path launcher = root.resolve("cli/src/launcher");
    copy(launcher.resolve("slab"), folder.resolve("slab"));
    copyInto(target.resolve("slab-cli-" + Version.NUMBER + ".jar"), folder.resolve("lib"));
    copyAll(target.resolve("lib"), folder.resolve("lib"));
    for (String part : LAUNCHER) {
      copyInto(launcher.resolve(part), folder.resolve("lib/launcher"));
    }
    copyAll(root.resolve("completion"), folder.resolve("completion"));
    for (String sample : List.of("facts.jsonl", "queries.jsonl")) {
      copyInto(root.resolve("samples").resolve(sample), folder.resolve("samples"));
    }
    for (String text : List.of("README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE", "NOTICE")) {
      copyInto(root.resolve(text), folder);
    }
    copyAll(root.resolve("docs"), folder.resolve("docs"));
    copyInto(root.resolve("spec/slab.magic"), folder.resolve("share"));
    Files.writeString(
        folder.resolve("share/slab.cdx.json"), SoftwareBill.of(folder.resolve("lib")));
    Path manuals = Files.createDirectories(folder.resolve("man/man1"));
    for (Map.Entry<String, String> page : ManPages.all(new ProgramVerbs()).entrySet()) {
      Files.writeString(manuals.resolve(page.getKey()), page.getValue(), StandardCharsets.UTF_8);
    }
    // Last: the launcher of a checkout takes its age for that of the folder.
    Files.writeString(folder.resolve("lib/launcher/flags.sh"), LaunchConfig.shell());
    TarGz.pack(folder, target.resolve("slab-" + Version.NUMBER + ".tar.gz"));
  }

  /** Removes this folder, and those that a build of another version left. */
  private static void deleteOthers(Path target) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(target, "slab-*")) {
      for (Path folder : folders) {
        if (Files.exists(folder.resolve("lib/launcher"))) {
          AotCache.delete(folder);
        }
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
