package io.slab.ingest;

import io.slab.model.VectorRecord;
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
   */
  record Line(long number, VectorRecord record, Reject reject) {}

  /** Parses a whole block, leaving out lines before {@code firstLine}. */
  static ParsedBlock parse(BlockParser parser, InputBlocks.Numbered next, long firstLine) {
    List<Line> lines = new ArrayList<>();
    LineBlock block = next.block();
    parser.start(next.name(), block);
    while (parser.next()) {
      if (parser.line() >= firstLine) {
        lines.add(new Line(parser.line(), parser.record(), reject(parser, block)));
      }
    }
    return new ParsedBlock(next.input(), lines, block.size());
  }

  private static Reject reject(BlockParser parser, LineBlock block) {
    if (parser.problem() == null) {
      return null;
    }
    boolean complete = !block.overlong() && parser.isWithinLimit();
    byte[] raw = parser.raw(complete ? Integer.MAX_VALUE : Reject.MAX_OVERLONG_BYTES);
    return new Reject(parser.problem(), parser.lineOffset(), raw, complete);
  }
}
