package io.slab.cache;

import io.slab.bytes.Crc;
import io.slab.error.StoreException;
import io.slab.store.Notices;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A folder with what was fetched of remote objects: {@link CacheFile}s of large ones, and small
 * ones whole. Any number of processes share it, of which any may be killed at any time; files
 * appear whole, by renaming, and are only ever removed whole, so that who has one open keeps it.
 * Beyond its size the objects that were opened longest ago go. Thread-safe.
 */
public final class CacheFolder {
  /** Most bytes of a folder unless another size is asked for. */
  public static final long DEFAULT_SIZE = 10L << 30;

  /** Folder of the {@link CacheFile}s. */
  static final String LARGE = "large";

  /** Folder of the small objects. */
  static final String SMALL = "small";

  /** How the names of files begin that are still being made. */
  static final String TEMPORARY = ".tmp-";

  /** A checksum stands before the key. */
  private static final int SMALL_KEY_AT = 8;

  private final Path root;
  private final long size;

  /** False when a folder that cannot be used is said once, and done without. */
  private final boolean strict;

  /** True when not even the folder for temporary files has a place. */
  private final boolean noPlace;

  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * A folder, created when it is first written to.
   *
   * @param size most bytes, about; what is open is counted and may exceed it until the next trim
   */
  public CacheFolder(Path root, long size) {
    this(root.resolve("v1"), size, true);
  }

  private CacheFolder(Path root, long size, boolean strict) {
    this(root, size, strict, false);
  }

  private CacheFolder(Path root, long size, boolean strict, boolean noPlace) {
    this.noPlace = noPlace;
    this.root = root;
    this.size = size;
    this.strict = strict;
  }

  /**
   * As the constructor, for a folder that the user did not ask for: where it cannot be written,
   * that is said once ({@link io.slab.store.Notices}) and what is fetched is kept as {@link #none}
   * keeps it, or in memory.
   */
  public static CacheFolder ifPossible(Path root, long size) {
    return new CacheFolder(root.resolve("v1"), size, false);
  }

  /** Keeps what is fetched as long as it is open, in the folder for temporary files. */
  public static CacheFolder none() {
    return new CacheFolder(null, 0, false);
  }

  /** A folder for which there is no place at all, for tests. */
  static CacheFolder nowhere() {
    return new CacheFolder(Path.of("/dev/null/nowhere"), 0, false, true);
  }

  /** False when nothing stays after a source is closed. */
  public boolean lasts() {
    return root != null;
  }

  private Path path(String kind, String key) {
    String name = Long.toHexString(hash(key, 0)) + Long.toHexString(hash(key, 1));
    return root.resolve(kind).resolve(name);
  }

