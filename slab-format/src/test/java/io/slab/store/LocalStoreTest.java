package io.slab.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import io.slab.model.Utf8;
import io.slab.testkit.StoreContract;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  protected ObjectStore store() {
    return new LocalStore(folder.resolve("some/new root"));
  }

  @Test
  void temporaryFilesAreNeitherListedNorLeftBehind() throws IOException {
    LocalStore store = new LocalStore(folder);
    Files.writeString(folder.resolve(".tmp-left-by-a-crash"), "half");
    store.create("x", new byte[3]);
    store.create("x", new byte[3]);
    try (ObjectUpload upload = store.upload("y")) {
      upload.write(MemorySegment.ofArray(new byte[1 << 20]));
    }
    assertEquals(List.of("x"), store.list("", null).stream().map(ObjectInfo::name).toList());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          new TreeSet<>(Set.of(".tmp-left-by-a-crash", "x")),
          new TreeSet<>(files.map(p -> p.getFileName().toString()).toList()));
    }
  }

  @Test
  void aMappingThatWasClosedFailsSafely() {
    LocalStore store = new LocalStore(folder);
    store.create("x", new byte[100]);
    ByteSource source = store.open("x");
    MemorySegment segment = source.read(0, 100);
    source.close();
    source.close();
    assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void aFileOver2GiBIsOneSegment() throws IOException {
    Path big = folder.resolve("big");
    long length = (1L << 31) + 4097;
    try (var channel =
        java.nio.channels.FileChannel.open(
            big,
            java.nio.file.StandardOpenOption.CREATE_NEW,
            java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {7}), length - 1);
    }
    try (ByteSource source = new LocalStore(folder).open("big")) {
      assertEquals(length, source.length());
      assertEquals(7, source.read(0, length).get(ValueLayout.JAVA_BYTE, length - 1));
      assertEquals(7, source.read(length - 1, 1).get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void aFileWhereAFolderShouldBeIsAStoreError() throws IOException {
    Files.writeString(folder.resolve("f"), "text");
    LocalStore store = new LocalStore(folder);
    assertThrows(StoreException.class, () -> store.create("f/x", new byte[1]));
  }

  @Test
  void lackOfSpaceAndPermissionAreRecognisable() {
    StoreException full =
        StoreErrors.of(
            "write",
            "x",
            new java.nio.file.FileSystemException("x", null, "No space left on device"));
    assertEquals(StoreException.Kind.FULL, full.kind());
    assertTrue(full.hint().contains("free some space"));
    assertTrue(
        StoreErrors.of("write", "x", new IOException("No space left on device"))
            .getMessage()
            .endsWith("No space left on device"));
    StoreException denied =
        StoreErrors.of("write", "x", new java.nio.file.AccessDeniedException("x"));
    assertEquals(StoreException.Kind.DENIED, denied.kind());
    assertTrue(denied.hint().contains("permissions"));
  }

  /** What a second process does: tries every name and prints those it got. */
  static final class Racer {
    private Racer() {}

    public static void main(String[] args) {
      LocalStore store = new LocalStore(Path.of(args[0]));
      int names = Integer.parseInt(args[2]);
      StringBuilder won = new StringBuilder();
      for (int i = 0; i < names; i++) {
        if (store.create("race/" + i, Utf8.bytes("process " + args[1]))) {
          won.append(i).append('\n');
        }
      }
      System.out.print(won);
    }
  }

  @Test
  void exactlyOneOfManyProcessesCreatesAName() throws Exception {
    int processes = 6;
    int names = 300;
    List<Process> running = new ArrayList<>();
    for (int p = 0; p < processes; p++) {
      running.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Racer.class.getName(),
                  folder.toString(),
                  "" + p,
                  "" + names)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    }
    LocalStore store = new LocalStore(folder);
    int total = 0;
    for (int p = 0; p < processes; p++) {
      Process process = running.get(p);
      for (String line : Utf8.string(process.getInputStream().readAllBytes()).lines().toList()) {
        total++;
        assertEquals("process " + p, Utf8.string(store.read("race/" + line, 100)));
      }
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
    }
    assertEquals(names, total);
    assertEquals(names, store.list("race/", null).size());
  }
}
