package io.slab.source.json;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** One record on each line that is not empty. */
final class LineBlocks implements RecordBlocks {
  private final BlockReader blocks;
  private long ordinal;
  private int[] extents = new int[256];
  private long[] lines = new long[128];
  private int count;

  private String[] problems;

  LineBlocks(InputStream in) {
    this(new BlockReader(in));
  }

  LineBlocks(BlockReader blocks) {
    this.blocks = blocks;
  }

  @Override
  public RecordBlock next(byte[] recycled) throws IOException {
    LineBlock block = blocks.next(recycled);
    if (block == null) {
      return null;
    }
    count = 0;
    problems = null;
    cut(block);
    long first = ordinal;
    ordinal += count;
    return new RecordBlock(
        block.bytes(),
        block.offset(),
        null,
        block.offset() + block.size(),
        first,
        Arrays.copyOf(extents, 2 * count),
        Arrays.copyOf(lines, count),
        null,
        null,
        problems == null ? null : Arrays.copyOf(problems, count),
        block.overlong());
  }

  private void cut(LineBlock block) {
    if (block.overlong()) {
      add(block.textStart(), block.size(), block.firstLine());
      return;
    }
    long line = block.firstLine();
    int at = block.textStart();
    while (at < block.size()) {
      int end = BlockReader.firstNewline(block.bytes(), at, block.size());
      int from = firstText(block.bytes(), at, end);
      int to = end > from && block.bytes()[end - 1] == '\r' ? end - 1 : end;
      if (from < to) {
        add(from, to, line);
        if (to - at > blocks.maxLine()) {
          tooLong();
        }
      }
      at = end + 1;
      line++;
    }
  }

  private static int firstText(byte[] bytes, int from, int end) {
    int p = from;
    while (p < end && (bytes[p] == ' ' || bytes[p] == '\t' || bytes[p] == '\r')) {
      p++;
    }
    return p;
  }

  private void add(int from, int end, long line) {
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, 2 * count);
      extents = Arrays.copyOf(extents, 4 * count);
    }
    extents[2 * count] = from;
    extents[2 * count + 1] = end;
    lines[count++] = line;
  }

  /** The last line is held as a whole and is too long all the same. */
  private void tooLong() {
    problems = Arrays.copyOf(problems == null ? new String[0] : problems, lines.length);
    problems[count - 1] = RecordBlock.overLimit(blocks.maxLine());
  }

  @Override
  public int maxRecord() {
    return blocks.maxLine();
  }

  @Override
  public void close() throws IOException {
    blocks.close();
  }
}
