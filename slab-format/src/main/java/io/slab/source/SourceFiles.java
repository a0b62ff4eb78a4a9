package io.slab.source;

import io.slab.store.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The files of a location, by path relative to it, {@code /}-separated; the empty path is the
 * location itself. Thread-safe.
 */
public interface SourceFiles extends AutoCloseable {
  /**
   * A file or folder.
   *
   * @param path relative to the location
   * @param folder true for a folder
   * @param bytes size of a file
   */
  record Entry(String path, boolean folder, long bytes) {
    /** The last part of the path. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** What the user named. */
  String location();

  /** What a user would call a path. */
  String describe(String path);

  /** The location itself or something in it; null when there is no such thing. */
  Entry entry(String path);

  /** What is directly in a folder, by name in unsigned byte order; hidden files are left out. */
  List<Entry> list(String folder);

  /** Opens a file from its first byte on. */
  InputStream stream(String path) throws IOException;

  /** Opens a file for random reads. */
  ByteSource open(String path);

  @Override
  default void close() {}
}
