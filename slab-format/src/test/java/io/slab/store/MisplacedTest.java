package io.slab.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands under the name of an object and is none. */
class MisplacedTest {
  private static final String NAME = "ns/a/wal/00000000000000000002.wal";

  @TempDir Path folder;
  private LocalStore store;
  private Path path;

  @BeforeEach
  void open() {
    store = new LocalStore(folder);
    store.create("ns/a/wal/00000000000000000001.wal", new byte[1]);
    path = folder.resolve(NAME);
  }

  private interface Thing {
    void put(Path path) throws Exception;
  }

  private record Kind(String words, Thing thing) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("a folder", Files::createDirectory),
          new Kind(
              "a pipe, a socket or a device",
              path ->
                  assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor())),
          new Kind("a pipe, a socket or a device", MisplacedTest::socket),
          new Kind(
              "a pipe, a socket or a device",
              path -> Files.createSymbolicLink(path, Path.of("/dev/null"))),
          new Kind(
              "a folder", path -> Files.createSymbolicLink(path, path.getParent().getParent())),
          new Kind(
              "symbolic link", path -> Files.createSymbolicLink(path, path.resolveSibling("gone"))),
          new Kind("symbolic link", path -> Files.createSymbolicLink(path, path.getFileName())));

  /** A socket has a short path only, so it is made elsewhere and moved. */
  private static void socket(Path path) throws IOException {
    Path made = Files.createTempDirectory(Path.of("/tmp"), "s").resolve("s");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(made));
      Files.move(made, path);
    }
    Files.delete(made.getParent());
  }

  @Test
  void aCreateThatMeetsOneWritesNothingAndSaysSo() throws Exception {
    for (Kind kind : KINDS) {
      kind.thing().put(path);
      for (Publication.Way way : Publication.Way.values()) {
        LocalStore other = new LocalStore(folder, way, DurableFolders::forceFolder);
        refused(kind, assertThrows(StoreException.class, () -> other.create(NAME, new byte[1])));
        try (ObjectUpload upload = other.upload(NAME)) {
          upload.write(MemorySegment.ofArray(new byte[3]));
          refused(kind, assertThrows(StoreException.class, upload::commit));
        }
        assertTrue(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        assertEquals(List.of(), store.listTemporary("ns/a/wal/"));
      }
      Files.delete(path);
    }
  }

  private void refused(Kind kind, StoreException e) {
    assertTrue(e.refused());
    assertEquals(StoreException.Kind.FAILED, e.kind());
    assertTrue(e.getMessage().contains(kind.words()), e.getMessage());
    assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
    assertTrue(e.hint().contains("move it away"), e.hint());
  }

  @Test
  void listingsAndReadsNameIt() throws Exception {
    for (Kind kind : KINDS) {
      kind.thing().put(path);
      boolean loop = kind == KINDS.getLast();
      Class<? extends SlabException> type = loop ? StoreException.class : CorruptException.class;
      for (SlabException e :
          List.of(
              assertThrows(type, () -> store.list("ns/a/wal/", null)),
              assertThrows(type, () -> store.read(NAME, 10)),
              assertThrows(type, () -> store.open(NAME)),
              assertThrows(type, () -> store.openUnmapped(NAME, 10)))) {
        assertTrue(e.getMessage().contains("00000000000000000002.wal"), e.getMessage());
        assertTrue(loop || e.hint().contains(path.toString()) || e.hint().contains("link"));
      }
      if (!loop) {
        List<CorruptException> all = store.misplaced("ns/a/wal/");
        assertEquals(List.of(NAME), all.stream().map(CorruptException::resource).toList());
        assertEquals(1, store.passingMisplaced().list("ns/a/wal/", null).size());
      }
      Files.delete(path);
    }
    assertEquals(List.of(), store.misplaced("ns/a/wal/"));
  }

  @Test
  void itIsNotDeleted() throws IOException {
    Files.createDirectory(path);
    assertThrows(CorruptException.class, () -> store.delete(NAME));
    assertTrue(Files.isDirectory(path));
    Files.createFile(path.resolve("inside"));
    assertThrows(CorruptException.class, () -> store.delete(NAME));
    assertTrue(Files.exists(path.resolve("inside")));
  }

  @Test
  void otherNamesAreIgnored() throws IOException {
    for (String name :
        List.of(
            "2.wal",
            "backup.slab",
            "notes.json",
            "99999999999999999999.wal",
            "09223372036854775808.json",
            ".tmp-x")) {
      Files.createDirectory(path.resolveSibling(name));
    }
    assertEquals(1, store.list("ns/a/wal/", null).size());
    for (String name :
        List.of(
            "09223372036854775807.json",
            "01J00000000000000000000000.slab",
            "01J00000000000000000000000-3-01J00000000000000000000000.dv")) {
      Path made = Files.createDirectory(path.resolveSibling(name));
      assertThrows(CorruptException.class, () -> store.list("ns/a/wal/", null), name);
      Files.delete(made);
    }
  }

  @Test
  void aFileInPlaceOfAFolderIsDamageThatIsNamed() throws IOException {
    Files.createDirectories(folder.resolve("ns/b"));
    Files.createFile(folder.resolve("ns/b/wal"));
    String name = "ns/b/wal/00000000000000000001.wal";
    for (CorruptException e :
        List.of(
            assertThrows(CorruptException.class, () -> store.list("ns/b/wal/", null)),
            assertThrows(CorruptException.class, () -> store.misplaced("ns/b/wal/")),
            assertThrows(CorruptException.class, () -> store.list("ns/b/wal/deeper/", null)),
            assertThrows(CorruptException.class, () -> store.open(name)),
            assertThrows(CorruptException.class, () -> store.read(name, 10)))) {
      assertEquals("ns/b/wal/", e.resource());
      assertTrue(e.hint().contains("move " + folder.resolve("ns/b/wal") + " away"), e.hint());
    }
    for (String under : List.of(name, "ns/b/wal/deeper/1.wal")) {
      StoreException e = assertThrows(StoreException.class, () -> store.create(under, new byte[1]));
      assertTrue(e.refused());
      assertTrue(e.hint().contains("move it away"), e.hint());
    }
    // The folder was there when this store made its last object.
    Files.move(folder.resolve("ns/a"), folder.resolve("away"));
    Files.createFile(folder.resolve("ns/a"));
    assertTrue(assertThrows(StoreException.class, () -> store.create(NAME, new byte[1])).refused());
    // A store that is a file itself is no damage of an index.
    LocalStore file = new LocalStore(folder.resolve("ns/b/wal"));
    assertThrows(StoreException.class, () -> file.list("", null));
    assertFalse(Files.isDirectory(folder.resolve("ns/a")));
  }
}
