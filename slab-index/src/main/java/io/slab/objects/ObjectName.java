package io.slab.objects;

import io.slab.model.Ulid;

/** Numbers that stand in object names. */
public final class ObjectName {
  private ObjectName() {}

  /**
   * The manifest number in the name of a deletion vector ({@code <slab>-<manifest>-...}), with or
   * without folders before it; -1 when there is none.
   */
  public static long manifestOf(String name) {
    String file = file(name);
    if (file.length() <= Ulid.TEXT_LENGTH || file.charAt(Ulid.TEXT_LENGTH) != '-') {
      return -1;
    }
    return number(file.substring(Ulid.TEXT_LENGTH + 1));
  }

  /** The number that the last part of a name begins with; -1 when it begins otherwise. */
  public static long number(String name) {
    String file = file(name);
    int end = 0;
    while (end < file.length() && file.charAt(end) >= '0' && file.charAt(end) <= '9') {
      end++;
    }
    try {
      return end == 0 ? -1 : Long.parseLong(file.substring(0, end));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String file(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
