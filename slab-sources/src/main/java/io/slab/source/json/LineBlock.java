package io.slab.source.json;

/**
 * Consecutive whole lines of one input.
 *
 * @param bytes the buffer; the holder of the block owns it until it is handed back
 * @param size readable bytes; the last line's end is here when no newline ends it
 * @param offset where {@code bytes[0]} lies in the input, in bytes
 * @param firstLine number of the first line, from 1
 * @param overlong true when the block is only the beginning of one line that is over the limit; the
 *     rest of that line is skipped
 */
public record LineBlock(byte[] bytes, int size, long offset, long firstLine, boolean overlong) {
  /** Size of the UTF-8 byte order mark. */
  private static final int MARK = 3;

  /** Where the text begins: after a byte order mark at the beginning of the input. */
  public int textStart() {
    boolean marked =
        offset == 0
            && size >= MARK
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF;
    return marked ? MARK : 0;
  }
}
