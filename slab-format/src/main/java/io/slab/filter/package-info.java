/**
 * Metadata filters: their language, what they mean over bitmaps and over one record, and when a set
 * of rows cannot match. Where the bitmaps come from is not known here: a slab and a memtable each
 * supply a {@link io.slab.filter.FieldIndex}.
 */
package io.slab.filter;
