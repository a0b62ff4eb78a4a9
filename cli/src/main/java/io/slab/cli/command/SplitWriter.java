package io.slab.cli.command;

import io.slab.export.RecordWriter;
import io.slab.model.VectorRecord;
import java.io.IOException;

/** Goes on with another file after so many records. At least one file is written. */
final class SplitWriter implements RecordWriter {
  /** Begins a file. */
  @FunctionalInterface
  interface Opener {
    RecordWriter open(int number) throws IOException;
  }

  private final long most;
  private final Opener opener;
  private RecordWriter current;
  private long records;
  private int files;

  SplitWriter(long most, Opener opener) throws IOException {
    this.most = most;
    this.opener = opener;
    current = opener.open(files++);
  }

  @Override
  public void write(VectorRecord record) throws IOException {
    if (records == most) {
      current.finish();
      current.close();
      current = opener.open(files++);
      records = 0;
    }
    current.write(record);
    records++;
  }

  @Override
  public void finish() throws IOException {
    current.finish();
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
