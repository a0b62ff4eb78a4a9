/**
 * The campaign that tries what the index promises (docs/trust.md): simulated processes under a
 * scheduler that a seed drives, every fault of every store call, disks that lie, random histories
 * against a naive model. The production code runs here; only the store and the clock are ours.
 */
package io.slab.trust;
