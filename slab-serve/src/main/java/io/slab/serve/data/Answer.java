package io.slab.serve.data;

/**
 * What an operation gave.
 *
 * @param value of it
 * @param lsn of the write that is acknowledged, or of the snapshot that was read
 * @param write whether it is the first of these
 * @param records how many records the answer or the write is about, for the log
 */
public record Answer<T>(T value, long lsn, boolean write, int records) {
  static <T> Answer<T> read(T value, long lsn, int records) {
    return new Answer<>(value, lsn, false, records);
  }

  static <T> Answer<T> written(T value, long lsn, int records) {
    return new Answer<>(value, lsn, true, records);
  }
}
