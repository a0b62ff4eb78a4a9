package io.slab.source.scan;

import io.slab.error.MissingException;
import io.slab.error.StoreException;
import io.slab.source.SourceFiles;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectNames;
import io.slab.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Objects under a prefix of a store, as on S3. Thread-safe. */
public final class StoreFiles implements SourceFiles {
  private static final int PIECE = 8 << 20;
  private static final String DELTA_FIRST = TableFormats.DELTA_LOG + "/00000000000000000000.json";
  private static final String DELTA_CHECKPOINT = TableFormats.DELTA_LOG + "/_last_checkpoint";

  private final ObjectStore store;
  private final String only;

  /**
   * @param store the caller that opened it closes it
   * @param only the object that is the location, or null when the location is the whole store
   */
  public StoreFiles(ObjectStore store, String only) {
    this.store = store;
    this.only = only;
  }

  private String name(String path) {
    return path.isEmpty() && only != null ? only : path;
  }

  @Override
  public String location() {
    return describe("");
  }

  @Override
  public String describe(String path) {
    String name = name(path);
    String root = store.describe();
    return name.isEmpty() ? root : root.endsWith("/") ? root + name : root + "/" + name;
  }

  @Override
  public Entry entry(String path) {
    String name = name(path);
    if (name.isEmpty()) {
      return new Entry(path, true, 0);
    }
    try {
      ObjectNames.object(name);
    } catch (IllegalArgumentException e) {
      // What a manifest names may be anything.
      return null;
    }
    try (ByteSource object = store.open(name)) {
      return new Entry(path, false, object.length());
    } catch (MissingException e) {
      boolean folder =
          !store.list(name + "/", null).isEmpty() || !store.listFolders(name + "/").isEmpty();
      return folder ? new Entry(path, true, 0) : null;
    }
  }

  @Override
  public List<Entry> list(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    List<Entry> entries = new ArrayList<>();
    for (ObjectInfo object : store.list(prefix, null)) {
      entries.add(new Entry(object.name(), false, object.size()));
    }
    for (String name : store.listFolders(prefix)) {
      entries.add(new Entry(prefix + name, true, 0));
    }
    entries.sort(Comparator.comparing(Entry::path, NaturalOrder.NAMES));
    return entries;
  }

  /** Looks for the objects with which the log of a Delta table begins, of which one is there. */
  @Override
  public String tableAround() {
    // Of a location that is a folder, nothing around is known.
    boolean table = only != null && only.endsWith(".parquet");
    return table && (there(DELTA_FIRST) || there(DELTA_CHECKPOINT)) ? store.describe() : null;
  }

  private boolean there(String object) {
    try (ByteSource source = store.open(object)) {
      return source.length() >= 0;
    } catch (MissingException e) {
      return false;
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.DENIED) {
        // So S3 answers where listing is not allowed and there is no such object.
        return false;
      }
      throw e;
    }
  }

  @Override
  public InputStream stream(String path) {
    return new Pieces(open(path));
  }

  @Override
  public ByteSource open(String path) {
    return store.open(name(path));
  }

  /** Reads an object from its beginning on, a piece at a time. */
  static final class Pieces extends InputStream {
    private final ByteSource source;
    private long next;
    private byte[] piece = new byte[0];
    private int pos;

    Pieces(ByteSource source) {
      this.source = source;
    }

    private boolean ensure() {
      if (pos == piece.length) {
        // A small one first: many files are only looked at.
        long most = next == 0 ? 1 << 16 : PIECE;
        long length = Math.min(most, source.length() - next);
        if (length == 0) {
          return false;
        }
        MemorySegment bytes = source.read(next, length);
        piece = bytes.toArray(ValueLayout.JAVA_BYTE);
        next += length;
        pos = 0;
      }
      return true;
    }

    @Override
    public int read() {
      return ensure() ? piece[pos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (!ensure()) {
        return -1;
      }
      int n = Math.min(length, piece.length - pos);
      System.arraycopy(piece, pos, into, from, n);
      pos += n;
      return n;
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
