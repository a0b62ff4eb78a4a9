/**
 * An index as a whole: {@link io.slab.index.SlabIndex} creates, opens and drops one, and leads to
 * its namespaces. The work itself is done in the packages below.
 */
package io.slab.index;
