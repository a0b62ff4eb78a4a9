package io.slab.source.parquet;

import java.util.Arrays;
import org.apache.parquet.format.RowGroup;

/**
 * Goes through one column: levels and values, some thousands at a time. What each row or list is
 * made of, the caller decides. One thread only.
 */
final class LeafCursor {
  private static final int SIZE = 8192;

  private final ParquetFile file;
  private final SchemaNode leaf;
  private final byte[] repetitions = new byte[SIZE];
  private final byte[] definitions = new byte[SIZE];
  private final Window window;
  private PageReader pages;
  private Page page;
  private ValueDecoder decoder;
  private int leftInPage;
  private int count;
  private int at;
  private int valueAt;
  private boolean allPresent;

  LeafCursor(ParquetFile file, SchemaNode leaf) {
    this.file = file;
    this.leaf = leaf;
    window = new Window(leaf.element().type, SIZE);
  }

  SchemaNode leaf() {
    return leaf;
  }

  /** Goes to the beginning of a row group. */
  void start(RowGroup group) {
    pages = new PageReader(file, leaf, group.columns.get(leaf.leaf()));
    page = null;
    leftInPage = 0;
    count = 0;
    at = 0;
  }

  /** Makes sure that the current value is the first one of a row, or that there is none. */
  void startRow() {
    if (there() && repetitions[at] != 0) {
      throw pages.corrupt(
          "a row that begins with the repetition level " + repetitions[at] + " instead of 0");
    }
  }

  /** Makes sure that there is no value after the last row. */
  void end() {
    if (there()) {
      throw pages.corrupt("more values than the row group has rows");
    }
  }

  /** True when there is a current value (or null); false at the end of the row group. */
  boolean there() {
    return at < count || fill();
  }

  private boolean fill() {
    while (leftInPage == 0) {
      page = pages.next();
      if (page == null) {
        return false;
      }
      leftInPage = page.values();
      decoder = null;
    }
    try {
      if (decoder == null) {
        decoder = pages.decoder(page);
      }
      int n = Math.min(SIZE, leftInPage);
      if (page.repetitions() == null) {
        Arrays.fill(repetitions, 0, n, (byte) 0);
      } else {
        page.repetitions().read(repetitions, 0, n);
      }
      int present = n;
      if (page.definitions() != null) {
        page.definitions().read(definitions, 0, n);
        present = present(n);
      } else {
        Arrays.fill(definitions, 0, n, (byte) 0);
      }
      decoder.read(window, 0, present);
      allPresent = present == n;
      count = n;
      at = 0;
      valueAt = 0;
      leftInPage -= n;
      return true;
    } catch (Malformed e) {
      throw pages.corrupt(e.getMessage());
    }
  }

  private int present(int n) {
    int present = 0;
    byte max = (byte) leaf.maxDefinition();
    for (int i = 0; i < n; i++) {
      present += definitions[i] == max ? 1 : 0;
      if (definitions[i] < 0 || definitions[i] > max) {
        throw new Malformed("a definition level of " + definitions[i] + " over " + max);
      }
    }
    return present;
  }

  /** Repetition level of the current value; 0 at the end of the row group. */
  int repetition() {
    return there() ? repetitions[at] : 0;
  }

  /** Definition level of the current value. */
  int definition() {
    require();
    return definitions[at];
  }

  private void require() {
    if (!there()) {
      throw pages.corrupt("fewer values than the row group has rows");
    }
  }

  boolean isNull() {
    require();
    return definitions[at] < leaf.maxDefinition();
  }

  /** Window that holds the current value, which is not null. */
  Window window() {
    return window;
  }

  /** Place of the current value in the {@link #window}. */
  int index() {
    return valueAt;
  }

  /** Goes to the next value. */
  void next() {
    if (definitions[at] == leaf.maxDefinition()) {
      valueAt++;
    }
    at++;
  }

  /**
   * Number of values from the current one on that are in the window, not null, and up to (without)
   * the next one that begins another list.
   *
   * @param first true when the current value begins the list
   */
  int run(boolean first) {
    if (!there() || !allPresent) {
      return 0;
    }
    int to = at + (first ? 1 : 0);
    int max = leaf.maxRepetition();
    while (to < count && repetitions[to] == max) {
      to++;
    }
    return to - at;
  }

  /** Goes on by values that are not null. */
  void skip(int values) {
    at += values;
    valueAt += values;
  }
}
