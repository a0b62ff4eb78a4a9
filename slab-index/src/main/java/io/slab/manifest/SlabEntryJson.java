package io.slab.manifest;

import io.slab.format.SlabTombstones;
import io.slab.json.Json;
import io.slab.model.Extent;
import io.slab.model.Ledger;
import io.slab.model.Vintage;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** One slab as an object of JSON, in manifests and in what they are made of (spec/index.md). */
final class SlabEntryJson {
  private SlabEntryJson() {}

  static void write(JsonGenerator out, SlabEntry slab) {
    out.writeStartObject();
    ManifestJson.text(out, "id", slab.id());
    out.writeNumberProperty("level", slab.level());
    out.writeNumberProperty("bytes", slab.bytes());
    out.writeNumberProperty("hotOffset", slab.hotOffset());
    out.writeNumberProperty("rows", slab.rows());
    ManifestJson.text(out, "lsnMin", slab.lsnMin());
    ManifestJson.text(out, "lsnMax", slab.lsnMax());
    if (slab.lsnAsOf() >= 0) {
      ManifestJson.text(out, "lsnAsOf", slab.lsnAsOf());
    }
    if (slab.tombstones() > 0) {
      out.writeNumberProperty("tombstones", slab.tombstones());
    }
    ManifestJson.text(out, "ledger", slab.ledger());
    ManifestJson.text(out, "algorithm", slab.algorithm());
    if (!slab.vintage().equals(Vintage.FIRST)) {
      out.writeObjectPropertyStart("vintage");
      out.writeNumberProperty("sections", slab.vintage().sections());
      out.writeNumberProperty("index", slab.vintage().index());
      out.writeEndObject();
    }
    if (!slab.ahead().isEmpty()) {
      out.writeArrayPropertyStart("ahead");
      for (Extent extent : slab.ahead()) {
        out.writeStartObject();
        out.writeNumberProperty("offset", extent.offset());
        out.writeNumberProperty("length", extent.length());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeArrayPropertyStart("columns");
    slab.columns().forEach(column -> writeColumn(out, column));
    out.writeEndArray();
    writeDeletes(out, slab.deletes());
    out.writeEndObject();
  }

  private static void writeDeletes(JsonGenerator out, SlabDeletes deletes) {
    if (deletes.cardinality() == 0) {
      out.writeNullProperty("deletes");
    } else {
      out.writeObjectPropertyStart("deletes");
      out.writeNumberProperty("cardinality", deletes.cardinality());
      if (deletes.inline() != null) {
        ManifestJson.text(out, "inline", Base64.getEncoder().encodeToString(deletes.inline()));
      } else {
        ManifestJson.text(out, "file", deletes.file());
      }
      out.writeEndObject();
    }
  }

  private static void writeColumn(JsonGenerator out, ColumnStatistics column) {
    out.writeStartObject();
    ManifestJson.text(out, "field", column.field());
    ManifestJson.text(out, "type", column.type());
    out.writeNumberProperty("rows", column.rows());
    writeBound(out, "min", column.min());
    writeBound(out, "max", column.max());
    out.writeEndObject();
  }

  private static void writeBound(JsonGenerator out, String name, Object bound) {
    if (bound instanceof Double d) {
      out.writeName(name);
      Json.writeNumber(out, d.doubleValue());
    } else if (bound instanceof String s) {
      ManifestJson.text(out, name, s);
    }
  }

  static SlabEntry read(StoredJson in) {
    try {
      return new SlabEntryBuilder(in.ulid("id"))
          .rows(Math.toIntExact(in.count("level")), Math.toIntExact(in.count("rows")))
          .file(in.count("bytes"), in.count("hotOffset"))
          .lsns(in.decimal("lsnMin"), in.decimal("lsnMax"))
          .asOf(in.has("lsnAsOf") ? in.decimal("lsnAsOf") : SlabTombstones.UNKNOWN)
          .tombstones(in.has("tombstones") ? Math.toIntExact(in.count("tombstones")) : 0)
          .ledger(readLedger(in))
          .search(
              in.text("algorithm"),
              in.has("vintage") ? readVintage(in.object("vintage")) : Vintage.FIRST,
              in.has("ahead") ? in.objects("ahead", SlabEntryJson::readExtent) : List.of())
          .columns(in.objects("columns", SlabEntryJson::readColumn))
          .deletes(
              in.isNull("deletes")
                  ? SlabDeletes.NONE
                  : readDeletes(in.text("id"), in.object("deletes")))
          .build();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.wrong("a slab entry with " + e.getMessage(), "possible numbers");
    }
  }

  static Ledger readLedger(StoredJson in) {
    if (!in.has("ledger")) {
      throw in.wrong("a slab without 'ledger'", "one, which manifests of an earlier draft lack");
    }
    return Ledger.parse(in.text("ledger"));
  }

  private static Vintage readVintage(StoredJson in) {
    return new Vintage(Math.toIntExact(in.count("sections")), Math.toIntExact(in.count("index")));
  }

  private static Extent readExtent(StoredJson in) {
    return new Extent(in.count("offset"), in.count("length"));
  }

  private static SlabDeletes readDeletes(String slab, StoredJson in) {
    if (in.has("file") == in.has("inline")) {
      throw in.wrong("dead rows inline and in a file, or nowhere", "one of 'inline' and 'file'");
    }
    long cardinality = in.count("cardinality");
    if (in.has("inline")) {
      return new SlabDeletes(cardinality, base64(in, in.text("inline")), null);
    }
    String file = in.text("file");
    // The name goes to the store: nothing but a plain file of the deletes folder is accepted.
    if (!NamespaceNames.isDeletesOf(slab, file)) {
      throw in.wrong("file \"" + file + "\"", "the name of a deletion vector of slab " + slab);
    }
    return new SlabDeletes(cardinality, null, file);
  }

  /** Padding included, and without set bits behind the last byte: one text for any bytes. */
  private static byte[] base64(StoredJson in, String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw in.wrong("base64 of " + text.length() + " characters", "base64 with its padding");
    }
    return bytes;
  }

  private static ColumnStatistics readColumn(StoredJson in) {
    String type = in.text("type");
    boolean number = type.equals(ColumnStatistics.NUMBER);
    return new ColumnStatistics(
        in.text("field"),
        type,
        in.count("rows"),
        readBound(in, "min", number),
        readBound(in, "max", number));
  }

  private static Object readBound(StoredJson in, String name, boolean number) {
    if (!in.has(name)) {
      return null;
    }
    return number ? (Object) in.number(name) : in.text(name);
  }
}
