package io.slab.source.json;

import io.slab.model.IndexSpec;
import io.slab.model.VectorRecord;
import io.slab.source.FieldMap;
import io.slab.source.Note;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.SourceProblem;
import java.io.InputStream;
import java.util.List;

/** JSON lines that are read for an index, as an ingest reads them. */
public final class IndexLines implements AutoCloseable {
  private final RecordReader reader;

  public IndexLines(InputStream in, String name, IndexSpec spec) {
    this(new BlockReader(in), name, spec);
  }

  IndexLines(BlockReader blocks, String name, IndexSpec spec) {
    ReadOptions options = ReadOptions.defaults().forIndex(spec);
    reader = JsonRecords.lines(name, null, new LineBlocks(blocks), FieldMap.USUAL, options);
  }

  public boolean next() {
    return reader.next();
  }

  public VectorRecord record() {
    return reader.record();
  }

  public SourceProblem problem() {
    return reader.problem();
  }

  public List<Note> notes() {
    return reader.notes();
  }

  long line() {
    return reader.number();
  }

  long bytesRead() {
    return reader.bytesRead();
  }

  byte[] raw() {
    return reader.raw();
  }

  @Override
  public void close() {
    reader.close();
  }
}
