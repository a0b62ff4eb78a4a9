package io.slab.migrate;

import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.OnFailure;
import io.slab.error.StoreException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.sort.Run;
import io.slab.sort.RunCheck;
import io.slab.store.FileKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import tools.jackson.core.JsonGenerator;

/**
 * How far a migration has come, in a folder of its own beside the target, so that a process that
 * follows a killed one goes on where that one stopped. A file of lines that only grows: eight
 * hexadecimal digits of the line's CRC-32C, a space, a JSON object. What follows the first line
 * that is not whole, or whose run is not intact, does not count and is removed.
 *
 * <p>The folder is locked while it is used. Thread-safe.
 */
final class ProgressLog implements AutoCloseable {
  private static final String FILE = "journal";
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel lockFile;
  private FileChannel channel;
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private final Map<String, Ulid> commits = new HashMap<>();
  private final Map<String, Long> progress = new HashMap<>();
  private final Map<String, NamespaceLoad> loads = new HashMap<>();
  private boolean resumed;
  private boolean forgot;

  private ProgressLog(Path folder, FileChannel lockFile) {
    this.folder = folder;
    this.lockFile = lockFile;
  }

  /**
   * Opens or creates the progress log.
   *
   * <p>What an earlier run of the same source left whose options were others, and that wrote
   * nothing, is forgotten: see {@link #forgot}.
   *
   * @param identity of the migration: source, target and everything that decides what is written;
   *     its first line is where the source is
   * @param rejectsBytes length of the file of refused records now; checkpoints beyond it do not
   *     count
   * @param rejectsWanted true when refused records go to a file; checkpoints after some that went
   *     nowhere do not count then
   * @param anew true to forget what there is
   * @throws ConflictException when another process uses it, or it belongs to another migration
   */
  static ProgressLog open(
      Path folder, String identity, long rejectsBytes, boolean rejectsWanted, boolean anew) {
    try {
      Files.createDirectories(folder);
      FileChannel lockFile =
          FileChannel.open(
              folder.resolve(LOCK), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      ProgressLog progressLog = new ProgressLog(folder, lockFile);
      return OnFailure.close(
          progressLog,
          () -> {
            progressLog.lock();
            progressLog.load(identity, rejectsBytes, rejectsWanted, anew);
            return progressLog;
          });
    } catch (IOException e) {
      throw failure("use", folder, e);
    }
  }

  private void lock() throws IOException {
    FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new ConflictException(
          "another process is at this migration: it works in " + folder,
          "wait until it is done, or choose another folder with --work");
    }
  }

