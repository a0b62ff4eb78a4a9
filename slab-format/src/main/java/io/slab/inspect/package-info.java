/**
 * Views of one slab for people: its layout, columns, bitmaps, rows, vectors and index. They read
 * only what they show, so that damage in one section hides no other. Judgement about damage is not
 * here; see {@link io.slab.check}. Text and pages are made by the command line.
 */
package io.slab.inspect;
