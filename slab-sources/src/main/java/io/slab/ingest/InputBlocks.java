package io.slab.ingest;

import java.io.IOException;
import java.util.List;

/** The blocks of all inputs, one input after the other. One thread at a time. */
final class InputBlocks implements AutoCloseable {
  private final List<IngestInput> inputs;
  private int current;
  private BlockReader reader;

  /**
   * @param first number of the input to begin with
   */
  InputBlocks(List<IngestInput> inputs, int first) {
    this.inputs = inputs;
    current = first;
  }

  /** A block and the input it is of. */
  record Numbered(int input, String name, LineBlock block) {}

  /**
   * Reads the next block; null at the end of the last input.
   *
   * @param recycled a buffer that is no longer used, or null
   * @throws io.slab.error.StoreException when an input cannot be read
   */
  Numbered next(byte[] recycled) {
    while (current < inputs.size()) {
      IngestInput input = inputs.get(current);
      try {
        if (reader == null) {
          reader = new BlockReader(input.opener().open());
        }
        LineBlock block = reader.next(recycled);
        if (block != null) {
          return new Numbered(current, input.name(), block);
        }
        reader.close();
        reader = null;
        current++;
      } catch (IOException e) {
        throw ReadFailure.of(input.name(), e);
      }
    }
    return null;
  }

  @Override
  public void close() {
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException e) {
        throw ReadFailure.of(inputs.get(current).name(), e);
      }
    }
  }
}
