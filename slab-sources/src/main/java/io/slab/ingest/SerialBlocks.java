package io.slab.ingest;

import io.slab.model.IndexSpec;

/** Reads and parses on the thread that asks. */
final class SerialBlocks implements ParsedBlocks {
  private final InputBlocks inputs;
  private final BlockParser parser;
  private final LineFloor floor;
  private byte[] buffer;

  SerialBlocks(InputBlocks inputs, IndexSpec spec, LineFloor floor) {
    this.inputs = inputs;
    this.floor = floor;
    parser = new BlockParser(spec, BlockReader.MAX_LINE_BYTES);
  }

  @Override
  public ParsedBlock next() {
    InputBlocks.Numbered next = inputs.next(buffer);
    if (next == null) {
      return null;
    }
    buffer = next.block().bytes();
    return ParsedBlock.parse(parser, next, floor.of(next.input()));
  }

  @Override
  public void close() {
    inputs.close();
  }
}
