package io.slab.source.json;

/**
 * Consecutive records of a text, cut but not parsed.
 *
 * @param bytes the buffer
 * @param offset where {@code bytes[0]} lies in the part, in bytes, when the buffer is a piece of it
 * @param offsets else where each record lies in the part
 * @param end bytes of the part worked through after this block
 * @param firstOrdinal number of the first record within the part
 * @param extents begin and end of each record in the buffer, two entries each
 * @param lines line number of each record, or null where records have none
 * @param keys for each record the name under which it stood, or null
 * @param namespace what the text around the records says, or null
 * @param problems for each record why it is none, or null; null where all are records
 * @param overlong true when the last record was cut because it is over the limit
 */
record RecordBlock(
    byte[] bytes,
    long offset,
    long[] offsets,
    long end,
    long firstOrdinal,
    int[] extents,
    long[] lines,
    String[] keys,
    String namespace,
    String[] problems,
    boolean overlong) {
  /** Why a record is none whose text is too long. */
  static String overLimit(int most) {
    return "Record is longer than the limit of " + most + " bytes";
  }

  /** True when a record is too long to be shown: mostly only its beginning is here. */
  boolean isCut(int record) {
    return overlong && record == count() - 1
        || end(record) - start(record) > BlockReader.MAX_LINE_BYTES;
  }

  int count() {
    return extents.length / 2;
  }

  int start(int record) {
    return extents[2 * record];
  }

  int end(int record) {
    return extents[2 * record + 1];
  }

  /** Why a record is none, or null. */
  String problem(int record) {
    return problems == null ? null : problems[record];
  }

  /** Where a record begins in the part. */
  long offset(int record) {
    return offsets == null ? offset + start(record) : offsets[record];
  }
}
