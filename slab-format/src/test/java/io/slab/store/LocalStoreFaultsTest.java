package io.slab.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links, and what cannot be looked at: only what is not there counts as absent. */
class LocalStoreFaultsTest {
  private static final String TWO = "00000000000000000002.wal";

  @TempDir Path elsewhere;
  @TempDir Path folder;
  private LocalStore store;

  @BeforeEach
  void open() {
    store = new LocalStore(folder);
  }

  private List<String> names(String in) {
    return store.list(in, null).stream().map(ObjectInfo::name).toList();
  }

  @Test
  void linksToFilesAndFoldersAreWhatTheyLeadTo() throws IOException {
    store.create("a/wal/1.wal", new byte[] {1, 2, 3});
    Path target = elsewhere.resolve("two");
    Files.write(target, new byte[5]);
    Files.setLastModifiedTime(target, FileTime.fromMillis(1_000_000_000L));
    Files.createSymbolicLink(folder.resolve("a/wal/2.wal"), target);
    Files.createSymbolicLink(folder.resolve("b"), folder.resolve("a"));
    assertEquals(List.of("a/wal/1.wal", "a/wal/2.wal"), names("a/wal/"));
    assertEquals(List.of("b/wal/1.wal", "b/wal/2.wal"), names("b/wal/"));
    ObjectInfo linked = store.list("a/wal/", "1.wal").getFirst();
    assertEquals(5, linked.size());
    assertEquals(1_000_000_000L, linked.modifiedMillis());
    assertEquals(5, store.read("b/wal/2.wal", 10).length);
    assertEquals(List.of("a", "b"), store.listFolders(""));
  }

  @Test
  void aLinkThatLeadsNowhereIsAnErrorAndNoAbsence() throws IOException {
    store.create("a/wal/1.wal", new byte[1]);
    Path link = folder.resolve("a/wal/" + TWO);
    Files.createSymbolicLink(link, elsewhere.resolve("gone"));
    CorruptException listed = assertThrows(CorruptException.class, () -> names("a/wal/"));
    assertTrue(listed.getMessage().contains("gone"), listed.getMessage());
    assertThrows(CorruptException.class, () -> store.read("a/wal/" + TWO, 10));
    assertThrows(CorruptException.class, () -> store.open("a/wal/" + TWO));
    Files.delete(link);
    // What an editor leaves beside a file that a user opened in it is none of ours.
    Files.createSymbolicLink(folder.resolve("a/wal/.#1.wal"), Path.of("user@host.123"));
    Files.createSymbolicLink(folder.resolve("a/wal/notes"), Path.of("gone"));
    Files.createSymbolicLink(folder.resolve("a/wal/2.wal"), Path.of("gone"));
    assertEquals(List.of("a/wal/1.wal"), names("a/wal/"));
  }

  @Test
  void aFolderThatIsALinkToNowhereIsAnError() throws IOException {
    store.create("ns/a/wal/1.wal", new byte[1]);
    Files.createSymbolicLink(folder.resolve("ns/b"), elsewhere.resolve("gone"));
    assertThrows(CorruptException.class, () -> store.listFolders("ns/"));
    assertThrows(CorruptException.class, () -> names("ns/b/wal/"));
    assertThrows(CorruptException.class, () -> store.read("ns/b/wal/1.wal", 10));
    assertEquals(List.of(), names("ns/c/wal/"));
    assertThrows(MissingException.class, () -> store.read("ns/c/wal/1.wal", 10));
  }

