package io.slab.cli.output;

import java.util.List;

/** One JSON object per line, each with a {@code type}; the last is the summary. */
final class NdjsonRenderer implements Renderer {
  private final Sink out;
  private final List<String> fields;
  private String rowType;

  NdjsonRenderer(Sink out, List<String> fields) {
    this.out = out;
    this.fields = fields;
  }

  @Override
  public void begin(Listing listing) {
    rowType = listing.rowType();
  }

  @Override
  public void row(Doc row) {
    line(rowType, Fields.select(row, fields));
  }

  @Override
  public void end(Doc summary) {
    line("summary", summary);
  }

  @Override
  public void document(Doc document) {
    line("summary", Fields.select(document, fields));
  }

  private void line(String type, Doc doc) {
    // The type of the line wins over a member of that name, which says the same by another.
    out.write(JsonText.of(new Doc().put("type", type).putAll(doc).put("type", type)) + "\n");
    out.flush();
  }
}
