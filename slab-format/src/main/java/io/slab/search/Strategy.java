package io.slab.search;

/** How one slab was searched. */
public enum Strategy {
  /** The manifest's statistics exclude every row: the slab was not even opened. */
  SKIPPED_BY_MANIFEST,
  /** No live row matches: nothing of it was read but its bitmaps. */
  SKIPPED,
  /** The codes of an approximate index were scanned and the nearest rows scored. */
  INDEX,
  /** The rows were found by their sparse values, through the postings of the query's dimensions. */
  POSTINGS,
  /** Few rows match: only those were read and scored. */
  PRE_FILTER,
  /** Many rows match: all were scored, and those that came near were looked up in the bitmap. */
  MID_SCAN,
  /** There is no filter. */
  FULL_SCAN
}
