package io.slab.check;

/** Numbers that stand in object names. */
final class ObjectName {
  private static final int ULID_TEXT = io.slab.model.Ulid.TEXT_LENGTH;

  private ObjectName() {}

  /**
   * The manifest number in the file name of a deletion vector ({@code <slab>-<manifest>-...}); -1
   * when there is none.
   */
  static long manifestOf(String file) {
    if (file.length() <= ULID_TEXT || file.charAt(ULID_TEXT) != '-') {
      return -1;
    }
    return leadingNumber(file.substring(ULID_TEXT + 1));
  }

  /** The number that a name begins with, after any folders; -1 when it begins otherwise. */
  static long leadingNumber(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
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
}
