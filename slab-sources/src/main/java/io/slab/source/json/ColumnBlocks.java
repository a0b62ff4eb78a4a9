package io.slab.source.json;

import io.slab.json.Json;
import io.slab.model.Utf8;
import io.slab.source.ForeignFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Records out of one JSON object that holds a list for each of their parts: the lists are read side
 * by side, and what belongs together is put together as the text of one record.
 */
final class ColumnBlocks implements RecordBlocks {
  /**
   * A list.
   *
   * @param name its member
   * @param offset where it begins in the text
   */
  record Column(String name, long offset) {}

  private final String part;
  private final List<String> names = new ArrayList<>();
  private final List<byte[]> labels = new ArrayList<>();
  private final List<JsonWindow> windows = new ArrayList<>();
  private final BlockBuilder builder = new BlockBuilder();
  private boolean begun;
  private boolean ended;
  private long ordinal;

  private ColumnBlocks(String part) {
    this.part = part;
  }

  static ColumnBlocks open(String part, JsonRecords.Input input, List<Column> columns)
      throws IOException {
    return open(part, input, columns, false);
  }

  /**
   * As the other.
   *
   * @param chroma true for the lists of {@link ChromaColumns}
   */
  static ColumnBlocks open(
      String part, JsonRecords.Input input, List<Column> columns, boolean chroma)
      throws IOException {
    ColumnBlocks blocks = new ColumnBlocks(part);
    for (Column column : columns) {
      JsonWindow window = new JsonWindow(input.open(), part);
      blocks.windows.add(window);
      blocks.names.add(column.name());
      String label = chroma ? ChromaColumns.single(column.name()) : column.name();
      blocks.labels.add(Utf8.bytes(Json.text(out -> out.writeString(label)) + ":"));
      window.skipTo(column.offset());
      window.expect('[');
    }
    return blocks;
  }

  /** Finds the lists of the object that a text begins with. */
  static List<Column> find(JsonWindow text) throws IOException {
    List<Column> columns = new ArrayList<>();
    text.expect('{');
    if (text.take('}')) {
      return columns;
    }
    do {
      String name = text.member();
      if (text.peek() == '[') {
        columns.add(new Column(name, text.offset()));
      }
      text.skip();
    } while (text.more('}'));
    if (text.peek() >= 0) {
      throw text.unexpected("the end of the text after the object with the columns");
    }
    return columns;
  }

  @Override
  public RecordBlock next(byte[] recycled) throws IOException {
    builder.start(recycled);
    while (!builder.full() && !ended && another()) {
      row();
    }
    if (builder.count() == 0) {
      return null;
    }
    long first = ordinal;
    ordinal += builder.count();
    return builder.block(first, windows.getFirst().offset(), null);
  }

  /** Goes to the next element of every list; all must end together. */
  private boolean another() throws IOException {
    boolean more = false;
    for (int i = 0; i < windows.size(); i++) {
      JsonWindow window = windows.get(i);
      boolean has = begun ? window.more(']') : !window.take(']');
      if (i > 0 && has != more) {
        int shorter = has ? i - 1 : i;
        long count = ordinal + builder.count();
        throw ForeignFile.corrupt(
            part,
            window.offset(),
            "the list '" + names.get(shorter) + "' ends after " + count + " elements",
            "as many as in '" + names.get(has ? i : i - 1) + "'");
      }
      more = has;
    }
    begun = true;
    ended = !more;
    return more;
  }

  private void row() throws IOException {
    int from = builder.size();
    long offset = windows.getFirst().offset();
    boolean whole = true;
    for (int i = 0; i < windows.size(); i++) {
      builder.add((byte) (i == 0 ? '{' : ','));
      builder.add(labels.get(i));
      int length = windows.get(i).hold();
      whole &= length >= 0;
      if (length > 0) {
        windows.get(i).copy(length, builder.room(length), builder.size());
        builder.grow(length);
      }
    }
    builder.add((byte) '}');
    if (whole) {
      builder.end(from, offset, null);
    } else {
      builder.endOverlong(offset, null);
    }
  }

  @Override
  public void close() throws IOException {
    for (JsonWindow window : windows) {
      window.close();
    }
  }
}
