package io.slab.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folders of a {@link LocalStore}: makes them, and makes what is entered in them durable.
 * Thread-safe.
 */
final class DurableFolders {
  /** What systems say of a folder that they cannot force, word by word as in the C library. */
  private static final List<String> CANNOT_FORCE =
      List.of("Invalid argument", "not supported", "Function not implemented");

  private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

  /** How the entries of a folder are made durable. */
  interface Force {
    void force(Path folder) throws IOException;
  }

  private final Path root;
  private final Force force;

  /** Folders of which this instance knows that their entries in all parents are durable. */
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  /**
   * @param force {@link #forceFolder}, unless a test has something else in mind
   */
  DurableFolders(Path root, Force force) {
    this.root = root;
    this.force = force;
  }

  /** As {@link #forceFolder}. */
  void force(Path folder) throws IOException {
    force.force(folder);
  }

  /**
   * Creates a folder with its parents and forces every entry on the way: an object is durable only
   * when the folder that holds it is. A folder another process made a moment ago may not be durable
   * yet, so each is forced once by us as well.
   */
  void make(Path folder) {
    if (durable.contains(folder) && FileKind.isFolder(folder)) {
      return;
    }
    Path parent = folder.getParent();
    boolean inside = folder.startsWith(root) && !folder.equals(root);
    if (parent != null && (inside || !FileKind.isFolder(folder))) {
      make(parent);
    }
    try {
      boolean made = create(folder);
      if (parent != null) {
        forceEntry(parent, made || inside);
      }
    } catch (IOException e) {
      throw StoreErrors.before("create folder", folder, e);
    }
    durable.add(folder);
  }

  private static boolean create(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      if (!FileKind.isFolder(folder)) {
        throw new NotDirectoryException(folder.toString());
      }
      return false;
    }
  }

  /**
   * @param ours false for a folder above the root that was there before: where it may be entered
   *     but not read, the maker of the root saw to its entry
   */
  private void forceEntry(Path parent, boolean ours) throws IOException {
    try {
      force(parent);
    } catch (AccessDeniedException e) {
      if (ours) {
        throw e;
      }
    }
  }

  /**
   * Makes the entries of a folder durable. Two cases pass without: Windows, which opens no folders
   * and writes their entries by itself, and file systems that answer that they know no such request
   * (some on networks and in user space), where nothing better can be had.
   *
   * @throws IOException when the folder cannot be opened or the disk failed: its entries may or may
   *     not outlive a crash
   */
  static void forceFolder(Path folder) throws IOException {
    if (WINDOWS) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      if (e instanceof FileSystemException || !cannotForce(e)) {
        throw e;
      }
    }
  }

  /** Forcing fails with a plain exception, opening with one that names the file. */
  static boolean cannotForce(IOException e) {
    String message = String.valueOf(e.getMessage());
    return CANNOT_FORCE.stream().anyMatch(message::contains);
  }
}
