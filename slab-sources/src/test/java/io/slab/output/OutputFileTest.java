package io.slab.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where output goes that a user named: replaced files, and everything that is no file. */
class OutputFileTest {
  @TempDir Path folder;

  private static void write(Path named, String text) throws IOException {
    try (OutputFile file = OutputFile.open(named)) {
      file.stream().write(text.getBytes(StandardCharsets.UTF_8));
      file.commit();
    }
  }

  private static void grow(Path named, String text) throws IOException {
    try (GrowingFile file = GrowingFile.open(named)) {
      file.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aNewFileHasTheModeOfAnyNewFile() throws IOException {
    Path plain = Files.createFile(folder.resolve("plain"));
    write(folder.resolve("new"), "text");
    grow(folder.resolve("grown"), "text");
    assertEquals(mode(plain), mode(folder.resolve("new")));
    assertEquals(mode(plain), mode(folder.resolve("grown")));
    assertEquals(List.of("grown", "new", "plain"), names(folder));
  }

  @Test
  void aReplacedFileKeepsItsMode() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    for (String mode : List.of("rw-------", "rw-rw-rw-", "rwxr-x---", "r--r--r--")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      write(file, mode);
      assertEquals(mode, mode(file));
      assertEquals(mode, Files.readString(file));
    }
  }

  @Test
  void whatIsNotCommittedChangesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    try (OutputFile out = OutputFile.open(file)) {
      out.stream().write(new byte[100_000]);
      assertEquals("old", Files.readString(file));
      assertEquals(100_000, out.bytes());
    }
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("file"), names(folder));
  }

  @Test
  void aLinkStaysALinkAndItsFileIsReplaced() throws IOException {
    Path there = Files.createDirectories(folder.resolve("there"));
    Path real = Files.writeString(there.resolve("real"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("there/real"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), link);
    Object before = Files.getAttribute(real, "unix:ino");
    write(second, "new");
    assertTrue(Files.isSymbolicLink(second) && Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(real));
    assertFalse(before.equals(Files.getAttribute(real, "unix:ino")), "overwritten in place");
    assertEquals(List.of("real"), names(there));
  }

  @Test
  void aDanglingLinkGetsItsTarget() throws IOException {
    Path there = Files.createDirectories(folder.resolve("there"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), there.resolve("not-yet"));
    write(link, "new");
    assertEquals("new", Files.readString(there.resolve("not-yet")));
    assertTrue(Files.isSymbolicLink(link));
    Path other = Files.createSymbolicLink(folder.resolve("other"), there.resolve("nor-this"));
    grow(other, "grown");
    assertEquals("grown", Files.readString(there.resolve("nor-this")));
  }

  @Test
  void linksInACircleAreAnError() throws IOException {
    Path a = Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
    StoreException e = assertThrows(StoreException.class, () -> OutputFile.open(a));
    assertTrue(e.getMessage().contains("symbolic links"), e.getMessage());
  }

  @Test
  void aFolderIsRefused() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    for (Path named :
        List.of(folder, link, folder.resolve("."), folder.resolve(".."), Path.of("/"))) {
      for (int i = 0; i < 2; i++) {
        boolean grows = i == 1;
        InvalidInputException e =
            assertThrows(
                InvalidInputException.class,
                () -> {
                  if (grows) {
                    GrowingFile.open(named).close();
                  } else {
                    OutputFile.open(named).close();
                  }
                });
        assertTrue(e.getMessage().contains("it is a folder"), e.getMessage());
      }
    }
  }

  @Test
  void aMissingFolderIsNamed() {
    StoreException e =
        assertThrows(StoreException.class, () -> OutputFile.open(folder.resolve("not/there")));
    assertTrue(e.getMessage().contains("there is no such folder"), e.getMessage());
  }

  @Test
  void anAddressIsNoFile() {
    for (String named :
        List.of(
            "s3://bucket/x", "S3://b/x", "s3a://b/x", "gs://b/x", "file:///tmp/x", "http://h/x")) {
      assertThrows(InvalidInputException.class, () -> OutputFile.open(Path.of(named)), named);
      assertThrows(InvalidInputException.class, () -> GrowingFile.open(Path.of(named)), named);
    }
    assertFalse(OutputPlace.of(folder.resolve("a:b")).streams());
  }

  @Test
  void aPipeIsWrittenIntoAndStaysAPipe() throws Exception {
    writesIntoAPipe();
  }

  private void writesIntoAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path link = Files.createSymbolicLink(folder.resolve("link"), pipe);
    Path got = folder.resolve("got");
    for (Path named : List.of(pipe, link)) {
      Process cat = new ProcessBuilder("cat", pipe.toString()).redirectOutput(got.toFile()).start();
      write(named, "through");
      assertTrue(cat.waitFor(20, TimeUnit.SECONDS));
      assertEquals("through", Files.readString(got));
      cat = new ProcessBuilder("cat", pipe.toString()).redirectOutput(got.toFile()).start();
      grow(named, "grown");
      assertTrue(cat.waitFor(20, TimeUnit.SECONDS));
      assertEquals("grown", Files.readString(got));
      assertTrue(Files.readAttributes(pipe, BasicFileAttributes.class).isOther());
    }
    assertEquals(List.of("got", "link", "pipe"), names(folder));
  }

  @Test
  void aDeviceIsWrittenInto() throws Exception {
    // First with what may be lost: root could replace the device of the whole machine.
    writesIntoAPipe();
    Files.delete(folder.resolve("link"));
    Path device = Path.of("/dev/full");
    if (!Files.exists(device)) {
      System.out.println("not tested: this system has no /dev/full");
      return;
    }
    Path link = Files.createSymbolicLink(folder.resolve("link"), device);
    for (Path named : List.of(device, link)) {
      IOException e = assertThrows(IOException.class, () -> write(named, "text"));
      assertTrue(e.getMessage().contains("No space left"), e.getMessage());
      assertThrows(IOException.class, () -> grow(named, "text"));
      assertTrue(Files.readAttributes(device, BasicFileAttributes.class).isOther());
    }
    assertTrue(Files.isSymbolicLink(link));
    write(Path.of("/dev/null"), "text");
    assertTrue(
        Files.readAttributes(
                Path.of("/dev/null"), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther());
  }

  @Test
  void theFileOfAnotherProcessIsWrittenOn() throws Exception {
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      System.out.println("not tested: this system has no /proc");
      return;
    }
    Path log = Files.writeString(folder.resolve("log"), "before\n");
    Process other =
        new ProcessBuilder("sleep", "60")
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      Path named = Path.of("/proc/" + other.pid() + "/fd/1");
      Object inode = Files.getAttribute(log, "unix:ino");
      write(named, "first\n");
      grow(named, "second\n");
      assertEquals("before\nfirst\nsecond\n", Files.readString(log));
      assertEquals(inode, Files.getAttribute(log, "unix:ino"));
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aDescriptorThatIsNotOpenIsAnError() {
    if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
      System.out.println("not tested: this system has no /proc");
      return;
    }
    StoreException e =
        assertThrows(StoreException.class, () -> OutputFile.open(Path.of("/dev/fd/987654")));
    assertTrue(e.getMessage().contains("no such descriptor"), e.getMessage());
  }

  @Test
  void aGrowingFileKeepsWhatItIsTold() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "12345");
    assertEquals(5, GrowingFile.length(file));
    try (GrowingFile out = GrowingFile.open(file, 3)) {
      out.write("abc".getBytes(StandardCharsets.UTF_8));
    }
    assertEquals("123abc", Files.readString(file));
    grow(file, "x");
    assertEquals("x", Files.readString(file));
    assertEquals(0, GrowingFile.length(folder.resolve("none")));
  }
}
