package io.slab.testkit;

import io.slab.error.CorruptException;
import io.slab.store.ByteSource;
import io.slab.store.ObjectUpload;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An object in memory: write it as an upload, read it as a source, damage it in between. */
public final class HeapObject implements ObjectUpload {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Override
  public void write(MemorySegment bytes) {
    out.writeBytes(bytes.toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public long position() {
    return out.size();
  }

  @Override
  public void commit() {}

  @Override
  public void close() {}

  public byte[] bytes() {
    return out.toByteArray();
  }

  /** A source over bytes; {@code mapped} false behaves like remote storage. */
  public static ByteSource source(String name, byte[] bytes, boolean mapped) {
    return new ByteSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public boolean mapped() {
        return mapped;
      }

      @Override
      public MemorySegment read(long offset, long length) {
        if (offset < 0 || length < 0 || offset > bytes.length - length) {
          throw new CorruptException(name, offset, bytes.length + " bytes", length + " bytes here");
        }
        return MemorySegment.ofArray(bytes).asSlice(offset, length).asReadOnly();
      }

      @Override
      public void close() {}
    };
  }
}
