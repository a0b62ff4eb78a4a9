package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.cli.usage.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option that names a file for output keeps the rule of where it may write. */
class OutputPlacesIT {
  private static final String OUT = "OUT";

  @TempDir Path folder;

  private final Shell shell = new Shell();
  private Path index;
  private Path records;
  private Path slab;

  @BeforeEach
  void makeIndex() throws IOException {
    index = folder.resolve("index");
    records = folder.resolve("records.jsonl");
    Files.writeString(
        records, "{\"id\":\"a\",\"values\":[1,2]}\n{\"id\":\"b\",\"values\":[2,1]}\n");
    Files.writeString(folder.resolve("bad.jsonl"), "{\"id\":\"\",\"values\":[1,2]}\n");
    shell.ok("create", index, "-d", 2);
    shell.ok("ingest", index, records, "--flush");
    try (Stream<Path> files = Files.list(index.resolve("ns/__default__/slabs"))) {
      slab = files.findFirst().orElseThrow();
    }
  }

  /** Commands that write to the file OUT, with something that stands in what they write. */
  private Map<List<Object>, String> doors() {
    Map<List<Object>, String> doors = new LinkedHashMap<>();
    doors.put(List.of("list", index, "--out", OUT), "b");
    doors.put(List.of("stats", index, "--json", "--out", OUT), "{");
    doors.put(List.of("completion", "bash", "--out", OUT), "complete");
    doors.put(List.of("estimate", "--print-prices", "--out", OUT), "{");
    doors.put(List.of("inspect", slab, "--html", OUT), "<html");
    doors.put(List.of("export", index, "--format", "jsonl", "--out", OUT), "\"b\"");
    doors.put(
        List.of(
            "migrate-from-pod-export",
            records,
            folder.resolve("m"),
            "--metric",
            "cosine",
            "--dry-run",
            "--report",
            OUT),
        "{");
    doors.put(
        List.of(
            "migrate-from-pod-export",
            records,
            folder.resolve("m"),
            "--metric",
            "cosine",
            "--dry-run",
            "--page",
            OUT),
        "<html");
    doors.put(
        List.of(
            "migrate-from-pod-export",
            folder.resolve("bad.jsonl"),
            folder.resolve("m"),
            "--metric",
            "cosine",
            "--dry-run",
            "--on-error",
            "skip",
            "--rejects",
            OUT),
        "reason");
    doors.put(
        List.of(
            "ingest", index, folder.resolve("bad.jsonl"), "--on-error", "skip", "--rejects", OUT),
        "reason");
    doors.put(List.of("shell", index), "b");
    return doors;
  }

  /** Runs a door with its output going to a file; the shell is told by its commands. */
  private Shell.Result run(List<Object> door, Path out) {
    if (door.getFirst().equals("shell")) {
      Shell other = new Shell();
      return other.input(".bail on\n.output " + out + "\nlist\n.output\n").run(door.toArray());
    }
    return shell.run(door.stream().map(word -> word.equals(OUT) ? out : word).toArray());
  }

  private static boolean succeeded(Shell.Result result) {
    return result.code() == 0 || result.code() == ExitCode.PARTIAL.code();
  }

