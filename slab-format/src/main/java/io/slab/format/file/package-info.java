/**
 * The container of a slab file: header, sections with their chunks and checksums, directory and
 * trailer (spec/slab-file.md). What is inside a section is not known here; see {@link
 * io.slab.format.section}.
 */
package io.slab.format.file;
