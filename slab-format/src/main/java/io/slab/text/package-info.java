/**
 * Search for words: what a text index stores for the text of a record (term frequencies, weighed by
 * the length of the text), and where the analyzers come from that make terms of texts. The
 * analyzers themselves are in the module slab-text; nothing here searches.
 */
package io.slab.text;
