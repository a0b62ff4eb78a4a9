package io.slab.cli.report;

import io.slab.inspect.SectionGroup;

/**
 * How a group of sections looks everywhere: by letter where there is no colour.
 *
 * @param letter in bars without colour
 * @param ansi number of the terminal's colour
 * @param light colour on a light page
 * @param dark colour on a dark page
 * @param about what the group is for, in a few words
 */
record GroupLook(char letter, int ansi, String light, String dark, String about) {
  static GroupLook of(SectionGroup group) {
    return switch (group) {
      case VECTORS -> new GroupLook('V', 33, "#2f6fbb", "#5b9bea", "dense values, norms");
      case SPARSE -> new GroupLook('S', 37, "#0e8a8a", "#35bdbd", "sparse values, postings");
      case METADATA -> new GroupLook('M', 172, "#c26a12", "#eb9a45", "metadata as written");
      case IDS -> new GroupLook('I', 97, "#7b56b3", "#ab8ae0", "ids, bloom filter, log positions");
      case CODES -> new GroupLook('C', 70, "#4f9130", "#83c561", "quantised codes");
      case ANN -> new GroupLook('A', 169, "#b5417f", "#e47ab2", "rotation, centroids, cells");
      case COLUMNS -> new GroupLook('D', 178, "#a58500", "#d9ba3c", "dictionaries, codes by field");
      case BITMAPS -> new GroupLook('B', 167, "#b8433b", "#ea7a70", "bitmaps by field and value");
      case CONTAINER ->
          new GroupLook('=', 245, "#7a7f87", "#9aa0a8", "manifest, checksums, directory");
      case OTHER -> new GroupLook('?', 250, "#a3a3a3", "#7a7a7a", "kinds that this version skips");
      case PADDING -> new GroupLook('.', 240, "#d0d3d8", "#41454c", "zeros for alignment");
    };
  }
}
