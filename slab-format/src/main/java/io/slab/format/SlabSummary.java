package io.slab.format;

/**
 * What a builder wrote.
 *
 * @param bytes length of the file
 * @param hotOffset where the hot tail begins; the namespace manifest records it
 */
public record SlabSummary(SlabManifest manifest, long bytes, long hotOffset) {}
