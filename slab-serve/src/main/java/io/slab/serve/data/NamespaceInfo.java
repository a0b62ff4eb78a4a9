package io.slab.serve.data;

/**
 * A namespace in a list.
 *
 * @param records live ones
 * @param bytes of its slabs
 */
public record NamespaceInfo(String name, long records, long bytes) {}
