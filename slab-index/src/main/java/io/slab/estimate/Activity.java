package io.slab.estimate;

/**
 * What happens to an index in a month.
 *
 * @param queries asked
 * @param coldShare of them that find no cache, 0 to 1
 * @param writes records written
 * @param batch records of one write, at least 1
 */
public record Activity(long queries, double coldShare, long writes, int batch) {
  public Activity {
    if (queries < 0 || writes < 0 || batch < 1 || !(coldShare >= 0 && coldShare <= 1)) {
      throw new IllegalArgumentException("impossible numbers for a month");
    }
  }
}
