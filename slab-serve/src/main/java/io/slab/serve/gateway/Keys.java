package io.slab.serve.gateway;

import io.slab.error.InvalidInputException;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys that open the server (spec/serve.md, "Keys"): a file of lines {@code
 * name:sha256-of-the-key:rw}, {@code ro} for reading only, and behind another colon the indexes
 * that it is for. The file is read again when it changed; a file that is damaged then changes
 * nothing. Thread-safe.
 */
public final class Keys {
  private static final int MAX_FILE = 1 << 20;
  private static final long LOOK_NANOS = 1_000_000_000L;

  /** Who asks: what a key is called, and what it may. */
  public record Caller(String name, boolean writes, Set<String> indexes) {
    /** Where no keys are. */
    public static final Caller WITHOUT_KEYS = new Caller("", true, Set.of());

    /** Whether it may see an index. */
    public boolean sees(String index) {
      return indexes.isEmpty() || indexes.contains(index);
    }
  }

  private record Key(byte[] hash, Caller caller) {}

  private final Path file;
  private volatile List<Key> keys;
  private volatile FileTime modified;
  private volatile long lookedAt;

  private Keys(Path file) {
    this.file = file;
  }

  /** A server that asks for no key. */
  public static Keys none() {
    return new Keys(null);
  }

  /**
   * The keys of a file.
   *
   * @throws InvalidInputException when it cannot be read, or a line of it is none
   */
  public static Keys of(Path file) {
    Keys keys = new Keys(file);
    try {
      keys.modified = Files.getLastModifiedTime(file);
      keys.keys = read(file);
    } catch (IOException e) {
      throw new InvalidInputException("the keys in " + file + " cannot be read: " + e, null, e);
    }
    keys.lookedAt = System.nanoTime();
    return keys;
  }

  /** Whether a key is asked for. */
  public boolean areNeeded() {
    return file != null;
  }

  private static List<Key> read(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE) {
      throw new InvalidInputException(file + " is too large for a file of keys");
    }
    List<Key> keys = new ArrayList<>();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        keys.add(key(line, file + " line " + (i + 1)));
      }
    }
    return keys;
  }

  private static Set<String> indexes(String list) {
    Set<String> indexes = new TreeSet<>();
    for (String index : list.split(",", -1)) {
      indexes.add(index.strip());
    }
    return Set.copyOf(indexes);
  }

  private static Key key(String line, String where) {
    String[] parts = line.split(":", -1);
    boolean fits =
        parts.length >= 3
            && parts.length <= 4
            && parts[1].matches("[0-9a-fA-F]{64}")
            && (parts[2].equals("rw") || parts[2].equals("ro"));
    if (!fits) {
      throw new InvalidInputException(
          where + " is no key", "write name:sha256-of-the-key:rw, or ro, and :index,index behind");
    }
    Set<String> indexes = parts.length == 4 ? indexes(parts[3]) : Set.of();
    Caller caller = new Caller(parts[0], parts[2].equals("rw"), indexes);
    return new Key(HexFormat.of().parseHex(parts[1].toLowerCase(java.util.Locale.ROOT)), caller);
  }

  /**
   * Who a key belongs to. Every key of the file is compared, in constant time.
   *
   * @param presented null where none was sent
   * @throws ApiException for one that is not known
   */
  public Caller caller(String presented) {
    if (file == null) {
      return Caller.WITHOUT_KEYS;
    }
    rereadIfChanged();
    byte[] hash = hash(presented == null ? "" : presented);
    Caller found = null;
    for (Key key : keys) {
      if (MessageDigest.isEqual(key.hash, hash)) {
        found = key.caller;
      }
    }
    if (found == null || presented == null) {
      throw new ApiException(Status.UNAUTHENTICATED, "Invalid API Key");
    }
    return found;
  }

  private void rereadIfChanged() {
    long now = System.nanoTime();
    if (now - lookedAt < LOOK_NANOS) {
      return;
    }
    lookedAt = now;
    reread(false);
  }

  /** Reads the file again, whether it looks changed or not; a damaged one changes nothing. */
  public void reread() {
    if (file != null) {
      reread(true);
    }
  }

  private void reread(boolean anyway) {
    try {
      FileTime time = Files.getLastModifiedTime(file);
      if (anyway || !time.equals(modified)) {
        keys = read(file);
        modified = time;
      }
    } catch (IOException | InvalidInputException e) {
      System.err.println("slab serve: the keys stay as they were: " + e.getMessage());
    }
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
