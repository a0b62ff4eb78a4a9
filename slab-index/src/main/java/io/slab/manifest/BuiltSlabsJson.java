package io.slab.manifest;

import io.slab.manifest.BuiltSlabs.Operation;
import io.slab.model.Ledger;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Built slabs as checked JSON (spec/index.md, "Built slabs"). Unknown members are ignored. */
public final class BuiltSlabsJson {
  static final String FORMAT = "slab-built";

  private static final String RESOURCE = "the description of built slabs";

  private BuiltSlabsJson() {}

  /** Encodes; the same slabs give the same bytes. */
  public static byte[] encode(BuiltSlabs built) {
    return CheckedJson.write(out -> {
      ManifestJson.writeHeader(out, FORMAT);
      out.writeStringProperty("operation", built.operation().label());
      out.writeStringProperty("commit", built.commit().toString());
      out.writeStringProperty("namespace", built.namespace());
      out.writeStringProperty("base", Long.toString(built.base()));
      out.writeStringProperty("lsn", Long.toString(built.lsn()));
      if (built.operation().bringsRows()) {
        out.writeStringProperty("reservation", built.reservation().toString());
      } else {
        out.writeNumberProperty("level", built.level());
      }
      out.writeArrayPropertyStart("slabs");
      built.slabs().forEach(slab -> SlabEntryJson.write(out, slab));
      out.writeEndArray();
      if (built.operation().bringsRows()) {
        out.writeArrayPropertyStart("ids");
        built.ids().forEach(range -> writeRange(out, range));
        out.writeEndArray();
      }
      out.writeArrayPropertyStart("replaced");
      built.replaced().forEach(slab -> SlabEntryJson.write(out, slab));
      out.writeEndArray();
      if (built.operation() == Operation.COMPACT) {
        out.writeStringProperty("dropped", built.dropped().toString());
      }
    });
  }

  /**
   * Decodes and checks.
   *
   * @throws io.slab.error.CorruptException when it is damaged
   * @throws io.slab.error.UnsupportedException when a newer version wrote it
   */
  public static BuiltSlabs decode(byte[] bytes) {
    StoredJson in = new StoredJson(RESOURCE, CheckedJson.read(RESOURCE, bytes), null);
    in.header(FORMAT);
    Operation operation = operation(in);
    boolean rows = operation.bringsRows();
    try {
      return new BuiltSlabs(
          operation,
          in.ulid("commit"),
          in.text("namespace"),
          in.decimal("base"),
          rows ? 0 : Math.toIntExact(in.count("level")),
          in.decimal("lsn"),
          rows ? in.ulid("reservation") : null,
          in.objects("slabs", SlabEntryJson::read),
          rows ? in.rows("ids", 2).stream().map(BuiltSlabsJson::range).toList() : List.of(),
          in.objects("replaced", SlabEntryJson::read),
          rows ? Ledger.EMPTY : Ledger.parse(in.text("dropped")));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.wrong(e.getMessage(), "a possible commit");
    }
  }

  private static void writeRange(JsonGenerator out, IdRange range) {
    out.writeStartArray();
    out.writeString(range.first());
    out.writeString(range.last());
    out.writeEndArray();
  }

  private static IdRange range(List<String> row) {
    return new IdRange(row.getFirst(), row.getLast());
  }

  private static Operation operation(StoredJson in) {
    String label = in.text("operation");
    for (Operation operation : Operation.values()) {
      if (operation.label().equals(label)) {
        return operation;
      }
    }
    throw in.wrong("operation \"" + label + "\"", "\"bulk\", \"append\" or \"compact\"");
  }
}
