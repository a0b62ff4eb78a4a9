package io.slab.store;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A local object mapped into memory as one segment of any length. The mapping lives in a shared
 * arena: a segment touched after {@link #close} throws {@link IllegalStateException} instead of
 * reading memory that is gone.
 */
public final class MappedSource implements ByteSource {
  private static final long STEP = 8 << 20;

  private final String name;
  private final Path path;
  private final FileStamp stamp;
  private final Arena arena;
  private final MemorySegment segment;

  private MappedSource(
      String name, Path path, FileStamp stamp, Arena arena, MemorySegment segment) {
    this.name = name;
    this.path = path;
    this.stamp = stamp;
    this.arena = arena;
    this.segment = segment;
  }

  /** Maps a file; {@code name} is what errors call it. */
  public static MappedSource open(String name, Path path) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      // Before the file is mapped: what changes afterwards shows.
      FileStamp stamp = FileStamp.of(path);
      long size = channel.size();
      MemorySegment segment =
          size == 0
              ? MemorySegment.NULL
              : channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      return new MappedSource(name, path, stamp, arena, segment);
    } catch (NoSuchFileException e) {
      arena.close();
      throw new MissingException(path.toString(), -1, "no such object", "an object");
    } catch (IOException e) {
      arena.close();
      throw StoreErrors.of("open", path, e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return segment.byteSize();
  }

  @Override
  public boolean mapped() {
    return true;
  }

  @Override
  public boolean isStale() {
    try {
      return !FileStamp.of(path).equals(stamp);
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      throw StoreErrors.of("look at", path, e);
    }
  }

  @Override
  public void requireReadable() {
    try (FileSource file = FileSource.open(name, path)) {
      long now = file.length();
      if (now < length()) {
        throw new CorruptException(
            name, now, "the end of the file", length() + " bytes, as when it was opened");
      }
      for (long at = 0; at < length(); at += STEP) {
        file.read(at, Math.min(STEP, length() - at));
      }
    }
  }

  @Override
  public MemorySegment read(long offset, long length) {
    return slice(name, segment, offset, length);
  }

  /**
   * A bounds-checked slice whose failure is corruption: the object is shorter than something
   * claims.
   */
  public static MemorySegment slice(String name, MemorySegment segment, long offset, long length) {
    ObjectRange.require(name, segment.byteSize(), offset, length);
    return segment.asSlice(offset, length);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
