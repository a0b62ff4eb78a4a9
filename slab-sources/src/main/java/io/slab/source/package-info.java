/**
 * A source of records of any program: its parts, readers of records, options, what a reader notes,
 * and why a record was refused. How a location is recognised is in {@link io.slab.source.scan}; the
 * formats are in the packages beside it.
 */
package io.slab.source;
