package io.slab.format.section;

import io.slab.bytes.ByteWriter;
import io.slab.model.Utf8;
import java.util.List;

/**
 * Puts the names of fields in the place of their numbers in rows of META_ROWS, which then are as
 * {@link MetadataCodec#writeNamed} writes them, without a string for each value. Takes rows as this
 * program codes them, unchecked. One thread only.
 */
public final class NamedRows {
  /** Of each field the length of its name, and the name. */
  private final byte[][] names;

  private byte[] row;
  private int at;

  /**
   * @param fields names by field id
   */
  public NamedRows(List<String> fields) {
    names = new byte[fields.size()][];
    for (int i = 0; i < names.length; i++) {
      byte[] name = Utf8.bytes(fields.get(i));
      names[i] = new ByteWriter(name.length + 2).uvarint(name.length).bytes(name).toBytes();
    }
  }

  /** Appends a row, the first bytes of an array that holds it. */
  public void write(ByteWriter out, byte[] coded) {
    row = coded;
    at = 0;
    int count = uvarint();
    out.uvarint(count);
    for (int i = 0; i < count; i++) {
      out.bytes(names[uvarint()]);
      int from = at;
      skipValue();
      out.bytes(row, from, at - from);
    }
  }

  private void skipValue() {
    int tag = row[at++];
    switch (tag) {
      case MetadataCodec.TAG_STRING -> skipText();
      case MetadataCodec.TAG_NUMBER -> at += Double.BYTES;
      case MetadataCodec.TAG_FALSE, MetadataCodec.TAG_TRUE -> {}
      case MetadataCodec.TAG_LIST -> {
        int size = uvarint();
        for (int i = 0; i < size; i++) {
          skipText();
        }
      }
      default -> throw new IllegalArgumentException("a value of tag " + tag);
    }
  }

  private void skipText() {
    int length = uvarint();
    at += length;
  }

  private int uvarint() {
    int value = row[at] & 0x7F;
    for (int shift = 7; row[at++] < 0; shift += 7) {
      value |= (row[at] & 0x7F) << shift;
    }
    return value;
  }
}
