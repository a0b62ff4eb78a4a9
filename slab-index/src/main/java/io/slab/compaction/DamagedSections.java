package io.slab.compaction;

import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.file.SlabFormat;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells slabs of which a derived section is damaged: a rewrite heals them, and nothing is lost.
 * Reads every byte of these sections, once for each slab that is whole. One thread only.
 */
final class DamagedSections {
  private final NamespaceHandle namespace;
  private final Set<Ulid> whole = new HashSet<>();

  DamagedSections(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /** False too for a slab that cannot be opened: that is for others to tell. */
  boolean has(SlabEntry entry) {
    if (whole.contains(entry.id())) {
      return false;
    }
    String name = namespace.names().slab(entry.id());
    try (SlabFile file =
        SlabFile.open(namespace.store().openUnmapped(name, entry.bytes()), entry.hotOffset())) {
      for (Section section : file.sections()) {
        SectionKind kind = section.entry().knownKind();
        if (kind != null && kind.derived() && isDamaged(section)) {
          return true;
        }
      }
    } catch (DataException e) {
      return false;
    }
    whole.add(entry.id());
    return false;
  }

  private static boolean isDamaged(Section section) {
    long step = 16L * SlabFormat.CHUNK_BYTES;
    try {
      for (long at = 0; at < section.length(); at += step) {
        section.slice(at, Math.min(step, section.length() - at));
      }
      return false;
    } catch (CorruptException e) {
      return true;
    }
  }
}
