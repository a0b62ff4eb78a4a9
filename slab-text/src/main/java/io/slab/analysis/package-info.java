/**
 * Makes terms of texts with the analyzers of Lucene. What terms are stored as, and how they are
 * searched, is in {@code io.slab.text} and above; nothing here knows of records.
 */
package io.slab.analysis;
