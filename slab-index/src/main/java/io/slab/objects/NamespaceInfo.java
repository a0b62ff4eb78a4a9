package io.slab.objects;

import io.slab.manifest.NamespaceManifest;

/**
 * One namespace of an index directory.
 *
 * @param namespace decoded name, or null when the folder is none of a namespace
 * @param folder folder name
 * @param manifest the newest manifest, or null when there is none
 * @param manifests manifest objects
 * @param walObjects WAL objects
 * @param unflushedWalObjects those above what the newest manifest has flushed
 * @param slabFiles slab objects, those included that no manifest names
 * @param slabBytes their length together
 * @param deletionVectorFiles deletion vector objects
 */
public record NamespaceInfo(
    String namespace,
    String folder,
    NamespaceManifest manifest,
    long manifests,
    long walObjects,
    long unflushedWalObjects,
    long slabFiles,
    long slabBytes,
    long deletionVectorFiles) {}
