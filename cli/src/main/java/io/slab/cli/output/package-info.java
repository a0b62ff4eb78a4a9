/**
 * How results are printed: documents and rows as tables, JSON, JSON lines and separated values, on
 * a terminal, in a pipe or in a file, and progress beside them. What the results are is for the
 * verbs to say.
 */
package io.slab.cli.output;
