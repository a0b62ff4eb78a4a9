package io.slab.format;

import io.slab.error.CorruptException;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.VectorType;
import java.util.Objects;

/** Compares the manifest of a slab with its file, and with the index that the slab belongs to. */
final class SlabManifestCheck {
  private SlabManifestCheck() {}

  /**
   * Checks it.
   *
   * @param spec the index that the slab belongs to, or null
   * @throws CorruptException when it is another one than the file or the index has
   */
  static void check(SlabManifest manifest, SlabFile file, IndexSpec spec) {
    Section json = file.require(SectionKind.MANIFEST);
    if (!manifest.id().equals(file.id())) {
      throw corrupt(json, "the id " + manifest.id(), file.id().toString()).of("SM-id");
    }
    if (manifest.vectorType().hasDense() != manifest.dimension() > 0) {
      throw corrupt(json, "a dimension of " + manifest.dimension(), "a possible slab")
          .of("SM-dimension");
    }
    long stored = file.require(SectionKind.ID_BLOCKS).entry().items();
    if (stored != manifest.rows()) {
      throw corrupt(json, manifest.rows() + " rows", stored + " rows as there are ids")
          .of("SM-rows");
    }
    if (spec != null && !fits(manifest, spec)) {
      throw corrupt(
          json,
          kind(manifest.vectorType(), manifest.dimension(), manifest.metric()),
          kind(spec.vectorType(), spec.dimension(), spec.metric()) + " as the index has");
    }
  }

  private static boolean fits(SlabManifest manifest, IndexSpec spec) {
    return spec.dimension() == manifest.dimension()
        && spec.metric() == manifest.metric()
        && spec.vectorType() == manifest.vectorType()
        && Objects.equals(spec.textIndex(), manifest.textIndex());
  }

  private static String kind(VectorType type, int dimension, Metric metric) {
    return type.label() + ' ' + dimension + ' ' + metric.label();
  }

  private static CorruptException corrupt(Section section, String found, String expected) {
    return new CorruptException(section.resource(), section.entry().offset(), found, expected);
  }
}
