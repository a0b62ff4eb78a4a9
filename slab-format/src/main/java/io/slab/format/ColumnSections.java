package io.slab.format;

import io.slab.error.CorruptException;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.ColumnType;

/** The rules about the sections of columns that need the manifest (spec/slab-file.md, 7 and 9). */
final class ColumnSections {
  private ColumnSections() {}

  /**
   * Every section of a column belongs to a column of the manifest, and to one of a type that has
   * such sections.
   *
   * @throws CorruptException otherwise
   */
  static void check(SlabFile file, SlabManifest manifest) {
    int columns = manifest.columns().size();
    for (DirectoryEntry entry : file.entries()) {
      SectionKind kind = entry.knownKind();
      if (kind == null || !kind.perColumn()) {
        continue;
      }
      if (entry.column() >= columns) {
        throw entry
            .corrupt(file.name(), 0, "column " + entry.column(), "one below " + columns)
            .of("D-2");
      }
      ColumnType type = manifest.columns().get(entry.column()).type();
      boolean fits =
          switch (kind) {
            case COLUMN_DICT -> type != ColumnType.BOOLEAN;
            case RANK_SLICES -> type == ColumnType.NUMBER;
            default -> true;
          };
      if (!fits) {
        throw entry
            .corrupt(file.name(), 0, kind + " of a " + type.label() + " column", "no such section")
            .of(kind.rule());
      }
    }
  }
}
