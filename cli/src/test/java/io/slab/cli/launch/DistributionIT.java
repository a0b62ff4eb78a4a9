package io.slab.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.Processes;
import io.slab.cli.ProgramVerbs;
import io.slab.cli.help.ManPages;
import io.slab.cli.verb.VerbName;
import io.slab.model.Version;
import io.slab.testkit.LongTest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a build packs: manual pages, the archive, and the launcher in a folder without sources. */
class DistributionIT {
  @TempDir Path folder;

  private record Run(int code, String out) {}

  private Run run(Map<String, String> env, String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().putAll(env);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes());
    return new Run(process.waitFor(), out);
  }

  @Test
  void everyVerbHasAManualPageThatIsInOrder() throws Exception {
    Map<String, String> pages = ManPages.all(new ProgramVerbs());
    assertEquals(VerbName.values().length + 1, pages.size());
    boolean mandoc = Files.isExecutable(Path.of("/usr/bin/mandoc"));
    if (!mandoc) {
      System.out.println("mandoc is not installed: manual pages are not checked by it");
    }
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Path file = folder.resolve(page.getKey());
      Files.writeString(file, page.getValue());
      if (mandoc) {
        Run lint = run(Map.of(), "/usr/bin/mandoc", "-T", "lint", "-W", "warning", file.toString());
        assertEquals("", lint.out());
      }
    }
    assertTrue(pages.get("slab-query.1").contains("\\-\\-top\\-k"), pages.get("slab-query.1"));
  }

  @Test
  void theArchiveIsReadByTar() throws Exception {
    Path packed = Files.createDirectories(folder.resolve("p-1/sub"));
    Files.writeString(packed.resolve("file"), "text");
    Path program = folder.resolve("p-1/program");
    Files.writeString(program, "#!/bin/sh\necho runs\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    TarGz.pack(folder.resolve("p-1"), folder.resolve("a.tar.gz"));
    Files.createDirectories(folder.resolve("out"));
    assertEquals(new Run(0, ""), run(Map.of(), "tar", "-C", "out", "-xzf", "a.tar.gz"));
    assertEquals(new Run(0, "runs\n"), run(Map.of(), "out/p-1/program"));
    assertEquals("text", Files.readString(folder.resolve("out/p-1/sub/file")));
  }

  /** A jar that stands for all of them. */
  private static void jar(Path file) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Stream.of(Processes.classPath().split(":"))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
    try (OutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      out.flush();
    }
  }

  private Path unpacked() throws IOException {
    Path home = Files.createDirectories(folder.resolve("un packed/slab-x"));
    Path launcher = Path.of(System.getProperty("slab.root"), "cli/src/launcher");
    Files.copy(launcher.resolve("slab"), home.resolve("slab"));
    Files.setPosixFilePermissions(
        home.resolve("slab"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Path parts = Files.createDirectories(home.resolve("lib/launcher"));
    for (String part : Distribution.LAUNCHER) {
      Files.copy(launcher.resolve(part), parts.resolve(part));
    }
    Files.writeString(parts.resolve("flags.sh"), LaunchConfig.shell());
    jar(home.resolve("lib/all.jar"));
    return home;
  }

  @Test
  void runsUnpackedAnywhereWithoutHomeAndUnprepared() throws Exception {
    Path home = unpacked();
    // Another process is preparing it: a command that comes meanwhile starts without.
    Files.createDirectories(home.resolve("start.lock"));
    Map<String, String> env = Map.of("SLAB_JAVA_HOME", System.getProperty("java.home"));
    Run version = run(env, home.resolve("slab").toString(), "version");
    assertTrue(version.out().startsWith("slab " + Version.NUMBER + "\n"), version.out());
    Run missing = run(env, "un packed/slab-x/slab", "describe", "nothing");
    assertEquals(3, missing.code());
    assertTrue(missing.out().startsWith("error: there is no index at nothing\n"), missing.out());
    assertFalse(Files.exists(home.resolve("start")));
  }

  /** What a build has of it, {@code .ci/run} tries with the distribution itself. */
  @LongTest
  @Test
  void preparesItselfOnceUnderAllItsNames() throws Exception {
    Path home = unpacked();
    Path lock = Files.createDirectories(home.resolve("start.lock"));
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(3600)));
    Map<String, String> env = Map.of("SLAB_JAVA_HOME", System.getProperty("java.home"));
    Run version = run(env, home.resolve("slab").toString(), "version");
    assertTrue(version.out().startsWith("slab " + Version.NUMBER + "\n"), version.out());
    assertFalse(Files.exists(lock), "a lock that a killed command left");
    Path settings = home.resolve("start/launch.sh");
    assertTrue(Files.readString(settings).contains("\nmade_for='" + home + "'\n"));
    assertTrue(Files.size(home.resolve("start/slab.aot")) > 0);
    FileTime made = Files.getLastModifiedTime(settings);
    Files.createSymbolicLink(folder.resolve("linked"), home);
    for (String name : List.of("linked/slab", "un packed/../un packed/slab-x/slab")) {
      assertEquals(version, run(env, folder.resolve(name).toString(), "version"));
      assertEquals(made, Files.getLastModifiedTime(settings), name);
    }
    // With this option Java refuses to start where it has no cache, or one that does not suit.
    Map<String, String> strict = Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on");
    for (String verb : List.of("version", "ingest")) {
      Run prepared = run(strict, home.resolve("slab").toString(), verb, "--help");
      assertEquals(0, prepared.code(), prepared.out());
    }
    Path root = Files.createDirectory(folder.resolve("root"));
    String[] serve = {"serve", root.toString(), "--check", "--port", "0", "--index-ports", "0-0"};
    for (Map<String, String> env2 : List.of(env, strict)) {
      List<String> command = new ArrayList<>(List.of(home.resolve("slab").toString()));
      command.addAll(List.of(serve));
      Run served = run(env2, command.toArray(String[]::new));
      assertEquals(0, served.code(), served.out());
    }
    assertTrue(Files.size(home.resolve("start").resolve(PrepareServe.FILE)) > 0);
    // The user's own options may be such as the cache was not made for, of which Java must not
    // speak.
    Map<String, String> own = Map.of("SLAB_JAVA_OPTS", "-XX:-UseCompressedOops");
    Run without = run(own, home.resolve("slab").toString(), "ingest", "--help");
    assertEquals(0, without.code(), without.out());
    assertTrue(without.out().startsWith("slab ingest - "), without.out());
  }
}
