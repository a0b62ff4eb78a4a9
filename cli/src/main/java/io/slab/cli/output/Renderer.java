package io.slab.cli.output;

/**
 * Turns results into text. One listing or one document per command: either {@link #begin}, any
 * number of {@link #row}, {@link #end}; or one {@link #document}. Rows are written as they come
 * where the form allows it.
 */
interface Renderer {
  void begin(Listing listing);

  void row(Doc row);

  /** Ends the listing. @param summary members beside the rows */
  void end(Doc summary);

  /** A result without rows. */
  void document(Doc document);

  /** Prints nothing. */
  Renderer NOTHING =
      new Renderer() {
        @Override
        public void begin(Listing listing) {}

        @Override
        public void row(Doc row) {}

        @Override
        public void end(Doc summary) {}

        @Override
        public void document(Doc document) {}
      };
}
