package io.slab.cli.launch;

import io.slab.cli.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A copy of the repository that has only what the launcher looks at. */
final class CheckoutCopy {
  private final Path home;

  CheckoutCopy(Path home) throws IOException {
    this.home = Files.createDirectories(home);
    Path root = Path.of(System.getProperty("slab.root"));
    Files.copy(root.resolve("slab"), home.resolve("slab"));
    executable(home.resolve("slab"));
    Path launcher = Files.createDirectories(home.resolve("cli/src/launcher"));
    for (String part : Distribution.LAUNCHER) {
      Files.copy(root.resolve("cli/src/launcher").resolve(part), launcher.resolve(part));
    }
  }

  static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** As after a build: the classes of this test run stand in for the jars. */
  Path built() throws IOException {
    Path made = home.resolve("cli/target/slab-x");
    Path launcher = Files.createDirectories(made.resolve("lib/launcher"));
    for (String part : Distribution.LAUNCHER) {
      Files.copy(home.resolve("cli/src/launcher").resolve(part), launcher.resolve(part));
    }
    Files.writeString(launcher.resolve("flags.sh"), LaunchConfig.shell());
    new StartSettings()
        .with("made_for", made)
        .with("java", Processes.java())
        .with("classpath", Processes.classPath())
        .with("s3", null)
        .with("zstd", null)
        .with("aot", null)
        .with("aot_s3", null)
        .write(Files.createDirectories(made.resolve("start")));
    return made;
  }
}
