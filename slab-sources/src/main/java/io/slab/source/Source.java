package io.slab.source;

import io.slab.error.DataException;
import io.slab.error.InvalidInputException;
import java.util.List;

/**
 * A recognised source of records.
 *
 * @param location what the user named
 * @param shape what it was taken for
 * @param parts its pieces in the order in which they are read; of records with one id the last
 *     counts
 * @param declared what the source says about itself; never null
 * @param notices what its owner should know beforehand, one sentence each: columns left out, traps
 *     of the shape
 * @param once true when the parts can be opened only once (a pipe)
 * @param unread files that may hold records and are no part; the reader of the source says so
 */
public record Source(
    String location,
    Shape shape,
    List<SourcePart> parts,
    Declared declared,
    List<String> notices,
    boolean once,
    List<Unread> unread) {
  /** Unread files that an error names. */
  private static final int NAMED = 5;

  public Source {
    parts = List.copyOf(parts);
    notices = List.copyOf(notices);
    unread = List.copyOf(unread);
  }

  /** A source of which everything is read. */
  public Source(
      String location,
      Shape shape,
      List<SourcePart> parts,
      Declared declared,
      List<String> notices,
      boolean once) {
    this(location, shape, parts, declared, notices, once, List.of());
  }

  /**
   * Refuses a source of which something that may hold records is not read.
   *
   * @throws io.slab.error.SlabException naming the files
   */
  public void requireAllRead() {
    if (!unread.isEmpty()) {
      throw refusal(location, unread);
    }
  }

  /** The error that refuses a location because of files in it. */
  public static RuntimeException refusal(String location, List<Unread> unread) {
    Unread first = unread.getFirst();
    if (first.cause() instanceof DataException e) {
      return e;
    }
    StringBuilder text = new StringBuilder(first.reason());
    if (unread.size() > 1) {
      List<String> others = unread.stream().skip(1).limit(NAMED).map(Unread::file).toList();
      text.append("; so are not read: ").append(String.join(", ", others));
      if (unread.size() > 1 + NAMED) {
        text.append(" and ").append(unread.size() - 1 - NAMED).append(" more");
      }
    }
    String out =
        "take what holds no records out of "
            + location
            + ", or pass --on-error skip: it goes on without these files and counts them";
    return new InvalidInputException(
        text.toString(), first.hint() == null ? out : first.hint() + "; else " + out);
  }

  /** True for a notice about something that holds data, perhaps, and is not read. */
  public static boolean saysLeftOut(String notice) {
    return notice.contains("left out") || notice.contains("not read");
  }

  /** Bytes of all parts, or -1 when one is not known. */
  public long bytes() {
    long total = 0;
    for (SourcePart part : parts) {
      if (part.bytes() < 0) {
        return -1;
      }
      total += part.bytes();
    }
    return total;
  }
}
