package io.slab.source;

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
 */
public record Source(
    String location,
    Shape shape,
    List<SourcePart> parts,
    Declared declared,
    List<String> notices,
    boolean once) {
  public Source {
    parts = List.copyOf(parts);
    notices = List.copyOf(notices);
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
