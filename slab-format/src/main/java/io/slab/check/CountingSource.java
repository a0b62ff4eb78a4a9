package io.slab.check;

import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;

/** A source that reports what is read from it; closing it closes the source behind it. */
record CountingSource(ByteSource source, Findings findings) implements ByteSource {
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
    return source.mapped();
  }

  @Override
  public boolean isNear() {
    return source.isNear();
  }

  @Override
  public MemorySegment read(long offset, long length) {
    findings.read(length);
    return source.read(offset, length);
  }

  @Override
  public void close() {
    source.close();
  }
}
