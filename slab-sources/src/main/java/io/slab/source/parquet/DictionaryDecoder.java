package io.slab.source.parquet;

/** Values by their numbers in a dictionary (encodings RLE_DICTIONARY, PLAIN_DICTIONARY). */
final class DictionaryDecoder implements ValueDecoder {
  private final HybridDecoder numbers;
  private final Window dictionary;
  private final int size;
  private int[] buffer = new int[1024];

  DictionaryDecoder(Window dictionary, int size, byte[] bytes, int from, int to) {
    if (dictionary == null) {
      throw new Malformed("numbers of a dictionary that is not there");
    }
    int width = from < to ? bytes[from] : 0;
    if (width < 0 || width > 32) {
      throw new Malformed("dictionary numbers of " + width + " bits");
    }
    this.dictionary = dictionary;
    this.size = size;
    numbers = new HybridDecoder(bytes, Math.min(from + 1, to), to, width);
  }

  @Override
  public void read(Window into, int from, int count) {
    if (buffer.length < count) {
      buffer = new int[count];
    }
    numbers.read(buffer, 0, count);
    for (int i = 0; i < count; i++) {
      int number = buffer[i];
      if (number < 0 || number >= size) {
        throw new Malformed("entry " + number + " of a dictionary of " + size);
      }
      into.copy(from + i, dictionary, number);
    }
  }
}
