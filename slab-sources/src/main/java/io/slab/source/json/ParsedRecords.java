package io.slab.source.json;

import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.SourceProblem;
import java.util.ArrayList;
import java.util.List;

/** A block whose records are parsed. */
final class ParsedRecords {
  /**
   * One record, or why there is none.
   *
   * @param number its number within the block
   */
  record Item(
      int number, VectorRecord record, SourceProblem problem, String namespace, List<Note> notes) {}

  /**
   * The first record that is wanted of a part.
   *
   * @param ordinal its number within the part, from 0
   * @param line else the number of its line, from 1
   */
  record Start(long ordinal, long line) {
    static final Start ALL = new Start(0, 0);

    boolean wants(RecordBlock block, int record) {
      return block.firstOrdinal() + record >= ordinal
          && (block.lines() == null || block.lines()[record] >= line);
    }

    /** Number within a block of the first record that is wanted, or how many the block has. */
    int in(RecordBlock block) {
      int from = Math.clamp(ordinal - block.firstOrdinal(), 0, block.count());
      while (from < block.count() && !wants(block, from)) {
        from++;
      }
      return from;
    }
  }

  private final RecordBlock block;
  private final List<Item> items;

  private ParsedRecords(RecordBlock block, List<Item> items) {
    this.block = block;
    this.items = items;
  }

  RecordBlock block() {
    return block;
  }

  List<Item> items() {
    return items;
  }

  /**
   * Parses a block, leaving out what is not wanted.
   *
   * @param part what positions call the part
   * @param most longest record in bytes
   */
  static ParsedRecords parse(
      JsonRecordParser parser, RecordBlock block, String part, int most, Start start) {
    int from = start.in(block);
    List<Item> items = new ArrayList<>(block.count() - from);
    for (int i = from; i < block.count(); i++) {
      items.add(item(parser, block, part, most, i));
    }
    return new ParsedRecords(block, items);
  }

  private static Item item(
      JsonRecordParser parser, RecordBlock block, String part, int most, int number) {
    String key = block.keys() == null ? null : block.keys()[number];
    if (block.isCut(number)) {
      String message = RecordBlock.overLimit(most);
      return refused(block, part, number, block.start(number), null, null, message);
    }
    if (block.problem(number) != null) {
      return refused(block, part, number, block.start(number), null, null, block.problem(number));
    }
    try {
      VectorRecord record =
          parser.parse(block.bytes(), block.start(number), block.end(number), key);
      String namespace = parser.namespace() != null ? parser.namespace() : block.namespace();
      return new Item(number, record, null, namespace, parser.notes());
    } catch (BadRecordException e) {
      String id = parser.idOfRefused(key);
      return refused(block, part, number, e.position(), id, e.field(), e.getMessage());
    }
  }

  private static Item refused(
      RecordBlock block, String part, int number, int at, String id, String field, String message) {
    long offset = block.offset(number) + at - block.start(number);
    SourceProblem problem =
        new SourceProblem(
            position(block, part, number),
            block.firstOrdinal() + number,
            offset,
            id,
            field,
            message);
    return new Item(number, null, problem, block.namespace(), List.of());
  }

  /** Where a record stands, for people. */
  static String position(RecordBlock block, String part, int number) {
    return block.lines() != null
        ? part + ":" + block.lines()[number]
        : part + " record " + (block.firstOrdinal() + number + 1);
  }
}
