package io.slab.source.parquet;

import java.util.Arrays;

/**
 * Byte strings behind a list of their lengths (encoding DELTA_LENGTH_BYTE_ARRAY), with a list of
 * how much each has in common with the one before in front of that (DELTA_BYTE_ARRAY).
 */
final class DeltaBytesDecoder implements ValueDecoder {
  private final byte[] data;
  private final int end;
  private final int[] prefixes;
  private final int[] lengths;
  private int pos;
  private int at;
  private byte[] last = new byte[0];
  private long made;

  DeltaBytesDecoder(byte[] data, int from, int to, boolean withPrefixes, int most) {
    this.data = data;
    end = to;
    pos = from;
    prefixes = withPrefixes ? list(most) : null;
    lengths = list(most);
    if (withPrefixes && prefixes.length != lengths.length) {
      throw new Malformed(prefixes.length + " prefixes and " + lengths.length + " suffixes");
    }
  }

  private int[] list(int most) {
    DeltaDecoder decoder = new DeltaDecoder(data, pos, end, true, most);
    int[] list = new int[decoder.total()];
    for (int i = 0; i < list.length; i++) {
      list[i] = (int) decoder.next();
    }
    pos = decoder.position();
    return list;
  }

  @Override
  public void read(Window into, int from, int count) {
    for (int i = 0; i < count; i++) {
      into.bytes[from + i] = next();
    }
  }

  private byte[] next() {
    if (at == lengths.length) {
      throw new Malformed("fewer values than the page counts");
    }
    int length = lengths[at];
    int prefix = prefixes == null ? 0 : prefixes[at];
    at++;
    if (length < 0 || length > end - pos || prefix < 0 || prefix > last.length) {
      throw new Malformed("a value of " + prefix + " + " + length + " bytes that does not fit");
    }
    if (length == 0 && prefix == last.length) {
      return last;
    }
    made += prefix + length;
    if (made > PageReader.MAX_PAGE) {
      // A small page can repeat a long prefix in each of its values.
      throw new Malformed("a page whose values have more than " + PageReader.MAX_PAGE + " bytes");
    }
    byte[] value = Arrays.copyOf(last, prefix + length);
    System.arraycopy(data, pos, value, prefix, length);
    pos += length;
    if (prefixes != null) {
      last = value;
    }
    return value;
  }
}
