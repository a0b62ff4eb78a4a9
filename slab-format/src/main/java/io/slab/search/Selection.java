package io.slab.search;

import java.util.Arrays;

/** Order statistics of floats without NaN. */
final class Selection {
  private Selection() {}

  /**
   * The k-th largest of the first {@code size} values, 1 being the largest; the array is left as it
   * is.
   */
  static float kthLargest(float[] values, int size, int k) {
    float[] work = Arrays.copyOf(values, size);
    int wanted = size - k;
    int from = 0;
    int to = size - 1;
    while (from < to) {
      float pivot = medianOfThree(work[from], work[(from + to) >>> 1], work[to]);
      int i = from;
      int j = to;
      while (i <= j) {
        while (work[i] < pivot) {
          i++;
        }
        while (work[j] > pivot) {
          j--;
        }
        if (i <= j) {
          float swap = work[i];
          work[i++] = work[j];
          work[j--] = swap;
        }
      }
      if (wanted <= j) {
        to = j;
      } else if (wanted >= i) {
        from = i;
      } else {
        break;
      }
    }
    return work[wanted];
  }

  private static float medianOfThree(float a, float b, float c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
