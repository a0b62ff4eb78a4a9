package io.slab.format;

import io.slab.bytes.BytesOrder;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SectionSpec;
import io.slab.format.file.SlabFileWriter;
import io.slab.format.section.ColumnLayout;
import io.slab.format.section.ColumnType;
import io.slab.format.section.ColumnValues;
import io.slab.format.section.StringBlocksLayout;
import io.slab.format.section.StringBlocksWriter;
import io.slab.model.MetaValue;
import io.slab.model.Utf8;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A column of strings, or of lists of strings. */
final class StringColumn extends ColumnBuilder {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final ColumnInts items;
  private final ColumnInts ends;
  private StringBlocksWriter dictionary;

  StringColumn(String field, ColumnType type, ColumnSpill spill) {
    super(field, type, spill);
    items = new ColumnInts(spill);
    ends = new ColumnInts(spill);
  }

  @Override
  void accept(MetaValue value) {
    if (value instanceof MetaValue.Str(String text)) {
      addItem(text);
    } else if (value instanceof MetaValue.StrList(var texts)) {
      texts.forEach(this::addItem);
    } else {
      throw new IllegalArgumentException("not a string: " + value);
    }
    ends.add(items.size());
  }

  private void addItem(String text) {
    Integer next = numbers.size();
    Integer known = numbers.putIfAbsent(text, next);
    items.add(known == null ? next : known);
  }

  @Override
  ColumnValues finish() {
    int[] ranks = sortDictionary();
    int[] result = new int[items.size()];
    int[] rowEnds = new int[ends.size()];
    int size = 0;
    for (int i = 0; i < rowEnds.length; i++) {
      int from = size;
      for (int item = i == 0 ? 0 : ends.get(i - 1); item < ends.get(i); item++) {
        result[size++] = ranks[items.get(item)];
      }
      size = sortDistinct(result, from, size);
      rowEnds[i] = size;
    }
    return new ColumnValues(
        type(),
        numbers.size(),
        rows.toArray(),
        type() == ColumnType.LIST ? rowEnds : null,
        Arrays.copyOf(result, size));
  }

  /** Writes the sorted strings into the dictionary and gives the rank of each number. */
  private int[] sortDictionary() {
    byte[][] texts = new byte[numbers.size()][];
    numbers.forEach((text, number) -> texts[number] = Utf8.bytes(text));
    dictionary =
        new StringBlocksWriter(
            StringBlocksLayout.VALUES_PER_BLOCK, StringBlocksLayout.MAX_VALUE_BYTES);
    int[] sorted = BytesOrder.of(texts, 0, texts.length);
    int[] ranks = new int[sorted.length];
    for (int rank = 0; rank < sorted.length; rank++) {
      dictionary.add(texts[sorted[rank]]);
      ranks[sorted[rank]] = rank;
    }
    return ranks;
  }

  /** Sorts a range and drops repeats; gives the new end. */
  private static int sortDistinct(int[] values, int from, int to) {
    if (to - from < 2) {
      return to;
    }
    Arrays.sort(values, from, to);
    int size = from + 1;
    for (int i = from + 1; i < to; i++) {
      if (values[i] != values[size - 1]) {
        values[size++] = values[i];
      }
    }
    return size;
  }

  @Override
  long dictionaryLength() {
    return dictionary.sectionLength();
  }

  @Override
  void writeDictionary(SlabFileWriter out, int column) {
    SectionSpec spec = SectionSpec.of(SectionKind.COLUMN_DICT).column(column);
    dictionary.write(out, spec.encoding(ColumnLayout.DICT_STRINGS));
  }
}