  @Test
  void whatCannotBeLookedAtIsAnError() throws IOException {
    store.create("ns/a/wal/1.wal", new byte[1]);
    Files.createSymbolicLink(folder.resolve("ns/loop"), Path.of("loop"));
    Files.writeString(folder.resolve("ns/file"), "");
    Files.createSymbolicLink(folder.resolve("ns/a/wal/" + TWO), Path.of(TWO));
    assertThrows(StoreException.class, () -> store.listFolders("ns/"));
    assertThrows(StoreException.class, () -> names("ns/a/wal/"));
    assertThrows(StoreException.class, () -> names("ns/loop/wal/"));
    assertThrows(CorruptException.class, () -> names("ns/file/"));
    assertThrows(CorruptException.class, () -> names("ns/file/wal/"));
    assertThrows(CorruptException.class, () -> store.read("ns/file/1.wal", 10));
    assertThrows(CorruptException.class, () -> store.delete("ns/file/1.wal"));
    assertThrows(StoreException.class, () -> names("ns/" + "x".repeat(300) + "/"));
    assertThrows(StoreException.class, () -> FileKind.of(folder.resolve("ns/file/wal")));
    assertThrows(StoreException.class, () -> FileKind.of(folder.resolve("ns/loop")));
    assertEquals(FileKind.ABSENT, FileKind.of(folder.resolve("ns/none")));
    assertEquals(FileKind.FILE, FileKind.of(folder.resolve("ns/file")));
    assertEquals(FileKind.FOLDER, FileKind.of(folder.resolve("ns")));
    assertEquals(FileKind.OTHER, FileKind.of(Path.of("/dev/null")));
  }

  @Test
  void aFolderThatMayNotBeEnteredIsAnError() throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      System.out.println("not tested: permissions do not stop root");
      return;
    }
    store.create("ns/a/wal/1.wal", new byte[1]);
    for (String at : List.of("ns", "ns/a/wal")) {
      Path closed = folder.resolve(at);
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));
      try {
        assertThrows(StoreException.class, () -> names("ns/a/wal/"));
        assertThrows(StoreException.class, () -> store.read("ns/a/wal/1.wal", 10));
      } finally {
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
      }
    }
  }

  @Test
  void aPipeIsNoObjectAndNoReaderWaitsForIt() throws Exception {
    store.create("a/1.wal", new byte[1]);
    Process made = new ProcessBuilder("mkfifo", folder.resolve("a/" + TWO).toString()).start();
    assertEquals(0, made.waitFor());
    assertThrows(CorruptException.class, () -> names("a/"));
    assertThrows(CorruptException.class, () -> store.read("a/" + TWO, 10));
    assertThrows(CorruptException.class, () -> store.open("a/" + TWO));
  }

  @Test
  void whetherAnEntryIsDurableIsNotKnownWhenItsFolderCannotBeForced() {
    for (Publication.Way way : Publication.Way.values()) {
      LocalStore first = new LocalStore(folder, way, DurableFolders::forceFolder);
      first.create(way + "/0", new byte[1]);
      boolean[] broken = {false};
      LocalStore failing =
          new LocalStore(
              folder,
              way,
              path -> {
                if (broken[0]) {
                  throw new IOException("Input/output error");
                }
              });
      failing.create(way + "/1", new byte[1]);
      broken[0] = true;
      assertThrows(
          OutcomeUnknownException.class, () -> failing.create(way + "/2", new byte[1]), "" + way);
      assertFalse(failing.create(way + "/1", new byte[1]));
      // Nothing refers to a slab that was not acknowledged: this is a failure like any other.
      try (ObjectUpload upload = failing.upload(way + "/3")) {
        upload.write(MemorySegment.ofArray(new byte[3]));
        assertThrows(StoreException.class, upload::commit);
      }
      assertEquals(List.of(), store.listTemporary(way + "/"));
    }
  }

  @Test
  void aFolderThatCannotBeOpenedIsNoExcuse() {
    LocalStore failing =
        new LocalStore(
            folder,
            Publication.Way.LINK,
            path -> {
              throw new AccessDeniedException(path.toString());
            });
    // A new folder that is not durable: nothing was written yet.
    StoreException e = assertThrows(StoreException.class, () -> failing.create("a/1", new byte[1]));
    assertTrue(e.refused());
    assertEquals(StoreException.Kind.DENIED, e.kind());
    assertThrows(OutcomeUnknownException.class, () -> failing.create("1", new byte[1]));
    assertTrue(DurableFolders.cannotForce(new IOException("Invalid argument")));
    assertTrue(DurableFolders.cannotForce(new IOException("Operation not supported")));
    assertFalse(DurableFolders.cannotForce(new IOException("Input/output error")));
  }
}
