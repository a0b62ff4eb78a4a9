/**
 * What is asked of every index that a test leaves behind, and the mark of those that are damaged on
 * purpose. Compiled with the tests of each module that makes indexes, since it stands above {@code
 * slab-index}; fixtures that need no index are in {@link io.slab.testkit}.
 */
package io.slab.testkit.index;
