package io.slab.estimate;

/**
 * Records as an estimate sees them: how many there are and what the average one holds.
 *
 * @param records how many
 * @param dimension numbers of each dense vector, 0 for none
 * @param idBytes average bytes of an id
 * @param metadataBytes average bytes of metadata as compact JSON
 * @param sparseEntries average entries of sparse values
 */
public record RecordMix(
    long records, int dimension, double idBytes, double metadataBytes, double sparseEntries) {
  public RecordMix {
    if (records < 0 || dimension < 0 || idBytes < 0 || metadataBytes < 0 || sparseEntries < 0) {
      throw new IllegalArgumentException("an estimate needs numbers that are not negative");
    }
  }

  /** From sums over the records instead of averages. */
  public static RecordMix ofSums(
      long records, int dimension, long idBytes, long metadataBytes, long sparseEntries) {
    double by = Math.max(1, records);
    return new RecordMix(records, dimension, idBytes / by, metadataBytes / by, sparseEntries / by);
  }

  /** What the cloud counts as the size of these records: ids, metadata as JSON, numbers. */
  public long cloudBytes() {
    return Math.round(records * (idBytes + metadataBytes + 4.0 * dimension + 8 * sparseEntries));
  }
}
