/**
 * Migration of a whole export into an index: reading into sorted runs, going on after an
 * interruption, loading of namespaces, verification against the source, and the report. Formats of
 * exports are known in {@link io.slab.source} only.
 */
package io.slab.migrate;
