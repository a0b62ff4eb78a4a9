package io.slab.source.scan;

import io.slab.source.RecordReader;
import java.util.function.LongSupplier;

/** A reader of unpacked text that counts the bytes of the packed file. */
final class PackedReader extends ReaderView {
  private final LongSupplier fileBytes;

  PackedReader(RecordReader text, LongSupplier fileBytes) {
    super(text);
    this.fileBytes = fileBytes;
  }

  @Override
  public long bytesRead() {
    return fileBytes.getAsLong();
  }

  @Override
  public boolean checked() {
    return inner.checked();
  }
}
