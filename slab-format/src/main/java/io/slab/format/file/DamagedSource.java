package io.slab.format.file;

import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;

/**
 * A slab that is read although it is damaged: every byte anew from the store, and checked each
 * time. Thread-safe as the source is.
 */
final class DamagedSource implements ByteSource {
  private final ByteSource source;

  DamagedSource(ByteSource source) {
    this.source = source;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public long length() {
    return source.length();
  }

  @Override
  public boolean mapped() {
    return false;
  }

  /** The header is not looked at: nothing in it is needed. */
  @Override
  public boolean isNear() {
    return false;
  }

  @Override
  public MemorySegment read(long offset, long length) {
    return source.read(offset, length);
  }

  @Override
  public void close() {
    source.close();
  }
}