  @Test
  void aLinkStaysAndItsFileIsReplacedWithItsMode() throws IOException {
    for (Map.Entry<List<Object>, String> door : doors().entrySet()) {
      Path real = folder.resolve("real.out");
      Path link = folder.resolve("link.out");
      Files.deleteIfExists(link);
      Files.writeString(real, "old");
      Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw----"));
      Files.createSymbolicLink(link, real);
      Shell.Result result = run(door.getKey(), link);
      assertTrue(succeeded(result), door + "\n" + result.err());
      assertTrue(Files.isSymbolicLink(link), door.toString());
      assertTrue(Files.readString(real).contains(door.getValue()), door.toString());
      assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(real)));
      requireNoTemporary();
    }
  }

  @Test
  void aNewFileHasTheModeOfAnyNewFile() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    for (List<Object> door : doors().keySet()) {
      Path out = folder.resolve("new.out");
      Files.deleteIfExists(out);
      Shell.Result result = run(door, out);
      assertTrue(succeeded(result), door + "\n" + result.err());
      assertEquals(
          Files.getPosixFilePermissions(plain),
          Files.getPosixFilePermissions(out),
          door.toString());
    }
  }

  @Test
  void aFolderOrAnAddressIsAUsageErrorAndNothingIsDone() throws IOException {
    Path there = Files.createDirectories(folder.resolve("there.jsonl"));
    Files.createFile(there.resolve("file"));
    for (List<Object> door : doors().keySet()) {
      for (Path out : List.of(there, Path.of("s3://bucket/x.jsonl"), Path.of("gs://b/x.jsonl"))) {
        Shell.Result result = run(door, out);
        boolean full = door.getFirst().equals("export") && out.equals(there);
        assertEquals(full ? 4 : 2, result.code(), door + "\n" + result.err());
      }
    }
    assertFalse(Files.exists(folder.resolve("m")));
    requireNoTemporary();
  }

  @Test
  void aResultThatCannotBeWrittenStopsAVerbBeforeItsWork() throws IOException {
    Path made = folder.resolve("made");
    assertEquals(2, shell.run("create", made, "-d", 2, "--out", folder).code());
    assertFalse(Files.exists(made));
  }

  @Test
  void aPipeIsWrittenInto() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path got = folder.resolve("got");
    List<Map.Entry<List<Object>, String>> doors = new ArrayList<>(doors().entrySet());
    doors.add(Map.entry(List.of("export", index, "--format", "parquet", "--out", OUT), "PAR1"));
    doors.add(Map.entry(List.of("export", index, "--out", OUT), "\"b\""));
    for (Map.Entry<List<Object>, String> door : doors) {
      Process cat = new ProcessBuilder("cat", pipe.toString()).redirectOutput(got.toFile()).start();
      Shell.Result result = run(door.getKey(), pipe);
      assertTrue(succeeded(result), door + "\n" + result.err());
      assertTrue(cat.waitFor(20, TimeUnit.SECONDS), door.toString());
      String text =
          new String(Files.readAllBytes(got), java.nio.charset.StandardCharsets.ISO_8859_1);
      assertTrue(text.contains(door.getValue()), door.toString());
      assertTrue(Files.readAttributes(pipe, BasicFileAttributes.class).isOther());
    }
    requireNoTemporary();
  }

  @Test
  void aDeviceStaysADevice() throws Exception {
    // First with what may be lost: root could replace the device of the whole machine.
    aPipeIsWrittenInto();
    Path device = Path.of("/dev/null");
    for (List<Object> door : doors().keySet()) {
      Shell.Result result = run(door, device);
      assertTrue(succeeded(result), door + "\n" + result.err());
      assertTrue(Files.readAttributes(device, BasicFileAttributes.class).isOther());
    }
    Path full = Path.of("/dev/full");
    if (!Files.exists(full)) {
      System.out.println("not tested: this system has no /dev/full");
      return;
    }
    for (List<Object> door : doors().keySet()) {
      Shell.Result result = run(door, full);
      assertEquals(1, result.code(), door + "\n" + result.err());
      assertTrue(result.err().contains("No space left"), result.err());
      assertTrue(Files.readAttributes(full, BasicFileAttributes.class).isOther());
    }
  }

  @Test
  void aFormatOfSeveralFilesCannotBeStreamed() throws Exception {
    for (String format : List.of("npy", "parquet")) {
      Shell.Result result =
          shell.run("export", index, "--format", format, "--all-namespaces", "--out", "/dev/null");
      assertEquals(2, result.code(), result.err());
      assertTrue(result.err().contains("folder of several files"), result.err());
    }
  }

  @Test
  void aFolderThatIsALinkIsFilledWhereItIs() throws IOException {
    Path real = Files.createDirectories(folder.resolve("disk/real"));
    Path link = Files.createSymbolicLink(folder.resolve("out"), real);
    shell.ok("export", index, "--format", "npy", "--out", link);
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.exists(real.resolve("vectors.npy")));
    Path plain = Files.createDirectory(folder.resolve("plain"));
    shell.ok("export", index, "--format", "npy", "--out", folder.resolve("made"));
    assertEquals(
        Files.getPosixFilePermissions(plain),
        Files.getPosixFilePermissions(folder.resolve("made")));
  }

  /** The redirections of a shell, with more printed before and after into the same file. */
  @Test
  void openFilesAreWrittenOnAndNeverReplaced() throws Exception {
    if (!Files.exists(Path.of("/dev/fd/1"))) {
      System.out.println("not tested: this system has no /dev/fd");
      return;
    }
    for (String name : List.of("/dev/stdout", "/dev/fd/3", "/proc/self/fd/3", "/dev/stderr")) {
      for (String redirection : List.of(">", ">>")) {
        Path log = Files.writeString(folder.resolve("log"), "old\n");
        Object inode = Files.getAttribute(log, "unix:ino");
        int number = name.endsWith("3") ? 3 : name.endsWith("err") ? 2 : 1;
        String slab = quoted(Processes.slab("list", index.toString(), "--quiet", "--out", name));
        bash(
            "{ echo before >&%1$d; %2$s; echo after >&%1$d; } %1$d%3$s %4$s"
                .formatted(number, slab, redirection, log));
        String old = redirection.equals(">") ? "" : "old\n";
        List<String> lines = Files.readAllLines(log);
        assertTrue(Files.readString(log).startsWith(old + "before\n"), lines.toString());
        assertEquals("after", lines.getLast(), name + " " + lines);
        assertTrue(lines.contains("b"), name + " " + lines);
        assertEquals(inode, Files.getAttribute(log, "unix:ino"), name + " " + redirection);
      }
    }
  }

  @Test
  void aProcessSubstitutionGetsTheOutput() throws Exception {
    Path got = folder.resolve("got");
    String slab = quoted(Processes.slab("export", index.toString(), "--quiet", "--out"));
    bash("%s >(cat > %s); sleep 0.5".formatted(slab, got));
    assertTrue(Files.readString(got).contains("\"b\""));
  }

  /** A file that may be written, in a folder that may not: filled in place, at the end. */
  @Test
  void aFileInAFolderThatMayNotBeWritten() throws Exception {
    boolean root = System.getProperty("user.name").equals("root");
    if (root && !Files.isExecutable(Path.of("/usr/bin/setpriv"))) {
      System.out.println("not tested: root may write everywhere, and there is no setpriv");
      return;
    }
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Path file = Files.writeString(locked.resolve("file.jsonl"), "old".repeat(1000));
    Object inode = Files.getAttribute(file, "unix:ino");
    locked.toFile().setWritable(false);
    String as = root ? "setpriv --bounding-set=-dac_override " : "";
    try {
      bash(as + quoted(Processes.slab("list", index.toString(), "--out", file.toString())));
      assertEquals(inode, Files.getAttribute(file, "unix:ino"));
      assertTrue(Files.readString(file).contains("b"));
      assertFalse(Files.readString(file).contains("old"));
      String other = locked.resolve("other").toString();
      bash(
          "! "
              + as
              + quoted(Processes.slab("list", index.toString(), "--out", other))
              + " && test ! -e "
              + other);
    } finally {
      locked.toFile().setWritable(true);
    }
  }

  private static String quoted(List<String> words) {
    return String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
  }

  private void bash(String script) throws Exception {
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder("bash", "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(err.toFile())
            .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), script);
    assertEquals(0, process.exitValue(), script + "\n" + Files.readString(err));
  }

  private void requireNoTemporary() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertFalse(
          files.anyMatch(file -> file.getFileName().toString().startsWith(".slab-")), "left over");
    }
  }
}
