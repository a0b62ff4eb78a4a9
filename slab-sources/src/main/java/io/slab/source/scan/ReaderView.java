package io.slab.source.scan;

import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.RecordReader;
import io.slab.source.SourceProblem;
import java.util.List;

/** A reader that hands out what another one reads. */
abstract class ReaderView implements RecordReader {
  final RecordReader inner;

  ReaderView(RecordReader inner) {
    this.inner = inner;
  }

  @Override
  public boolean next() {
    return inner.next();
  }

  @Override
  public VectorRecord record() {
    return inner.record();
  }

  @Override
  public SourceProblem problem() {
    return inner.problem();
  }

  @Override
  public String namespace() {
    return inner.namespace();
  }

  @Override
  public List<Note> notes() {
    return inner.notes();
  }

  @Override
  public String position() {
    return inner.position();
  }

  @Override
  public long ordinal() {
    return inner.ordinal();
  }

  @Override
  public boolean checked() {
    return false;
  }

  @Override
  public long number() {
    return inner.number();
  }

  @Override
  public void skipToNumber(long number) {
    inner.skipToNumber(number);
  }

  @Override
  public boolean whole() {
    return inner.whole();
  }

  @Override
  public void skipTo(long ordinal) {
    inner.skipTo(ordinal);
  }

  @Override
  public long bytesRead() {
    return inner.bytesRead();
  }

  @Override
  public byte[] raw() {
    return inner.raw();
  }

  @Override
  public void close() {
    inner.close();
  }
}
