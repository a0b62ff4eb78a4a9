package io.slab;

import java.time.Instant;

/**
 * A state of a namespace that gc keeps. Immutable and thread-safe.
 *
 * @param name its name
 * @param manifest number of the manifest that is the state
 * @param expires until when, by the clock of the storage; null: until it is deleted
 */
public record Checkpoint(String name, long manifest, Instant expires) {
  static Checkpoint of(io.slab.manifest.NamespaceManifest.Checkpoint checkpoint) {
    long millis = checkpoint.expiresMillis();
    return new Checkpoint(
        checkpoint.name(),
        checkpoint.manifest(),
        millis == 0 ? null : Instant.ofEpochMilli(millis));
  }
}
