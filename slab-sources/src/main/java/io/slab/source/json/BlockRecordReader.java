package io.slab.source.json;

import io.slab.ingest.ReadFailure;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.source.RecordReader;
import io.slab.source.SourceProblem;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Hands out the records of blocks that are parsed here or ahead on other threads. */
final class BlockRecordReader implements RecordReader {
  private final String part;
  private final String namespace;
  private final ParsedSupply supply;
  private ParsedRecords current;
  private int at = -1;
  private long floor;
  private long bytes;

  private BlockRecordReader(String part, String namespace, ParsedSupply supply) {
    this.part = part;
    this.namespace = namespace;
    this.supply = supply;
  }

  /**
   * Opens a reader.
   *
   * @param part what positions call the part
   * @param namespace of records that name none, or null
   * @param parsers makes a parser for each thread
   */
  static BlockRecordReader open(
      String part,
      String namespace,
      RecordBlocks blocks,
      Supplier<JsonRecordParser> parsers,
      int threads) {
    ParsedSupply supply =
        threads == 1
            ? new SerialSupply(part, blocks, parsers.get())
            : new ParallelSupply(part, blocks, parsers, threads - 1);
    return new BlockRecordReader(part, namespace, supply);
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
        current = supply.next(floor);
        at = 0;
        if (current == null) {
          return false;
        }
      }
      if (ordinal() >= floor) {
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
    floor = Math.max(floor, ordinal);
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
    return Arrays.copyOfRange(block.bytes(), block.start(number), block.end(number));
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
     * @param floor number of the first record that is wanted
     */
    ParsedRecords next(long floor);

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
    public ParsedRecords next(long floor) {
      try {
        RecordBlock block = blocks.next(buffer);
        buffer = null;
        return block == null ? null : ParsedRecords.parse(parser, block, part, floor);
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
