/**
 * One namespace as readers and writers of a process share it: finding its newest state, committing
 * its manifests, its thresholds, creating, configuring, sealing and dropping it. Records are
 * written by {@link io.slab.writer}, compacted by {@link io.slab.compaction}, and their garbage is
 * removed by {@link io.slab.gc}.
 */
package io.slab.namespace;
