package io.slab.store;

import java.util.regex.Pattern;

/**
 * The rule for object names, checked at every entry of a store so that no name can leave its root.
 */
public final class ObjectNames {
  /** Files whose name begins so are being written; they are never listed, read or addressed. */
  public static final String TEMPORARY = ".tmp-";

  /** The names that spec/index.md, section 1, gives to objects, without their folders. */
  private static final Pattern OF_INDEX =
      Pattern.compile("index\\.json|[0-9A-Z]{26}\\.slab|[0-9A-Za-z-]{1,120}\\.dv");

  private static final Pattern NUMBERED = Pattern.compile("[0-9]{20}\\.(json|wal)");
  private static final String ABOVE_NUMBERS = "09223372036854775808";

  private ObjectNames() {}

  /** True for the name of an object of an index: nothing else can have it. */
  static boolean isOfIndex(String file) {
    return OF_INDEX.matcher(file).matches()
        || (NUMBERED.matcher(file).matches() && file.compareTo(ABOVE_NUMBERS) < 0);
  }

  /** Refuses anything but the name of a temporary file in a proper folder. */
  public static String temporary(String name) {
    int slash = name.lastIndexOf('/');
    if (!name.startsWith(TEMPORARY, slash + 1)) {
      throw new IllegalArgumentException("not a temporary file: '" + name + "'");
    }
    folder(name.substring(0, slash + 1));
    part(name, name.substring(slash + 1 + TEMPORARY.length()));
    return name;
  }

  /** Refuses anything but {@code part/part/part} with ordinary parts. */
  public static String object(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("an object needs a name");
    }
    int start = 0;
    while (true) {
      int end = name.indexOf('/', start);
      part(name, name.substring(start, end < 0 ? name.length() : end));
      if (end < 0) {
        return name;
      }
      start = end + 1;
    }
  }

  /** Refuses anything but {@code ""} or {@code part/part/}. */
  public static String folder(String name) {
    if (name.isEmpty()) {
      return name;
    }
    if (!name.endsWith("/")) {
      throw new IllegalArgumentException("a folder's name ends with '/': '" + name + "'");
    }
    object(name.substring(0, name.length() - 1));
    return name;
  }

  private static void part(String name, String part) {
    if (part.isEmpty()
        || part.equals(".")
        || part.equals("..")
        || part.startsWith(TEMPORARY)
        || part.indexOf('\\') >= 0
        || part.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a name for an object: '" + name + "'");
    }
  }
}
