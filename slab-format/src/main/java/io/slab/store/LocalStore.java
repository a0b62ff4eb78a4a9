package io.slab.store;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.model.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A directory as a store. An object is written to a temporary file beside its name, forced to disk
 * and then hard-linked to the name: linking fails when the name is taken and shows the whole object
 * or nothing, which a rename (silently replaces) and an exclusive open of the final name (shows
 * half-written content) do not do. Thread-safe; any number of processes may work on one directory.
 */
public final class LocalStore implements ObjectStore {
  private final Path root;
  private final LocalListing listing;
  private final DurableFolders folders;
  private final Publication publication;
  private final FileForce files;
  private final Consumer<CorruptException> misplaced;

  /** A store in a directory, which is created by the first write. */
  public LocalStore(Path root) {
    this(root, Publication.Way.LINK, DurableFolders::forceFolder);
  }

  /**
   * For tests of what happens where there are no hard links, or the disk fails.
   *
   * @param way how names are given
   * @param force how folders are made durable
   */
  LocalStore(Path root, Publication.Way way, DurableFolders.Force force) {
    this(root, way, force, FileForce::system);
  }

  /**
   * The same, for tests of what happens to files.
   *
   * @param files how the content of files is made durable
   */
  LocalStore(Path root, Publication.Way way, DurableFolders.Force force, FileForce files) {
    this.root = root.toAbsolutePath().normalize();
    this.listing = new LocalListing(this.root);
    this.folders = new DurableFolders(this.root, force);
    this.publication = new Publication(this.root, way);
    this.files = files;
    this.misplaced = LocalStore::fail;
  }

  private LocalStore(LocalStore same, Consumer<CorruptException> misplaced) {
    this.root = same.root;
    this.listing = same.listing;
    this.folders = same.folders;
    this.publication = same.publication;
    this.files = same.files;
    this.misplaced = misplaced;
  }

  private static void fail(CorruptException misplaced) {
    throw misplaced;
  }

  /** The directory. */
  public Path root() {
    return root;
  }

  @Override
  public String describe() {
    return root.toString();
  }

  private Path path(String name) {
    return root.resolve(ObjectNames.object(name));
  }

  @Override
  public List<ObjectInfo> list(String folder, String startAfter) {
    return listing.objects(
        ObjectNames.folder(folder),
        file ->
            !file.startsWith(ObjectNames.TEMPORARY)
                && !(folder.isEmpty() && file.equals(Publication.MARK))
                && (startAfter == null || Utf8.compare(file, startAfter) > 0),
        misplaced);
  }

  @Override
  public List<CorruptException> misplaced(String folder) {
    List<CorruptException> found = new ArrayList<>();
    listing.objects(ObjectNames.folder(folder), ObjectNames::isOfIndex, found::add);
    found.sort((a, b) -> Utf8.compare(a.resource(), b.resource()));
    return found;
  }

  @Override
  public ObjectStore passingMisplaced() {
    return new LocalStore(this, any -> {});
  }

  @Override
  public List<ObjectInfo> listTemporary(String folder) {
    return listing.objects(
        ObjectNames.folder(folder), file -> file.startsWith(ObjectNames.TEMPORARY), misplaced);
  }

  @Override
  public List<String> listFolders(String folder) {
    return listing.folders(ObjectNames.folder(folder));
  }

  /**
   * The file system's clock, which on a network disk is another machine's: asked by writing a file.
   * Who may not write here reads by this machine's clock.
   */
  @Override
  public long now() {
    Path probe = newTemporary("probe");
    try {
      openNew(probe).close();
      return Files.getLastModifiedTime(probe).toMillis();
    } catch (IOException e) {
      StoreException failure = StoreErrors.of("write", probe, e);
      if (failure.kind() == StoreException.Kind.DENIED) {
        return System.currentTimeMillis();
      }
      throw failure;
    } finally {
      removeTemporary(probe);
    }
  }

