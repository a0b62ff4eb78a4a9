package io.slab.source.json;

import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.ReadFailure;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.SourceProblem;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Hands out the records of blocks that are parsed here or ahead on other threads. */
final class BlockRecordReader implements RecordReader {
  /** How much is shown of a record that is too long to be held. */
  private static final int CUT = 1024;

  private final String part;
  private final String namespace;
  private final ParsedSupply supply;
  private final boolean byLine;
  private final boolean checked;
  private ParsedRecords current;
  private int at = -1;
  private ParsedRecords.Start start = ParsedRecords.Start.ALL;
  private long bytes;

  private BlockRecordReader(
      String part, String namespace, ParsedSupply supply, boolean byLine, boolean checked) {
    this.part = part;
    this.namespace = namespace;
    this.supply = supply;
    this.byLine = byLine;
    this.checked = checked;
  }

  /**
   * Opens a reader.
   *
   * @param part what positions call the part
   * @param namespace of records that name none, or null
   * @param parsers makes a parser for each thread, by the options
   */
  static BlockRecordReader open(
      String part,
      String namespace,
      RecordBlocks blocks,
      Supplier<JsonRecordParser> parsers,
      ReadOptions options) {
    int threads = options.threads();
    ParsedSupply supply =
        threads == 1
            ? new SerialSupply(part, blocks, parsers.get())
            : new ParallelSupply(part, blocks, parsers, threads - 1);
    return new BlockRecordReader(
        part, namespace, supply, blocks instanceof LineBlocks, options.spec() != null);
  }

  @Override
  public boolean next() {
    while (true) {
      at++;
      while (current == null || at >= current.items().size()) {
        ParsedRecords before = current;
        if (before != null) {
          bytes = Math.max(bytes, before.block().end());
          supply.giveBack(before.block().bytes());
        }
        current = supply.next(start);
        at = 0;
        if (current == null) {
          return false;
        }
      }
      if (start.wants(current.block(), item().number())) {
        return true;
      }
    }
  }

  private ParsedRecords.Item item() {
    return current.items().get(at);
  }

  @Override
  public VectorRecord record() {
    return item().record();
  }

  @Override
  public SourceProblem problem() {
    return item().problem();
  }

  @Override
  public String namespace() {
    String own = item().namespace();
    return own == null ? namespace : own;
  }

  @Override
  public List<Note> notes() {
    return item().notes();
  }

  @Override
  public String position() {
    return ParsedRecords.position(current.block(), part, item().number());
  }

  @Override
  public long ordinal() {
    return current.block().firstOrdinal() + item().number();
  }

  @Override
  public void skipTo(long ordinal) {
    start = new ParsedRecords.Start(Math.max(start.ordinal(), ordinal), start.line());
  }

  @Override
  public long number() {
    return byLine ? current.block().lines()[item().number()] : ordinal() + 1;
  }

  @Override
  public void skipToNumber(long number) {
    if (byLine) {
      start = new ParsedRecords.Start(start.ordinal(), Math.max(start.line(), number));
    } else {
      skipTo(number - 1);
    }
  }

  @Override
  public boolean checked() {
    return checked;
  }

  @Override
  public boolean whole() {
    return !current.block().isCut(item().number());
  }

  @Override
  public long bytesRead() {
    if (current == null) {
      return bytes;
    }
    RecordBlock block = current.block();
    int number = item().number();
    long end = block.offset(number) + block.end(number) - block.start(number);
    return Math.max(bytes, Math.min(end, block.end()));
  }

  @Override
  public byte[] raw() {
    RecordBlock block = current.block();
    int number = item().number();
    int end = whole() ? block.end(number) : Math.min(block.end(number), block.start(number) + CUT);
    return Arrays.copyOfRange(block.bytes(), block.start(number), end);
  }

  @Override
  public void close() {
    supply.close();
  }

  /** Parsed blocks in order. */
  interface ParsedSupply extends AutoCloseable {
    /**
     * The next block, or null at the end.
     *
     * @param start the first record that is wanted
     */
    ParsedRecords next(ParsedRecords.Start start);

    /** A buffer that is no longer used. */
    void giveBack(byte[] buffer);

    @Override
    void close();
  }

  /** Reads and parses on the thread that asks. */
  private static final class SerialSupply implements ParsedSupply {
    private final String part;
    private final RecordBlocks blocks;
    private final JsonRecordParser parser;
    private byte[] buffer;

    SerialSupply(String part, RecordBlocks blocks, JsonRecordParser parser) {
      this.part = part;
      this.blocks = blocks;
      this.parser = parser;
    }

    @Override
    public ParsedRecords next(ParsedRecords.Start start) {
      try {
        RecordBlock block = blocks.next(buffer);
        buffer = null;
        return block == null
            ? null
            : ParsedRecords.parse(parser, block, part, blocks.maxRecord(), start);
      } catch (IOException e) {
        throw ReadFailure.of(part, e);
      }
    }

    @Override
    public void giveBack(byte[] free) {
      buffer = free;
    }

    @Override
    public void close() {
      try {
        blocks.close();
      } catch (IOException e) {
        throw ReadFailure.of(part, e);
      }
    }
  }
}
