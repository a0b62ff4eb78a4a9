package io.slab.source.scan;

import io.slab.model.Utf8;
import java.util.Comparator;

/**
 * The order of names in which numbers count as numbers: {@code a2} before {@code a10}. What is
 * equal so ({@code a1} and {@code a01}) is in the order of its bytes.
 */
final class NaturalOrder implements Comparator<String> {
  static final NaturalOrder NAMES = new NaturalOrder();

  private NaturalOrder() {}

  @Override
  public int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int endA = digits(a, i);
      int endB = digits(b, j);
      int order;
      if (endA > i && endB > j) {
        order = numbers(a, i, endA, b, j, endB);
        i = endA;
        j = endB;
      } else {
        int nextA = a.offsetByCodePoints(i, 1);
        int nextB = b.offsetByCodePoints(j, 1);
        order = Utf8.compare(a.substring(i, nextA), b.substring(j, nextB));
        i = nextA;
        j = nextB;
      }
      if (order != 0) {
        return order;
      }
    }
    int order = Integer.compare(a.length() - i, b.length() - j);
    return order != 0 ? order : Utf8.compare(a, b);
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private static int numbers(String a, int i, int endA, String b, int j, int endB) {
    String x = withoutZeros(a, i, endA);
    String y = withoutZeros(b, j, endB);
    return x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
  }

  private static String withoutZeros(String text, int from, int end) {
    int at = from;
    while (at < end - 1 && text.charAt(at) == '0') {
      at++;
    }
    return text.substring(at, end);
  }
}
