package io.slab.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is acknowledged outlives a crash: content is forced before it gets its name. */
class DurableFilesTest {
  private static final int LENGTH = 300_000;

  @TempDir Path folder;

  /** What a store forced, in order. */
  private final List<String> forced = new ArrayList<>();

  private LocalStore store(Publication.Way way) {
    LocalStore looking = new LocalStore(folder);
    return new LocalStore(
        folder,
        way,
        path -> {
          if (path.endsWith("a")) {
            forced.add("entries of a with " + looking.list("a/", null).size() + " objects");
          }
        },
        channel -> {
          int named = looking.list("a/", null).size();
          forced.add(channel.size() + " bytes beside " + named + " objects");
        });
  }

  @Test
  void contentIsForcedBeforeItHasANameAndTheNameAfterwards() {
    for (Publication.Way way : Publication.Way.values()) {
      LocalStore store = store(way);
      forced.clear();
      assertTrue(store.create("a/" + way + "-created", new byte[LENGTH]));
      int before = 2 * way.ordinal();
      assertEquals(
          List.of(
              LENGTH + " bytes beside " + before + " objects",
              "entries of a with " + (before + 1) + " objects"),
          forced.stream().filter(line -> !line.contains("with " + before)).toList(),
          "create by " + way);
      forced.clear();
      try (ObjectUpload upload = store.upload("a/" + way + "-uploaded")) {
        upload.write(MemorySegment.ofArray(new byte[LENGTH]));
        upload.write(MemorySegment.ofArray(new byte[5]));
        assertEquals(List.of(), forced);
        upload.commit();
      }
      assertEquals(
          List.of(
              LENGTH + 5 + " bytes beside " + (before + 1) + " objects",
              "entries of a with " + (before + 2) + " objects"),
          forced,
          "upload by " + way);
    }
  }

  @Test
  void contentThatCannotBeForcedGetsNoName() {
    LocalStore store =
        new LocalStore(
            folder,
            Publication.Way.LINK,
            DurableFolders::forceFolder,
            channel -> {
              throw new IOException("Input/output error");
            });
    assertThrows(StoreException.class, () -> store.create("a/1", new byte[1]));
    try (ObjectUpload upload = store.upload("a/2")) {
      upload.write(MemorySegment.ofArray(new byte[1]));
      assertThrows(StoreException.class, upload::commit);
    }
    assertEquals(List.of(), store.list("a/", null));
    assertEquals(List.of(), store.listTemporary("a/"));
  }

  /** Content and length: {@code force(false)} may leave the length behind. */
  @Test
  void theSystemIsAskedForContentAndLength() throws IOException {
    Recording channel = new Recording();
    FileForce.system(channel);
    assertEquals(List.of(true), channel.forced);
  }

  /** Knows nothing but what it was asked to force. */
  private static final class Recording extends FileChannel {
    private final List<Boolean> forced = new ArrayList<>();

    @Override
    public void force(boolean metaData) {
      forced.add(metaData);
    }

    @Override
    public int read(ByteBuffer into) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] into, int from, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] bytes, int from, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer into, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseChannel() {}
  }
}
