package io.slab.format;

import io.slab.model.Extent;
import java.util.List;

/**
 * What a builder wrote.
 *
 * @param bytes length of the file
 * @param hotOffset where the hot tail begins; the namespace manifest records it
 * @param ahead what a search needs as soon as it has the hot tail; recorded likewise
 */
public record SlabSummary(SlabManifest manifest, long bytes, long hotOffset, List<Extent> ahead) {}
