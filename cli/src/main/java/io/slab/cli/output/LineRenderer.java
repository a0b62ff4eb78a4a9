package io.slab.cli.output;

import java.util.List;
import java.util.Map;

/** One {@code name = value} per line, a blank line between rows. */
final class LineRenderer implements Renderer {
  private final Sink out;
  private final List<String> fields;
  private boolean first = true;

  LineRenderer(Sink out, List<String> fields) {
    this.out = out;
    this.fields = fields;
  }

  @Override
  public void begin(Listing listing) {
    // Every row names its own values.
  }

  @Override
  public void row(Doc row) {
    if (!first) {
      out.write("\n");
    }
    first = false;
    document(row);
  }

  @Override
  public void end(Doc summary) {
    // The summary is talk and goes to stderr.
  }

  @Override
  public void document(Doc document) {
    Map<String, Object> members = Fields.select(document, fields).members();
    int width = members.keySet().stream().mapToInt(Cells::width).max().orElse(0);
    for (Map.Entry<String, Object> member : members.entrySet()) {
      String name = Cells.clean(member.getKey());
      String padding = " ".repeat(Math.max(0, width - Cells.width(name)));
      out.write(name + padding + " = " + Cells.clean(Cells.plain(member.getValue())) + "\n");
    }
  }
}
