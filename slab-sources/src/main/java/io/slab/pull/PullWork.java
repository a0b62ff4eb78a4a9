package io.slab.pull;

import io.slab.error.ConflictException;
import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of an export in the making. It takes the name of the export when it is whole, so that
 * nothing reads a part of an index for all of it. Locked while a run uses it.
 */
final class PullWork implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String WHAT = "pull.json";

  private final Path folder;
  private final FileChannel lock;
  private final boolean resumed;

  private PullWork(Path folder, FileChannel lock, boolean resumed) {
    this.folder = folder;
    this.lock = lock;
    this.resumed = resumed;
  }

  /**
   * Opens or makes the folder.
   *
   * @param what is read, and from where its identifiers are; another run goes on only with the same
   * @throws ConflictException where another run uses it, or one with another {@code what} left it
   */
  static PullWork open(PullOptions options, String what) throws IOException {
    if (Files.exists(options.folder())) {
      throw new ConflictException(
          options.folder() + " is there already", "name a folder that does not exist");
    }
    Path folder = options.work();
    Files.createDirectories(folder);
    FileChannel lock = lock(folder);
    try {
      if (options.restart()) {
        clear(folder);
      }
      Path mark = folder.resolve(WHAT);
      boolean resumed = Files.exists(mark);
      if (!resumed) {
        // What is here without the mark belongs to no pull.
        clear(folder);
        replace(
            mark,
            Json.bytes(json -> {
              json.writeStartObject();
              json.writeName("reads").writeString(what);
              json.writeEndObject();
            }));
      } else {
        JsonNode reads = Json.parseStored(mark.toString(), Files.readAllBytes(mark)).get("reads");
        if (reads == null || !what.equals(reads.stringValue())) {
          throw new ConflictException(
              folder + " holds another pull: " + (reads == null ? "?" : reads.stringValue()),
              "end that one, or forget it with --restart");
        }
      }
      return new PullWork(folder, lock, resumed);
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new ConflictException("another pull is at work in " + folder, "wait for it, or end it");
    }
    return channel;
  }

  private static void clear(Path folder) throws IOException {
    for (Path file : files(folder)) {
      if (!file.endsWith(LOCK)) {
        Files.delete(file);
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  boolean resumed() {
    return resumed;
  }

  /**
   * The file of a namespace: a name of it where that is a plain one, and a hash of it, so that no
   * other namespace has the same file, in this pull or another.
   */
  Path file(String namespace) {
    boolean plain = namespace.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,99}");
    String begin = plain ? namespace : namespace.isEmpty() ? "default" : "namespace";
    String hash = hash(namespace.getBytes(StandardCharsets.UTF_8));
    return folder.resolve(begin + "-" + hash.substring(0, 16) + ".jsonl");
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** Writes a small file anew, all or nothing. */
  static void replace(Path file, byte[] bytes) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel out =
        FileChannel.open(
            next,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      // Before it takes the name, so that a crash of the machine leaves no empty file.
      out.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static String sha256(Path file) throws IOException {
    MessageDigest digest = digest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      int count;
      while ((count = in.read(buffer)) >= 0) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String hash(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Leaves only what belongs to the export, and gives the folder its name. */
  void finish(Path place, List<Path> keep) {
    try {
      for (Path file : files(folder)) {
        if (!keep.contains(file)) {
          Files.delete(file);
        }
      }
      Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw StoreException.refused(
          StoreException.Kind.FAILED,
          "the export is whole, and could not be given its name " + place + ": " + e.getMessage(),
          "move " + folder + " to it",
          e);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
