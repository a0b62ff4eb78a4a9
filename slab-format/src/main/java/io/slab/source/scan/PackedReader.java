package io.slab.source.scan;

import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.RecordReader;
import io.slab.source.SourceProblem;
import java.util.List;
import java.util.function.LongSupplier;

/** A reader of unpacked text that counts the bytes of the packed file. */
final class PackedReader implements RecordReader {
  private final RecordReader text;
  private final LongSupplier fileBytes;

  PackedReader(RecordReader text, LongSupplier fileBytes) {
    this.text = text;
    this.fileBytes = fileBytes;
  }

  @Override
  public boolean next() {
    return text.next();
  }

  @Override
  public VectorRecord record() {
    return text.record();
  }

  @Override
  public SourceProblem problem() {
    return text.problem();
  }

  @Override
  public String namespace() {
    return text.namespace();
  }

  @Override
  public List<Note> notes() {
    return text.notes();
  }

  @Override
  public String position() {
    return text.position();
  }

  @Override
  public long ordinal() {
    return text.ordinal();
  }

  @Override
  public void skipTo(long ordinal) {
    text.skipTo(ordinal);
  }

  @Override
  public long bytesRead() {
    return fileBytes.getAsLong();
  }

  @Override
  public byte[] raw() {
    return text.raw();
  }

  @Override
  public void close() {
    text.close();
  }
}
