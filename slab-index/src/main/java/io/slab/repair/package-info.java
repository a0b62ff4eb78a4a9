/**
 * Repair: what is lost of a damaged index is said first, and what can be read is then saved into
 * new objects that one new manifest names. Nothing is changed in place. The same work over an
 * {@link io.slab.repair.OverlayStore} lets exports and queries go on without the damaged rows and
 * without touching the index.
 */
package io.slab.repair;