  @Override
  public byte[] read(String name, long limit) {
    Path path = file(name);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > limit || size > Integer.MAX_VALUE - 16) {
        throw new CorruptException(name, -1, size + " bytes", "at most " + limit + " bytes");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      if (bytes.hasRemaining()) {
        throw new CorruptException(name, bytes.position(), "the end of the file", size + " bytes");
      }
      return bytes.array();
    } catch (NoSuchFileException e) {
      throw missing(name);
    } catch (IOException e) {
      throw StoreErrors.unreadable(name, path, -1, e);
    }
  }

  /** The path of an object that is there; opening a pipe would wait for its writer. */
  private Path file(String name) {
    Path path = path(name);
    FileKind kind = kind(path);
    if (kind == FileKind.ABSENT) {
      listing.requireAbsent(path, name);
      throw missing(name);
    }
    if (kind != FileKind.FILE) {
      throw Misplaced.noFile(name, path, kind);
    }
    return path;
  }

  private FileKind kind(Path path) {
    try {
      return FileKind.of(path);
    } catch (StoreException e) {
      boolean fileAbove = e.getCause() instanceof NotDirectoryException;
      throw fileAbove ? new Misplaced(root).noFolder(path, e) : e;
    }
  }

  private MissingException missing(String name) {
    return new MissingException(name, -1, "no such object in " + root, "an object");
  }

  @Override
  public ByteSource open(String name) {
    return MappedSource.open(name, file(name));
  }

  @Override
  public ByteSource openUnmapped(String name, long length) {
    return FileSource.open(name, file(name));
  }

  @Override
  public boolean create(String name, byte[] content) {
    path(name);
    Path temporary = newTemporary(name);
    try (FileChannel channel = openNew(temporary)) {
      writeFully(channel, content);
      files.force(channel);
    } catch (IOException e) {
      removeTemporary(temporary);
      throw StoreErrors.before("write", temporary, e);
    }
    if (!publish(temporary, name)) {
      return false;
    }
    Path folder = path(name).getParent();
    try {
      folders.force(folder);
    } catch (IOException e) {
      throw new OutcomeUnknownException(
          name
              + " was written, but it is not known whether it would outlive a crash: "
              + StoreErrors.of("force to disk", folder, e).getMessage(),
          "look after the disk first; then read the data back before you write it again",
          e);
    }
    return true;
  }

  private static FileChannel openNew(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  }

  private static void writeFully(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Gives a forced temporary file its name and removes the temporary one, also after a failure. The
   * entry of the name is not durable yet.
   *
   * @return false when the name is taken by an object
   * @throws StoreException when something else stands there
   */
  private boolean publish(Path temporary, String name) {
    Path target = path(name);
    try {
      if (publication.publish(temporary, target)) {
        return true;
      }
      Misplaced.requireObject(name, target);
      return false;
    } catch (IOException e) {
      throw StoreErrors.of("create", target, e);
    } finally {
      removeTemporary(temporary);
    }
  }

  /**
   * As a {@link #create} of a large object, which nothing refers to yet: when its entry cannot be
   * made durable, nothing is committed.
   *
   * @return false when the name is taken
   */
  boolean publishUpload(Path temporary, String name) {
    if (!publish(temporary, name)) {
      return false;
    }
    Path folder = path(name).getParent();
    try {
      folders.force(folder);
    } catch (IOException e) {
      throw StoreErrors.of("force to disk", folder, e);
    }
    return true;
  }

  @Override
  public ObjectUpload upload(String name) {
    path(name);
    Path temporary = newTemporary(name);
    try {
      return new LocalUpload(this, files, name, temporary, openNew(temporary));
    } catch (IOException e) {
      throw StoreErrors.before("write", temporary, e);
    }
  }

  @Override
  public void delete(String name) {
    Path path = path(name);
    FileKind kind = kind(path);
    if (kind == FileKind.FOLDER || kind == FileKind.OTHER) {
      // An empty folder would be deleted else, and it is none of ours.
      throw Misplaced.noFile(name, path, kind);
    }
    deletePath(path);
  }

  @Override
  public void deleteTemporary(String name) {
    deletePath(root.resolve(ObjectNames.temporary(name)));
  }

  private static void deletePath(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw StoreErrors.of("delete", path, e);
    }
  }

  @Override
  public boolean createsMayLandLate() {
    return false;
  }

  @Override
  public boolean mayHoldTornObjects() {
    return publication.isMarked();
  }

  @Override
  public boolean setAside(String name, byte[] content) {
    Path target = path(name);
    String to = ObjectNames.TEMPORARY + "torn-" + target.getFileName() + "-" + UUID.randomUUID();
    try {
      boolean moved = publication.setAside(target, content, target.resolveSibling(to));
      if (moved) {
        Notices.tell(
            "moved "
                + target
                + " to "
                + to
                + ": a crash cut it short before it was acknowledged, which can happen on a file"
                + " system without hard links");
      }
      return moved;
    } catch (IOException e) {
      throw StoreErrors.of("move aside", target, e);
    }
  }

  private Path newTemporary(String name) {
    Path folder = path(name).getParent();
    try {
      folders.make(folder);
    } catch (StoreException e) {
      // However the look at a folder ended, nothing was written yet.
      throw StoreException.refused(e.kind(), e.getMessage(), e.hint(), e.getCause());
    }
    return folder.resolve(ObjectNames.TEMPORARY + UUID.randomUUID());
  }

  void removeTemporary(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // Only garbage remains, which no reader looks at and gc sweeps.
    }
  }
}
