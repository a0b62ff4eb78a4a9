/**
 * Reports about slabs, levels, indexes and estimates as documents and as text for people. The
 * figures come from the modules below; nothing is measured or read here that a verb did not ask
 * for.
 */
package io.slab.cli.report;
