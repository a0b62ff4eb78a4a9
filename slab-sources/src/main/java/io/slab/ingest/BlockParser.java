package io.slab.ingest;

import io.slab.model.IndexSpec;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import java.util.Arrays;
import java.util.List;

/** Reads the records of one {@link LineBlock} after the other. One thread only. */
final class BlockParser {
  private final RecordParser parser;
  private final int maxLine;

  private LineBlock block;
  private String file;
  private int at;
  private int lineStart;
  private int lineEnd;
  private long line;
  private VectorRecord record;
  private RecordProblem problem;

  BlockParser(IndexSpec spec, int maxLine) {
    parser = new RecordParser(spec);
    this.maxLine = maxLine;
  }

  /** Starts on a block of the input called {@code file}. */
  void start(String file, LineBlock block) {
    this.file = file;
    this.block = block;
    at = block.textStart();
    line = block.firstLine() - 1;
  }

  /** Goes to the next line that is not empty; false when the block has no more. */
  boolean next() {
    record = null;
    problem = null;
    while (block != null && at < block.size()) {
      lineStart = at;
      lineEnd = BlockReader.firstNewline(block.bytes(), at, block.size());
      at = lineEnd + 1;
      line++;
      if (!isBlank()) {
        read();
        return true;
      }
    }
    return false;
  }

  private boolean isBlank() {
    if (lineEnd > lineStart && block.bytes()[lineEnd - 1] == '\r') {
      lineEnd--;
    }
    int p = lineStart;
    while (p < lineEnd && (block.bytes()[p] == ' ' || block.bytes()[p] == '\t')) {
      p++;
    }
    return p == lineEnd;
  }

  private void read() {
    if (block.overlong() || lineEnd - lineStart > maxLine) {
      at = block.overlong() ? block.size() : at;
      String message = "Line is longer than the limit of " + maxLine + " bytes";
      problem = new RecordProblem(file, line, block.offset() + lineStart, null, null, message);
      return;
    }
    try {
      record = parser.parse(block.bytes(), lineStart, lineEnd);
    } catch (BadRecordException e) {
      problem =
          new RecordProblem(
              file,
              line,
              block.offset() + e.position(),
              parser.idOfRefused(),
              e.field(),
              e.getMessage());
    }
  }

  /** The record of this line, or null when it was refused. */
  VectorRecord record() {
    return record;
  }

  /** What was done to the record of this line. */
  List<Note> notes() {
    return parser.notes();
  }

  /** Why this line was refused, or null. */
  RecordProblem problem() {
    return problem;
  }

  /** Number of this line in its input, from 1. */
  long line() {
    return line;
  }

  /** Offset of this line in its input. */
  long lineOffset() {
    return block.offset() + lineStart;
  }

  /** Bytes of the input up to the end of this line. */
  long endOffset() {
    return block.offset() + Math.min(at, block.size());
  }

  /** The bytes of this line, at most {@code limit} of them. */
  byte[] raw(int limit) {
    int size = Math.min(lineEnd - lineStart, limit);
    return Arrays.copyOfRange(block.bytes(), lineStart, lineStart + size);
  }

  /** False when this line is over the limit. */
  boolean isWithinLimit() {
    return lineEnd - lineStart <= maxLine;
  }
}