  private void load(String identity, long rejectsBytes, boolean rejectsWanted, boolean anew)
      throws IOException {
    Path file = folder.resolve(FILE);
    if (anew || FileKind.isAbsent(file)) {
      begin(file, identity);
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    int from = lineEnd(bytes, 0) + 1;
    JsonNode begun = from == 0 ? null : entry(bytes, 0, from - 1);
    if (begun == null || !isOf(begun.get("identity").stringValue(), identity, bytes, from)) {
      begin(file, identity);
      return;
    }
    while (true) {
      int end = lineEnd(bytes, from);
      JsonNode entry = end < 0 ? null : entry(bytes, from, end);
      if (entry == null || !take(entry, rejectsBytes, rejectsWanted)) {
        break;
      }
      from = end + 1;
    }
    resumed = !checkpoints.isEmpty();
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
    channel.truncate(from);
    channel.position(from);
    removeStrangers();
  }

  /**
   * True when what is there belongs to this migration; false when it may be forgotten: a run of the
   * same source under other options, which wrote nothing.
   *
   * @param entries where the entries after the first begin
   * @throws ConflictException when it must not be forgotten without being asked
   */
  private boolean isOf(String found, String identity, byte[] bytes, int entries) {
    if (found.equals(identity)) {
      return true;
    }
    boolean sameSource = firstLine(found).equals(firstLine(identity));
    boolean wrote = wrote(bytes, entries);
    if (sameSource && !wrote) {
      forgot = true;
      return false;
    }
    throw new ConflictException(
        folder
            + " holds an unfinished migration of another source, or to another target, or with"
            + " other options"
            + (wrote ? ", which has written records" : ""),
        "finish that one, or pass --restart to forget it; nothing of the index is changed by"
            + " forgetting");
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** True when an entry says that something of the index was written, or was about to be. */
  private static boolean wrote(byte[] bytes, int from) {
    int at = from;
    for (int end = lineEnd(bytes, at); end >= 0; end = lineEnd(bytes, at)) {
      JsonNode entry = entry(bytes, at, end);
      if (entry != null && !entry.get("type").stringValue().equals("checkpoint")) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  private void begin(Path file, String identity) throws IOException {
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING);
    removeStrangers();
    append(out -> {
      out.writeStartObject();
      out.writeStringProperty("type", "begin");
      out.writeStringProperty("identity", identity);
      out.writeEndObject();
    });
  }

  private static int lineEnd(byte[] bytes, int from) {
    for (int at = from; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  private static JsonNode entry(byte[] bytes, int from, int end) {
    if (end - from < 10) {
      return null;
    }
    byte[] json = java.util.Arrays.copyOfRange(bytes, from + 9, end);
    String crc = new String(bytes, from, 8, java.nio.charset.StandardCharsets.US_ASCII);
    try {
      return crc.equals(crc(json)) ? Json.parseStored(FILE, json) : null;
    } catch (CorruptException e) {
      return null;
    }
  }

  private static String crc(byte[] json) {
    CRC32C crc = new CRC32C();
    crc.update(json);
    return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
  }

  /** False when the entry does not count, and with it all that follow. */
  private boolean take(JsonNode entry, long rejectsBytes, boolean rejectsWanted) {
    switch (entry.get("type").stringValue()) {
      case "checkpoint" -> {
        Checkpoint checkpoint = Checkpoint.read(entry);
        boolean unlisted = checkpoint.tally().rejected() > 0 && checkpoint.rejectsBytes() == 0;
        if (checkpoint.rejectsBytes() > rejectsBytes
            || (rejectsWanted && unlisted)
            || (checkpoint.run() != null && !RunCheck.isIntact(folder, checkpoint.run()))) {
          return false;
        }
        checkpoints.add(checkpoint);
      }
      case "commit" ->
          commits.put(
              entry.get("namespace").stringValue(), Ulid.parse(entry.get("commit").stringValue()));
      case "progress" ->
          progress.put(entry.get("namespace").stringValue(), entry.get("rows").longValue());
      case "loaded" -> {
        NamespaceLoad load = NamespaceLoad.read(entry);
        loads.put(load.namespace(), load);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Files of runs that no entry names: they may be there by halves. */
  private void removeStrangers() throws IOException {
    List<Run> runs = runs();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        boolean known = runs.stream().anyMatch(run -> name.startsWith(run.stem()));
        if ((name.startsWith(Run.PREFIX) && !known) || name.equals("order")) {
          Files.delete(file);
        }
      }
    }
  }

  Path folder() {
    return folder;
  }

  /** True when there was something to go on with. */
  boolean resumed() {
    return resumed;
  }

  /** True when a run with other options, which had written nothing, was forgotten. */
  boolean forgot() {
    return forgot;
  }

  /** In their order. */
  synchronized List<Checkpoint> checkpoints() {
    return List.copyOf(checkpoints);
  }

  /** Runs of all checkpoints, in the order of their records. */
  synchronized List<Run> runs() {
    return checkpoints.stream().map(Checkpoint::run).filter(java.util.Objects::nonNull).toList();
  }

  /** The commit that an earlier process meant to make a namespace's records visible with. */
  synchronized Ulid commit(String namespace) {
    return commits.get(namespace);
  }

  /** Records of a namespace that are in its log for certain. */
  synchronized long progress(String namespace) {
    return progress.getOrDefault(namespace, 0L);
  }

  /** What became of a namespace that is done, or null. */
  synchronized NamespaceLoad load(String namespace) {
    return loads.get(namespace);
  }

  synchronized void add(Checkpoint checkpoint) {
    append(checkpoint::write);
    checkpoints.add(checkpoint);
  }

  /** Before a commit whose outcome a later process may have to find out. */
  synchronized void meanCommit(String namespace, Ulid commit) {
    append(out -> {
      out.writeStartObject();
      out.writeStringProperty("type", "commit");
      out.writeStringProperty("namespace", namespace);
      out.writeStringProperty("commit", commit.toString());
      out.writeEndObject();
    });
    force();
    commits.put(namespace, commit);
  }

  synchronized void addProgress(String namespace, long rows) {
    append(out -> {
      out.writeStartObject();
      out.writeStringProperty("type", "progress");
      out.writeStringProperty("namespace", namespace);
      out.writeNumberProperty("rows", rows);
      out.writeEndObject();
    });
    progress.put(namespace, rows);
  }

  synchronized void add(NamespaceLoad load) {
    append(load::write);
    force();
    loads.put(load.namespace(), load);
  }

  private void append(Consumer<JsonGenerator> content) {
    byte[] json = Json.bytes(content);
    ByteBuffer line =
        ByteBuffer.allocate(json.length + 10)
            .put(Utf8.bytes(crc(json)))
            .put((byte) ' ')
            .put(json)
            .put((byte) '\n')
            .flip();
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      throw failure("write", folder.resolve(FILE), e);
    }
  }

  private void force() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw failure("write", folder.resolve(FILE), e);
    }
  }

  /** The migration is over: removes the folder as far as it is ours. */
  void discard() {
    try {
      runs().forEach(run -> RunCheck.delete(folder, run));
      close();
      Files.deleteIfExists(folder.resolve(FILE));
      Files.deleteIfExists(folder.resolve(LOCK));
      Files.deleteIfExists(folder);
    } catch (java.nio.file.DirectoryNotEmptyException e) {
      // Something of the user's: the folder stays.
      return;
    } catch (IOException e) {
      throw failure("delete", folder, e);
    }
  }

  private static StoreException failure(String verb, Path path, IOException cause) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "cannot " + verb + " " + path + ": " + cause.getMessage(),
        "check the space and the permissions, or choose another folder with --work",
        cause);
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
      lockFile.close();
    } catch (IOException e) {
      throw failure("close", folder, e);
    }
  }
}
