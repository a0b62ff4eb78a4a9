package io.slab.ingest;

import io.slab.error.StoreException;
import io.slab.model.IndexSpec;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Streams records from JSON lines in bounded memory: one buffer of about a megabyte, or as long as
 * the longest line up to 16 MiB. Empty lines, a byte order mark at the beginning and carriage
 * returns before newlines are passed over. A bad line is a {@link RecordProblem} and the reader
 * goes on with the next one. One thread only.
 *
 * <pre>{@code
 * while (reader.next()) {
 *   if (reader.problem() != null) { ... } else { use(reader.record()); }
 * }
 * }</pre>
 */
public final class JsonlReader implements AutoCloseable {
  private final BlockReader blocks;
  private final BlockParser parser;
  private final String name;
  private byte[] buffer;

  /**
   * @param in the input, closed with this reader
   * @param name what problems call the input
   * @param spec the index that the records are for
   */
  public JsonlReader(InputStream in, String name, IndexSpec spec) {
    this(new BlockReader(in), name, spec);
  }

  JsonlReader(BlockReader blocks, String name, IndexSpec spec) {
    this.blocks = blocks;
    this.name = name;
    parser = new BlockParser(spec, blocks.maxLine());
  }

  /**
   * Goes to the next line that is not empty.
   *
   * @return false at the end of the input
   * @throws StoreException when the input cannot be read
   */
  public boolean next() {
    while (!parser.next()) {
      try {
        LineBlock block = blocks.next(buffer);
        if (block == null) {
          return false;
        }
        buffer = block.bytes();
        parser.start(name, block);
      } catch (IOException e) {
        throw ReadFailure.of(name, e);
      }
    }
    return true;
  }

  /** The record of the current line, or null when it was refused. */
  public VectorRecord record() {
    return parser.record();
  }

  /** Why the current line was refused, or null when it was not. */
  public RecordProblem problem() {
    return parser.problem();
  }

  /** What was done to the record of the current line, mostly nothing. */
  public List<Note> notes() {
    return parser.notes();
  }

  /** Number of the current line, from 1. */
  public long line() {
    return parser.line();
  }

  /** Bytes of the input up to the end of the current line. */
  public long bytesRead() {
    return parser.endOffset();
  }

  /** The bytes of the current line without its end. */
  public byte[] raw() {
    return parser.raw(Integer.MAX_VALUE);
  }

  @Override
  public void close() {
    try {
      blocks.close();
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }
}
