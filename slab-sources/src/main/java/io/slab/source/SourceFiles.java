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
   * @param bytes size of a file; -1 for what is no ordinary file, such as a pipe
   */
  record Entry(String path, boolean folder, long bytes) {
    /** The last part of the path. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** True for what a listing does not show unasked: its name begins with a dot. */
    public boolean hidden() {
      return name().startsWith(".");
    }
  }

  /** What the user named. */
  String location();

  /** What a user would call a path. */
  String describe(String path);

  /** The location itself or something in it; null when there is no such thing. */
  Entry entry(String path);

  /** What is directly in a folder, in natural order: {@code a2} before {@code a10}. */
  List<Entry> list(String folder);

  /** The folder of a table, around the location, whose log says what of it counts; or null. */
  default String tableAround() {
    return null;
  }

  /** True for a symbolic link. */
  default boolean link(String path) {
    return false;
  }

  /**
   * What a path stands for in the end: equal for a link and the file or folder that it leads to.
   * Null for a link that leads to nothing.
   */
  default String identity(String path) {
    return path;
  }

  /** Opens a file from its first byte on. */
  InputStream stream(String path) throws IOException;

  /** Opens a file for random reads. */
  ByteSource open(String path);

  @Override
  default void close() {}
}
