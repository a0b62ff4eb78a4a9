package io.slab.ingest;

import io.slab.model.VectorRecord;
import io.slab.source.Note;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one block of lines, in order.
 *
 * @param input number of the input
 * @param lines its lines that are not empty
 * @param bytes size of the block in the input
 */
record ParsedBlock(int input, List<Line> lines, long bytes) {
  /**
   * One line: a record or a reject, the other one null.
   *
   * @param number line number in the input, from 1
   * @param notes what was done to the record, mostly nothing
   * @param position where it stands, for people; null without notes
   */
  record Line(long number, VectorRecord record, Reject reject, List<Note> notes, String position) {
    /** A refused line. */
    static Line refused(long number, Reject reject) {
      return new Line(number, null, reject, List.of(), null);
    }
  }

  /** Parses a whole block, leaving out lines before {@code firstLine}. */
  static ParsedBlock parse(BlockParser parser, InputBlocks.Numbered next, long firstLine) {
    List<Line> lines = new ArrayList<>();
    LineBlock block = next.block();
    parser.start(next.name(), block);
    while (parser.next()) {
      if (parser.line() >= firstLine) {
        lines.add(line(parser, block, next.name()));
      }
    }
    return new ParsedBlock(next.input(), lines, block.size());
  }

  private static Line line(BlockParser parser, LineBlock block, String file) {
    if (parser.problem() != null) {
      return Line.refused(parser.line(), reject(parser, block));
    }
    List<Note> notes = parser.notes();
    String position = notes.isEmpty() ? null : file + ":" + parser.line();
    return new Line(parser.line(), parser.record(), null, notes, position);
  }

  private static Reject reject(BlockParser parser, LineBlock block) {
    boolean complete = !block.overlong() && parser.isWithinLimit();
    byte[] raw = parser.raw(complete ? Integer.MAX_VALUE : Reject.MAX_OVERLONG_BYTES);
    return new Reject(parser.problem(), parser.lineOffset(), raw, complete);
  }
}
