package io.slab.cli.report;

import io.slab.inspect.SectionGroup;

/**
 * How a group of sections looks everywhere: by letter where there is no colour.
 *
 * @param letter in bars without colour
 * @param ansi number of the terminal's colour
 * @param about what the group is for, in a few words
 */
public record GroupLook(char letter, int ansi, String about) {
  /** How a group looks. */
  public static GroupLook of(SectionGroup group) {
    return switch (group) {
      case VECTORS -> new GroupLook('V', 33, "dense values, norms");
      case SPARSE -> new GroupLook('S', 37, "sparse values, postings");
      case METADATA -> new GroupLook('M', 172, "metadata as written");
      case IDS -> new GroupLook('I', 97, "ids, bloom filter, log positions");
      case CODES -> new GroupLook('C', 70, "quantised codes");
      case ANN -> new GroupLook('A', 169, "rotation, centroids, cells");
      case COLUMNS -> new GroupLook('D', 178, "dictionaries, codes by field");
      case BITMAPS -> new GroupLook('B', 167, "bitmaps by field and value");
      case CONTAINER -> new GroupLook('=', 245, "manifest, checksums, directory");
      case OTHER -> new GroupLook('?', 250, "kinds that this version skips");
      case PADDING -> new GroupLook('.', 240, "zeros for alignment");
    };
  }

  /** What a group is for. */
  public static String about(SectionGroup group) {
    return of(group).about();
  }
}
