package io.slab.format.section;

import io.slab.bytes.ByteCursor;
import io.slab.error.CorruptException;
import io.slab.error.UnsupportedException;
import io.slab.format.file.Section;
import io.slab.model.PrivateNumbers;

/** What every section reader checks about its directory entry. */
final class Sections {
  private Sections() {}

  /** Requires a codec. */
  static Section codec(Section section, int codec) {
    if (section.entry().codec() != codec) {
      throw unsupported(
              section,
              "codec " + section.entry().codec(),
              "codec " + codec,
              section.entry().codec() >= PrivateNumbers.CODEC)
          .of("D-6");
    }
    return section;
  }

  /** Requires an encoding. */
  static Section encoding(Section section, int encoding) {
    if (section.entry().encoding() != encoding) {
      throw unsupportedEncoding(section, "encoding " + encoding).of("D-40");
    }
    return section;
  }

  static UnsupportedException unsupportedEncoding(Section section, String expected) {
    int found = section.entry().encoding();
    return unsupported(section, "encoding " + found, expected, found >= PrivateNumbers.ENCODING);
  }

  private static UnsupportedException unsupported(
      Section section, String found, String expected, boolean isPrivate) {
    return new UnsupportedException(
        section.resource(),
        section.entry().offset(),
        found,
        isPrivate ? expected : expected + " (a newer reader?)",
        PrivateNumbers.hint(isPrivate));
  }

  /** The item count as a row ordinal. */
  static int items(Section section) {
    long items = section.entry().items();
    if (items > Integer.MAX_VALUE - 8) {
      throw corrupt(section, 0, items + " items", "fewer than 2^31");
    }
    return (int) items;
  }

  /** Requires an item count. */
  static void items(Section section, long expected) {
    if (section.entry().items() != expected) {
      throw corrupt(section, 0, section.entry().items() + " items", expected + " items").of("D-32");
    }
  }

  /** Requires a stored length. */
  static void length(Section section, long expected) {
    if (section.length() != expected) {
      throw corrupt(section, 0, section.length() + " bytes", expected + " bytes");
    }
  }

  static CorruptException corrupt(Section section, long at, String found, String expected) {
    return new CorruptException(section.resource(), section.entry().offset() + at, found, expected);
  }

  /** A cursor over part of a section, verified. */
  static ByteCursor cursor(Section section, long at, long length) {
    return new ByteCursor(
        section.resource(), section.entry().offset() + at, section.slice(at, length));
  }
}
