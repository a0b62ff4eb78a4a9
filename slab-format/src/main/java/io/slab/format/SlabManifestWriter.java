package io.slab.format;

import io.slab.format.file.SlabFormat;
import io.slab.json.Json;
import io.slab.model.TextIndex;
import io.slab.model.Vintage;
import io.slab.text.TextTotals;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes a {@link SlabManifest} as JSON, its members in the order of the specification. */
final class SlabManifestWriter {
  private SlabManifestWriter() {}

  static byte[] write(SlabManifest manifest) {
    return Json.bytes(out -> write(out, manifest));
  }

  private static void write(JsonGenerator out, SlabManifest manifest) {
    out.writeStartObject();
    out.writeStringProperty("format", SlabManifestJson.FORMAT);
    out.writeName("version").writeStartArray();
    out.writeNumber(SlabFormat.MAJOR).writeNumber(SlabFormat.MINOR).writeEndArray();
    out.writeStringProperty("id", manifest.id().toString());
    out.writeStringProperty("namespace", manifest.namespace());
    out.writeStringProperty("writer", manifest.writer());
    out.writeNumberProperty("level", manifest.level());
    out.writeNumberProperty("rows", manifest.rows());
    out.writeNumberProperty("dimension", manifest.dimension());
    out.writeStringProperty("metric", manifest.metric().label());
    out.writeStringProperty("vectorType", manifest.vectorType().label());
    if (manifest.textIndex() != null) {
      textIndex(out, manifest.textIndex(), manifest.textTotals());
    }
    out.writeStringProperty("lsnMin", Long.toUnsignedString(manifest.lsnMin()));
    out.writeStringProperty("lsnMax", Long.toUnsignedString(manifest.lsnMax()));
    if (manifest.lsnAsOf() != SlabTombstones.UNKNOWN) {
      out.writeStringProperty("lsnAsOf", Long.toUnsignedString(manifest.lsnAsOf()));
    }
    out.writeName("fields").writeStartArray();
    manifest.fields().forEach(out::writeString);
    out.writeEndArray();
    columns(out, manifest.columns());
    out.writeName("algorithm").writeStartObject();
    out.writeStringProperty("name", manifest.algorithm());
    if (!manifest.measured().isEmpty()) {
      measured(out, manifest.measured());
    }
    out.writeEndObject();
    out.writeName("sources").writeStartArray();
    manifest.sources().forEach(id -> out.writeString(id.toString()));
    out.writeEndArray();
    if (!manifest.vintage().equals(Vintage.FIRST)) {
      out.writeName("vintage").writeStartObject();
      out.writeNumberProperty("sections", manifest.vintage().sections());
      out.writeNumberProperty("index", manifest.vintage().index());
      out.writeEndObject();
    }
    out.writeStringProperty("ledger", manifest.ledger().toString());
    out.writeEndObject();
  }

  private static void measured(JsonGenerator out, List<SlabManifest.Measurement> measured) {
    out.writeName("measured").writeStartArray();
    for (SlabManifest.Measurement one : measured) {
      out.writeStartObject();
      out.writeNumberProperty("k", one.k());
      out.writeNumberProperty("probes", one.probes());
      out.writeNumberProperty("margin", one.margin());
      out.writeNumberProperty("recall", one.recall());
      out.writeNumberProperty("assured", one.assured());
      out.writeNumberProperty("cells", one.cells());
      out.writeNumberProperty("scanned", one.scanned());
      out.writeNumberProperty("refined", one.refined());
      out.writeNumberProperty("rescored", one.rescored());
      out.writeNumberProperty("cost", one.cost());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void textIndex(JsonGenerator out, TextIndex index, TextTotals totals) {
    out.writeName("textIndex").writeStartObject();
    out.writeStringProperty("field", index.field());
    out.writeStringProperty("language", index.language());
    out.writeNumberProperty("texts", totals.texts());
    out.writeNumberProperty("terms", totals.terms());
    out.writeEndObject();
  }

  private static void columns(JsonGenerator out, List<SlabManifest.Column> columns) {
    out.writeName("columns").writeStartArray();
    for (SlabManifest.Column column : columns) {
      out.writeStartObject();
      out.writeNumberProperty("id", column.id());
      out.writeStringProperty("field", column.field());
      out.writeStringProperty("type", column.type().label());
      out.writeNumberProperty("rows", column.rows());
      out.writeNumberProperty("distinct", column.distinct());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
