package io.slab.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.Shell;
import io.slab.model.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, in a copy of the repository that has only what the launcher looks at. */
class LauncherIT {
  @TempDir Path folder;

  /** JUnit removes the folder too, but warns of each link out of it. */
  @AfterEach
  void removeLinks() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path link : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private Path home;
  private CheckoutCopy checkout;

  @BeforeEach
  void copy() throws IOException {
    home = folder.resolve("a place with spaces");
    checkout = new CheckoutCopy(home);
  }

  private static void executable(Path file) throws IOException {
    CheckoutCopy.executable(file);
  }

  private Path built() throws IOException {
    return checkout.built();
  }

  private Shell.Result run(Path directory, Map<String, String> env, String... command)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(command))).directory(directory.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SLAB_") || name.equals("JAVA_HOME"));
    builder.environment().putAll(env);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Shell.Result(code, Files.readString(out), Files.readString(err));
  }

  @Test
  void runsFromAnywhereThroughLinksAndSpaces() throws Exception {
    built();
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("direct"), home.resolve("slab"));
    Files.createSymbolicLink(bin.resolve("relative"), Path.of("../a place with spaces/slab"));
    Files.createSymbolicLink(bin.resolve("twice"), Path.of("relative"));
    String version = "slab " + Version.NUMBER + "\n";
    assertTrue(
        run(folder, Map.of(), home.resolve("slab").toString(), "version")
            .out()
            .startsWith(version));
    assertTrue(run(home, Map.of(), "./slab", "version").out().startsWith(version));
    assertTrue(run(bin, Map.of(), "./direct", "version").out().startsWith(version));
    assertTrue(run(bin, Map.of(), "./twice", "version").out().startsWith(version));
    String path = bin + ":" + System.getenv("PATH");
    assertTrue(
        run(folder, Map.of("PATH", path), "sh", "-c", "relative version")
            .out()
            .startsWith(version));
  }

  @Test
  void wordsArriveAsTheyWereTypedInAnyLocale() throws Exception {
    built();
    for (String locale : List.of("C", "POSIX", "C.UTF-8")) {
      Shell.Result result =
          run(
              folder,
              Map.of("LC_ALL", locale),
              home.resolve("slab").toString(),
              "describe",
              "kein Index: größe *");
      assertEquals(3, result.code(), result.err());
      assertTrue(
          result.err().startsWith("error: there is no index at kein Index: größe *\n"),
          result.err());
    }
  }

  /** A table that comes through a pipe is saved for a moment. */
  private void leavesNothing(String slab) throws Exception {
    Path temporary = Files.createDirectories(folder.resolve("temporary"));
    Map<String, String> env =
        Map.of("TMPDIR", temporary.toString(), "SLAB_JAVA_OPTS", "-DZstdNativePath=none");
    String table = "printf 'id,values,n\\nt,\"[1,2]\",7\\n' | \"$0\" ingest i - -q";
    Shell.Result result = run(folder, env, "sh", "-c", table, slab);
    assertEquals(0, result.code(), result.err());
    assertEquals(0, temporary.toFile().list().length);
  }

  @Test
  void longVerbsHaveTheVectorModuleAndWarnOfNothing() throws Exception {
    built();
    String slab = home.resolve("slab").toString();
    Path index = folder.resolve("i");
    Files.writeString(folder.resolve("r.jsonl"), "{\"id\":\"a\",\"values\":[1,2]}\n");
    assertEquals(0, run(folder, Map.of(), slab, "create", "i", "-d", "2").code());
    Shell.Result ingest = run(folder, Map.of(), slab, "ingest", "i", "r.jsonl", "--flush", "-q");
    assertEquals("", ingest.err());
    assertEquals(0, ingest.code());
    leavesNothing(slab);
    String query = "{\"id\":\"q\",\"vector\":[1,2]}\n";
    Files.writeString(folder.resolve("q.jsonl"), query.repeat(17));
    Files.writeString(folder.resolve("few.jsonl"), query.repeat(16));
    for (String kernel : new String[] {"vector q.jsonl", "scalar few.jsonl"}) {
      String[] words = kernel.split(" ");
      Shell.Result batch =
          run(folder, Map.of(), slab, "query", "i", "--queries", words[1], "-j", "--profile-query");
      assertEquals("", batch.err());
      assertTrue(batch.out().contains("\"kernel\":\"" + words[0] + "\""), batch.out());
    }
    Shell.Result exact =
        run(
            folder,
            Map.of(),
            slab,
            "query",
            "i",
            "--queries=few.jsonl",
            "--exact",
            "-j",
            "--profile-query");
    assertTrue(exact.out().contains("\"kernel\":\"vector\""), exact.out());
    Shell.Result single =
        run(folder, Map.of(), slab, "query", "i", "-v", "[1,2]", "-j", "--profile-query");
    assertEquals("", single.err());
    assertTrue(single.out().contains("\"kernel\":\"scalar\""), single.out());
    assertTrue(Files.exists(index));
  }

  @Test
  void aReaderThatStopsReadingIsNoError() throws Exception {
    built();
    String command =
        "'" + home.resolve("slab") + "' help exit-codes | head -n 1; exit ${PIPESTATUS[0]}";
    Shell.Result result = run(folder, Map.of(), "bash", "-c", command);
    assertEquals(0, result.code());
    assertEquals("", result.err());
  }

  /** A Maven that only notes which JDK it was given, and "builds" a jar. */
  private Path fakeTools() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("tools"));
    Files.writeString(
        bin.resolve("mvn"),
        """
        #!/bin/sh
        echo "$JAVA_HOME" > "%s"
        exit 1
        """
            .formatted(folder.resolve("jdk-of-maven")));
    executable(bin.resolve("mvn"));
    return bin;
  }

  /** A JDK by its looks. */
  private Path fakeJdk(String name, String version) throws IOException {
    Path jdk = folder.resolve("jdks").resolve(name);
    Files.createDirectories(jdk.resolve("bin"));
    for (String tool : List.of("java", "javac")) {
      Files.writeString(jdk.resolve("bin").resolve(tool), "#!/bin/sh\nexit 1\n");
      executable(jdk.resolve("bin").resolve(tool));
    }
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  @Test
  void jarsOfALaterBuildAreNotIgnored() throws Exception {
    built();
    Path right = fakeJdk("b-25", "25.0.3");
    Map<String, String> env =
        Map.of("JAVA_HOME", right.toString(), "PATH", fakeTools() + ":/usr/bin:/bin");
    String slab = home.resolve("slab").toString();
    assertEquals(0, run(folder, env, slab, "version").code());
    Path jar = Files.createDirectories(home.resolve("cli/target/lib")).resolve("slab-format-x.jar");
    Files.writeString(jar, "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(5)));
    Shell.Result result = run(folder, env, slab, "version");
    assertEquals(1, result.code());
    assertTrue(
        result.err().startsWith("slab: no build here yet, or an older one: Maven builds it (about"),
        result.err());
    assertEquals(right + "\n", Files.readString(folder.resolve("jdk-of-maven")));
  }

  @Test
  void variablesOfTheUserDoNotShineThrough() throws Exception {
    built();
    Map<String, String> env = new HashMap<>();
    for (String name :
        List.of(
            "aot",
            "aot_s3",
            "zstd",
            "s3",
            "java",
            "classpath",
            "made_for",
            "home",
            "file",
            "serve",
            "serve_start")) {
      env.put(name, "wrong");
    }
    Shell.Result result = run(folder, env, home.resolve("slab").toString(), "version");
    assertEquals("", result.err());
    assertTrue(result.out().startsWith("slab " + Version.NUMBER), result.out());
  }

  @Test
  void aServerStartsFromACacheOfItsOwnThatIsTriedOnce() throws Exception {
    Path made = built();
    String slab = home.resolve("slab").toString();
    Path log = made.resolve("start/serve.log");
    assertEquals(0, run(folder, Map.of(), slab, "version").code());
    assertEquals(0, run(folder, Map.of(), slab, "serve", "--help").code());
    assertFalse(Files.exists(log), "another command waits for what only a server needs");
    // The class path of a test run has folders, with which Java makes no cache.
    Map<String, String> strange = Map.of("SLAB_JAVA_HOME", fakeJdk("e-25", "25.0.1").toString());
    assertTrue(run(folder, strange, slab, "serve", "nothing").code() != 0);
    assertFalse(Files.exists(log), "made with another Java than the one that it is for");
    Files.writeString(log, "tried");
    Shell.Result missing = run(folder, Map.of(), slab, "serve", "nothing");
    assertTrue(missing.err().contains("there is no folder nothing"), missing.err());
    assertEquals("tried", Files.readString(log));
  }

  @Test
  void whatStartsArePreparedWithMayLieElsewhere() throws Exception {
    Path made = built();
    Path elsewhere = folder.resolve("else where");
    Files.move(made.resolve("start"), elsewhere);
    Map<String, String> env = Map.of("SLAB_START_DIR", elsewhere.toString());
    Shell.Result version = run(folder, env, home.resolve("slab").toString(), "version");
    assertEquals("", version.err());
    assertTrue(version.out().startsWith("slab " + Version.NUMBER), version.out());
    assertFalse(Files.exists(made.resolve("start")), "made again in its usual place");
  }

  @Test
  void anImageBringsItsOwnJava() throws Exception {
    Path jre = built().resolve("jre");
    Files.createSymbolicLink(jre, Path.of(System.getProperty("java.home")));
    Map<String, String> env =
        Map.of("JAVA_HOME", fakeJdk("c-25", "25.0.1").toString(), "SLAB_JDK_DIRS", "/nowhere");
    String script = ". ./lib/launcher/jdk.sh; home=.; find_jdk jre; echo $found";
    assertEquals("./jre\n", run(jre.getParent(), env, "sh", "-c", script).out());
    Map<String, String> own = Map.of("SLAB_JAVA_HOME", fakeJdk("d-25", "25.0.2").toString());
    assertTrue(run(jre.getParent(), own, "sh", "-c", script).out().endsWith("/d-25\n"));
  }

  @Test
  void anOlderDefaultJdkDoesNotMatter() throws Exception {
    Path old = fakeJdk("a-17", "17.0.15");
    Path right = fakeJdk("b 25", "25.0.3");
    fakeJdk("c-26", "26");
    Map<String, String> env =
        Map.of(
            "JAVA_HOME", old.toString(),
            "PATH", old.resolve("bin") + ":" + fakeTools() + ":/usr/bin:/bin",
            "SLAB_JDK_DIRS", folder.resolve("nothing") + ":" + folder.resolve("jdks"));
    Shell.Result result = run(folder, env, home.resolve("slab").toString(), "version");
    assertEquals(1, result.code());
    assertEquals(right + "\n", Files.readString(folder.resolve("jdk-of-maven")));
    assertTrue(result.err().contains("error: the build failed\n"), result.err());
    assertFalse(Files.exists(home.resolve("cli/target/build.lock")));
  }

  @Test
  void aNewerJdkServesWhereThereIsNo25OrWhereItIsAskedFor() throws Exception {
    Path made = built();
    fakeJdk("a-24", "24.0.2");
    Path newer = fakeJdk("c-27", "27-ea");
    String script = ". ./lib/launcher/jdk.sh; home=.; find_jdk jre && echo $found";
    Map<String, String> env =
        Map.of(
            "JAVA_HOME",
            "/nowhere",
            "PATH",
            fakeTools() + ":/usr/bin:/bin",
            "SLAB_JDK_DIRS",
            folder.resolve("jdks").toString());
    assertEquals(newer + "\n", run(made, env, "sh", "-c", script).out());
    Path right = fakeJdk("d-25", "25");
    assertEquals(right + "\n", run(made, env, "sh", "-c", script).out());
    Map<String, String> asked = new HashMap<>(env);
    asked.put("SLAB_JAVA_HOME", newer.toString());
    assertEquals(newer + "\n", run(made, asked, "sh", "-c", script).out());
  }

  @Test
  void withoutAJdk25ItSaysSoInOneLine() throws Exception {
    Path old = fakeJdk("a-17", "17.0.15");
    Map<String, String> env =
        Map.of(
            "JAVA_HOME", old.toString(),
            "PATH", old.resolve("bin") + ":" + fakeTools() + ":/usr/bin:/bin",
            "SLAB_JDK_DIRS", folder.resolve("jdks").toString());
    Shell.Result result = run(folder, env, home.resolve("slab").toString(), "version");
    assertEquals(1, result.code());
    assertEquals(
        "error: slab needs a JDK 25 or newer and none was found",
        result.err().lines().findFirst().orElseThrow());
    assertEquals("", result.out());
  }

  @Test
  void withoutMavenItSaysSoInOneLine() throws Exception {
    Path right = fakeJdk("b-25", "25");
    Path bin = Files.createDirectories(folder.resolve("few"));
    for (String tool : List.of("sh", "readlink", "mkdir", "sed", "rm", "uname")) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of("/bin").resolve(tool));
    }
    Map<String, String> env = Map.of("JAVA_HOME", right.toString(), "PATH", bin.toString());
    Shell.Result result = run(folder, env, "/bin/sh", home.resolve("slab").toString(), "version");
    assertEquals(1, result.code());
    assertEquals(
        "error: slab has to be built first and Maven (mvn) was not found\n  hint: install Maven 3.8 or newer\n",
        result.err());
  }
}
