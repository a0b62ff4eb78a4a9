/**
 * Recognises what a location holds, by content: files, folders, tables, exports with a manifest,
 * streams. Each file is read, known to hold no records, or named as one that may hold some and is
 * not read. The records themselves are read in the packages beside this one.
 */
package io.slab.source.scan;
