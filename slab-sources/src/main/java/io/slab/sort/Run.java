package io.slab.sort;

/**
 * Records that were sorted and written together, whole on disk.
 *
 * @param number from 0, in the order in which the records came
 * @param rows how many records
 * @param recordBytes length of the file of ids, metadata and sparse values
 * @param recordCrc its CRC-32C
 * @param vectorBytes length of the file of dense vectors, 0 when there is none
 * @param vectorCrc its CRC-32C
 */
public record Run(
    int number, int rows, long recordBytes, int recordCrc, long vectorBytes, int vectorCrc) {
  /** What the names of all files of runs begin with. */
  public static final String PREFIX = "run-";

  public Run {
    if (number < 0 || rows < 1 || recordBytes < 0 || vectorBytes < 0) {
      throw new IllegalArgumentException("run " + number + " of " + rows + " rows");
    }
  }

  /** What the names of its files begin with. */
  public String stem() {
    return String.format(java.util.Locale.ROOT, "%s%06d.", PREFIX, number);
  }

  String recordFile() {
    return stem() + "records";
  }

  String vectorFile() {
    return stem() + "vectors";
  }
}
