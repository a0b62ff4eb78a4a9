package io.slab.manifest;

import io.slab.error.CorruptException;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.TextIndex;
import io.slab.model.Ulid;
import io.slab.model.VectorType;
import java.util.List;

/**
 * {@code index.json} (spec/index.md): what never changes about an index, as checked JSON.
 *
 * <pre>
 * {"crc32c","format":"slab-index","version":[1,0],"features":{"required":[],"optional":[]},"id","name",
 *  "dimension" (0: sparse),"metric","vectorType","schema": null | [field, ...],"createdMs"}
 * with a text index  features.required: ["text"], "textIndex":{"field","language"}
 * </pre>
 */
public final class IndexJson {
  public static final String NAME = "index.json";

  /** Most bytes; a reader refuses more. */
  public static final int MAX_BYTES = 1 << 20;

  private static final String FORMAT = "slab-index";

  /** What a program must know of that writes records to an index with a text index. */
  private static final String TEXT = "text";

  private IndexJson() {}

  /**
   * Encodes.
   *
   * @param id tells this index from every other, however much they are alike
   */
  public static byte[] encode(IndexSpec spec, Ulid id) {
    return CheckedJson.write(out -> {
      ManifestJson.writeHeader(out, FORMAT, spec.textIndex() == null ? List.of() : List.of(TEXT));
      out.writeStringProperty("id", id.toString());
      out.writeStringProperty("name", spec.name());
      out.writeNumberProperty("dimension", spec.dimension());
      out.writeStringProperty("metric", spec.metric().label());
      out.writeStringProperty("vectorType", spec.vectorType().label());
      if (spec.schema() == null) {
        out.writeNullProperty("schema");
      } else {
        out.writeArrayPropertyStart("schema");
        spec.schema().forEach(out::writeString);
        out.writeEndArray();
      }
      if (spec.textIndex() != null) {
        out.writeObjectPropertyStart("textIndex");
        out.writeStringProperty("field", spec.textIndex().field());
        out.writeStringProperty("language", spec.textIndex().language());
        out.writeEndObject();
      }
      out.writeNumberProperty("createdMs", spec.createdMillis());
    });
  }

  /** Decodes and checks. */
  public static IndexSpec decode(String resource, byte[] bytes) {
    StoredJson in = new StoredJson(resource, CheckedJson.read(resource, bytes), "IJ-");
    boolean text = !in.header(FORMAT, List.of(TEXT)).isEmpty();
    if (text != in.has("textIndex")) {
      throw in.wrong("textIndex", text ? "no textIndex" : "a textIndex", "it with its feature");
    }
    in.ulid("id");
    List<String> schema = in.isNull("schema") ? null : in.strings("schema");
    try {
      return new IndexSpec(
          in.text("name"),
          Math.toIntExact(in.count("dimension")),
          Metric.ofLabel(in.text("metric")),
          VectorType.ofLabel(in.text("vectorType")),
          schema,
          text ? textIndex(in.object("textIndex")) : null,
          in.count("createdMs"));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CorruptException(resource, -1, e.getMessage(), "a possible index");
    }
  }

  private static TextIndex textIndex(StoredJson in) {
    return new TextIndex(in.text("field"), in.text("language"));
  }
}
