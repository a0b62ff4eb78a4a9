package io.slab.store;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.io.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A directory as a store. An object is written to a temporary file beside its name, forced to disk
 * and then hard-linked to the name: linking fails when the name is taken and shows the whole object
 * or nothing, which a rename (silently replaces) and an exclusive open of the final name (shows
 * half-written content) do not do. Thread-safe; any number of processes may work on one directory.
 */
public final class LocalStore implements ObjectStore {
  private final Path root;
  private final boolean hardLinks;

  /** Folders of which this instance knows that their entries in all parents are durable. */
  private final Set<Path> durableFolders = ConcurrentHashMap.newKeySet();

  /** A store in a directory, which is created by the first write. */
  public LocalStore(Path root) {
    this(root, true);
  }

  /**
   * @param hardLinks false to behave as on a file system without hard links: exclusive creation of
   *     the final name, which a crash may leave half-written (readers then see a checksum error,
   *     never a wrong answer)
   */
  LocalStore(Path root, boolean hardLinks) {
    this.root = root.toAbsolutePath().normalize();
    this.hardLinks = hardLinks;
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

  private Path folderPath(String folder) {
    return root.resolve(ObjectNames.folder(folder));
  }

  @Override
  public List<ObjectInfo> list(String folder, String startAfter) {
    return list(
        folder,
        file ->
            !file.startsWith(ObjectNames.TEMPORARY)
                && (startAfter == null || Utf8.compare(file, startAfter) > 0));
  }

  @Override
  public List<ObjectInfo> listTemporary(String folder) {
    return list(folder, file -> file.startsWith(ObjectNames.TEMPORARY));
  }

  private List<ObjectInfo> list(String folder, Predicate<String> wanted) {
    Path path = folderPath(folder);
    List<ObjectInfo> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String file = entry.getFileName().toString();
        if (wanted.test(file)) {
          addFile(found, folder + file, entry);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw StoreErrors.of("list", path, e.getCause());
    } catch (IOException e) {
      throw StoreErrors.of("list", path, e);
    }
    found.sort((a, b) -> Utf8.compare(a.name(), b.name()));
    return found;
  }

  /**
   * The file system's clock, which on a network disk is another machine's: asked by writing a file.
   */
  @Override
  public long now() {
    Path probe = newTemporary("probe");
    try {
      openNew(probe).close();
      return Files.getLastModifiedTime(probe).toMillis();
    } catch (IOException e) {
      throw StoreErrors.of("write", probe, e);
    } finally {
      removeTemporary(probe);
    }
  }

  private static void addFile(List<ObjectInfo> found, String name, Path entry) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()) {
        found.add(
            new ObjectInfo(name, attributes.size(), attributes.lastModifiedTime().toMillis()));
      }
    } catch (NoSuchFileException e) {
      // Deleted since the directory was read: a listing need not show it.
    }
  }

  @Override
  public List<String> listFolders(String folder) {
    Path path = folderPath(folder);
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          found.add(entry.getFileName().toString());
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw StoreErrors.of("list", path, e.getCause());
    } catch (IOException e) {
      throw StoreErrors.of("list", path, e);
    }
    found.sort(Utf8.ORDER);
    return found;
  }

  @Override
  public byte[] read(String name, long limit) {
    Path path = path(name);
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
      throw new MissingException(name, -1, "no such object in " + root, "an object");
    } catch (IOException e) {
      throw StoreErrors.of("read", path, e);
    }
  }

  @Override
  public ByteSource open(String name) {
    return MappedSource.open(name, path(name));
  }

  @Override
  public boolean create(String name, byte[] content) {
    path(name);
    if (!hardLinks) {
      return createExclusive(name, content);
    }
    Path temporary = newTemporary(name);
    try (FileChannel channel = openNew(temporary)) {
      writeFully(channel, content);
    } catch (IOException e) {
      removeTemporary(temporary);
      throw StoreErrors.before("write", temporary, e);
    }
    return publish(temporary, name);
  }

  private static FileChannel openNew(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  }

  private static void writeFully(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(true);
  }

  /**
   * Gives a forced temporary file its name and removes the temporary one, whatever happens.
   *
   * @return false when the name is taken
   */
  boolean publish(Path temporary, String name) {
    Path target = path(name);
    try {
      if (hardLinks) {
        try {
          Files.createLink(target, temporary);
          forceFolder(target.getParent());
          return true;
        } catch (UnsupportedOperationException e) {
          return publishByCopy(temporary, target);
        }
      }
      return publishByCopy(temporary, target);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (FileSystemException e) {
      if (linksRefused(e)) {
        return copyInstead(temporary, target);
      }
      throw StoreErrors.of("create", target, e);
    } catch (IOException e) {
      throw StoreErrors.of("create", target, e);
    } finally {
      removeTemporary(temporary);
    }
  }

  private boolean copyInstead(Path temporary, Path target) {
    try {
      return publishByCopy(temporary, target);
    } catch (IOException e) {
      throw StoreErrors.of("create", target, e);
    }
  }

  /**
   * FAT, some network and some FUSE file systems know no hard links and say so in one of these
   * ways.
   */
  private static boolean linksRefused(FileSystemException e) {
    String reason = e.getReason();
    return reason != null
        && (reason.contains("Operation not permitted")
            || reason.contains("not supported")
            || reason.contains("Function not implemented"));
  }

  private boolean publishByCopy(Path temporary, Path target) throws IOException {
    try (FileChannel in = FileChannel.open(temporary, StandardOpenOption.READ);
        FileChannel out = openNew(target)) {
      long size = in.size();
      for (long at = 0; at < size; ) {
        at += in.transferTo(at, size - at, out);
      }
      out.force(true);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    forceFolder(target.getParent());
    return true;
  }

  private boolean createExclusive(String name, byte[] content) {
    Path target = path(name);
    makeFolders(target.getParent());
    try (FileChannel channel = openNew(target)) {
      writeFully(channel, content);
      forceFolder(target.getParent());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw StoreErrors.of("create", target, e);
    }
  }

  @Override
  public ObjectUpload upload(String name) {
    path(name);
    Path temporary = newTemporary(name);
    try {
      return new LocalUpload(this, name, temporary, openNew(temporary));
    } catch (IOException e) {
      throw StoreErrors.before("write", temporary, e);
    }
  }

  @Override
  public void delete(String name) {
    deletePath(path(name));
  }

  @Override
  public void deleteTemporary(String name) {
    deletePath(root.resolve(ObjectNames.temporary(name)));
  }

  private static void deletePath(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (NotDirectoryException e) {
      // A parent is a file, so there is no such object.
    } catch (IOException e) {
      throw StoreErrors.of("delete", path, e);
    }
  }

  @Override
  public boolean createsMayLandLate() {
    return false;
  }

  private Path newTemporary(String name) {
    Path folder = path(name).getParent();
    makeFolders(folder);
    return folder.resolve(ObjectNames.TEMPORARY + UUID.randomUUID());
  }

  void removeTemporary(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // Only garbage remains, which no reader looks at and gc sweeps.
    }
  }

  /**
   * Creates a folder with its parents and forces every entry on the way: an object is durable only
   * when the folder that holds it is. A folder another process made a moment ago may not be durable
   * yet, so each is forced once by us as well.
   */
  private void makeFolders(Path folder) {
    if (durableFolders.contains(folder) && Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    boolean inside = folder.startsWith(root) && !folder.equals(root);
    if (parent != null && (inside || !Files.isDirectory(folder))) {
      makeFolders(parent);
    }
    try {
      try {
        Files.createDirectory(folder);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder)) {
          throw new NotDirectoryException(folder.toString());
        }
      }
      if (parent != null) {
        forceFolder(parent);
      }
    } catch (IOException e) {
      throw StoreErrors.before("create folder", folder, e);
    }
    durableFolders.add(folder);
  }

  /**
   * Makes the entries of a folder durable; systems that cannot open a folder (Windows) do that by
   * themselves.
   */
  private static void forceFolder(Path folder) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }
}
