package io.slab.store;

/**
 * What a store with versions keeps of an object that was deleted or replaced, or the mark of its
 * deletion.
 *
 * @param name of the object, relative to the store's root
 * @param version what the store calls it
 * @param bytes its size, 0 for the mark of a deletion
 */
public record OldVersion(String name, String version, long bytes) {}