  /** The key stands in the file as well: a collision costs requests, and nothing else. */
  private static long hash(String key, long seed) {
    return io.slab.bytes.XxHash64.hash((seed + key).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Opens, or makes, the file of an object.
   *
   * @return null when there is no place for one, and what is fetched has to be kept in memory
   */
  CacheFile open(String key, long length) {
    byte[] bytes = CacheFile.key(key);
    if (bytes.length > CacheFile.MAX_KEY) {
      bytes = Arrays.copyOf(bytes, CacheFile.MAX_KEY);
    }
    try {
      return root == null
          ? openNameless(bytes, length)
          : openNamed(path(LARGE, key), bytes, length);
    } catch (IOException e) {
      if (strict) {
        throw unusable(e);
      }
      doWithout(e);
      return root == null ? null : namelessOrNull(bytes, length);
    }
  }

  /**
   * Makes sure that the folder can be written to, for programs that are to say so when they begin.
   *
   * @throws StoreException when it cannot
   */
  public void requireWritable() {
    try {
      Path made = temporary();
      Files.createFile(made);
      Files.delete(made);
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private StoreException unusable(IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot use the local cache " + root + ": " + cause,
        "name another folder with --cache-dir, or do without with --no-cache",
        cause);
  }

  private CacheFile namelessOrNull(byte[] key, long length) {
    try {
      return noPlace ? null : openNameless(key, length);
    } catch (IOException e) {
      // Memory is left.
      return null;
    }
  }

  /**
   * Says once that the folder is of no use, and goes on.
   *
   * @throws StoreException when the folder was asked for
   */
  void doWithout(Exception cause) {
    if (strict && cause instanceof StoreException own) {
      throw own;
    }
    if (told.compareAndSet(false, true)) {
      Notices.tell(
          "the local cache "
              + (root == null ? "in the temporary folder" : root)
              + " cannot be used ("
              + cause
              + "): going on without it; --cache-dir names another folder, --no-cache says that"
              + " none is wanted");
    }
  }

  private static CacheFile openNameless(byte[] key, long length) throws IOException {
    Path path = Files.createTempFile("slab-", ".part");
    FileChannel channel = channel(path);
    Files.delete(path);
    CacheFile.format(channel, key, length);
    return CacheFile.open(path, channel, key, length);
  }

  private static FileChannel channel(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private CacheFile openNamed(Path path, byte[] key, long length) throws IOException {
    for (int attempt = 0; ; attempt++) {
      CacheFile file = openExisting(path, key, length);
      if (file != null) {
        return file;
      }
      Path made = temporary();
      try (FileChannel channel =
          FileChannel.open(made, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        CacheFile.format(channel, key, length);
      }
      try {
        Files.createLink(path, made);
      } catch (FileAlreadyExistsException e) {
        if (attempt > 8) {
          // A file of another program, or one that is damaged again and again.
          Files.deleteIfExists(path);
        }
      } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(made);
      }
    }
  }

  private CacheFile openExisting(Path path, byte[] key, long length) throws IOException {
    FileChannel channel;
    try {
      channel = channel(path);
    } catch (NoSuchFileException e) {
      make(path.getParent());
      return null;
    }
    CacheFile file = null;
    try {
      file = CacheFile.open(path, channel, key, length);
    } finally {
      if (file == null) {
        channel.close();
      }
    }
    if (file == null) {
      Files.deleteIfExists(path);
    } else {
      touch(path);
    }
    return file;
  }

  private static void touch(Path path) {
    try {
      Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis()));
    } catch (IOException e) {
      // Evicted a moment ago; it stays usable.
    }
  }

  /** Makes a folder that no other user may read: it has parts of records. */
  private static void make(Path folder) throws IOException {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (posix) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  private Path temporary() throws IOException {
    make(root);
    return root.resolve(TEMPORARY + UUID.randomUUID());
  }

  /** A small object, or null when it is not here or damaged. */
  byte[] read(String key) {
    if (root == null) {
      return null;
    }
    Path path = path(SMALL, key);
    byte[] head = CacheFile.key(key + '\n');
    try {
      byte[] bytes = Files.readAllBytes(path);
      int from = 8 + head.length;
      boolean fits =
          bytes.length >= from
              && Arrays.equals(bytes, 8, from, head, 0, head.length)
              && HexFormat.of()
                  .toHexDigits(Crc.of(bytes, 8, bytes.length - 8))
                  .equals(new String(bytes, 0, 8, StandardCharsets.ISO_8859_1));
      if (!fits) {
        Files.deleteIfExists(path);
        return null;
      }
      touch(path);
      return Arrays.copyOfRange(bytes, from, bytes.length);
    } catch (IOException e) {
      return null;
    }
  }

  /** Forgets a small object. */
  void remove(String key) {
    if (root != null) {
      try {
        Files.deleteIfExists(path(SMALL, key));
      } catch (IOException e) {
        // It fails its checks again, and the reader says so.
      }
    }
  }

  /**
   * Removes every object whose key begins so.
   *
   * @throws StoreException when a file cannot be read or removed
   */
  void removeAll(String prefix) {
    if (root != null) {
      CacheErasure.run(root.resolve(LARGE), CacheFile.KEY_AT, prefix);
      CacheErasure.run(root.resolve(SMALL), SMALL_KEY_AT, prefix);
    }
  }

  /** Keeps a small object; does nothing when that fails. */
  void write(String key, byte[] content) {
    if (root == null) {
      return;
    }
    byte[] head = CacheFile.key(key + '\n');
    byte[] bytes = new byte[8 + head.length + content.length];
    System.arraycopy(head, 0, bytes, 8, head.length);
    System.arraycopy(content, 0, bytes, 8 + head.length, content.length);
    String crc = HexFormat.of().toHexDigits(Crc.of(bytes, 8, bytes.length - 8));
    System.arraycopy(crc.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, 8);
    Path path = path(SMALL, key);
    try {
      Path made = temporary();
      try {
        Files.write(made, bytes);
        make(path.getParent());
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      // The next reader asks the store again.
    }
  }

  /** Bytes in the folder, about. */
  public long used() {
    return root == null ? 0 : new CacheEviction(root).used();
  }

  /** Removes what was used longest ago until the folder has its size; one process at a time. */
  public void trim() {
    if (root != null) {
      new CacheEviction(root).trim(size);
    }
  }
}
