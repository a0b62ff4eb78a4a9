package io.slab.cli.output;

import java.util.List;
import java.util.Map;

/** One JSON document, one row per line. */
final class JsonRenderer implements Renderer {
  private final Sink out;
  private final List<String> fields;
  private Listing listing;
  private boolean first = true;

  JsonRenderer(Sink out, List<String> fields) {
    this.out = out;
    this.fields = fields;
  }

  @Override
  public void begin(Listing shape) {
    listing = shape;
    out.write("{" + JsonText.of(listing.member()) + (listing.key() == null ? ":[" : ":{"));
  }

  @Override
  public void row(Doc row) {
    out.write(first ? "\n  " : ",\n  ");
    first = false;
    if (listing.key() != null) {
      out.write(JsonText.of(row.get(listing.key())) + ":");
    }
    out.write(JsonText.of(Fields.select(row, fields)));
  }

  @Override
  public void end(Doc summary) {
    StringBuilder text = new StringBuilder(first ? "" : "\n");
    text.append(listing.key() == null ? ']' : '}');
    for (Map.Entry<String, Object> member : summary.members().entrySet()) {
      text.append(',');
      JsonText.appendString(text, member.getKey());
      text.append(':');
      JsonText.append(text, member.getValue());
    }
    out.write(text.append("}\n").toString());
  }

  @Override
  public void document(Doc document) {
    StringBuilder text = new StringBuilder("{");
    String separator = "\n  ";
    for (Map.Entry<String, Object> member : Fields.select(document, fields).members().entrySet()) {
      text.append(separator);
      separator = ",\n  ";
      JsonText.appendString(text, member.getKey());
      text.append(": ");
      JsonText.append(text, member.getValue());
    }
    out.write(text.append("\n}\n").toString());
  }
}
