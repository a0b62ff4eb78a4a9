package io.slab.source.matrix;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Limits;
import io.slab.source.ForeignFile;
import io.slab.store.ByteSource;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The header of a {@code .safetensors} file: eight bytes with its length, then JSON that gives each
 * tensor its type, shape and place (github.com/huggingface/safetensors, "Format"). The one tensor
 * with two dimensions holds the vectors; others, such as a count of steps, are passed over.
 */
final class SafetensorsHeader {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The format's own limit. */
  private static final long MAX_BYTES = 100_000_000;

  /** More of it is not read into memory: it would name a hundred thousand tensors. */
  private static final long MOST_READ = 16 << 20;

  private static final int LENGTH = 8;

  /** Tensors that a message names, and characters that it quotes: a model has thousands. */
  private static final int NAMED = 5;

  private static final int QUOTED = 100;

  private static final Map<String, NpyHeader.Type> TYPES =
      Map.of(
          "F32", NpyHeader.Type.FLOAT32,
          "F16", NpyHeader.Type.FLOAT16,
          "BF16", NpyHeader.Type.BFLOAT16,
          "F64", NpyHeader.Type.FLOAT64,
          "I8", NpyHeader.Type.INT8,
          "U8", NpyHeader.Type.UINT8);

  private final String name;
  private final long length;
  private final long dataOffset;

  private SafetensorsHeader(String name, long length, long dataOffset) {
    this.name = name;
    this.length = length;
    this.dataOffset = dataOffset;
  }

  /**
   * Reads where the vectors lie.
   *
   * @throws InvalidInputException when there is no such tensor, or more than one
   * @throws io.slab.error.CorruptException when the file contradicts itself
   */
  static NpyHeader read(ByteSource source) {
    long bytes = source.length() < LENGTH ? -1 : source.read(0, LENGTH).get(LONG, 0);
    if (bytes < 2 || bytes > Math.min(MAX_BYTES, source.length() - LENGTH)) {
      throw ForeignFile.corrupt(
          source.name(),
          0,
          "a header of " + bytes + " bytes",
          "2 to " + MAX_BYTES + ", within the file");
    }
    if (bytes > MOST_READ) {
      throw ForeignFile.unsupported(
          source.name(), 0, "a header of " + bytes + " bytes", "at most " + MOST_READ);
    }
    byte[] text = source.read(LENGTH, bytes).toArray(ValueLayout.JAVA_BYTE);
    JsonNode tensors = Json.parseStored(source.name(), text);
    return new SafetensorsHeader(source.name(), source.length(), LENGTH + bytes).vectors(tensors);
  }

  private NpyHeader vectors(JsonNode tensors) {
    List<String> matrices = new ArrayList<>();
    List<NpyHeader> headers = new ArrayList<>();
    if (tensors.isObject()) {
      tensors.forEachEntry((key, tensor) -> {
        JsonNode shape = tensor.isObject() ? tensor.get("shape") : null;
        if (shape != null && shape.isArray() && shape.size() == 2) {
          headers.add(header(quoted(key), tensor, shape));
          matrices.add(quoted(key) + " (" + shape.get(0) + " x " + shape.get(1) + ")");
        }
      });
    }
    if (matrices.size() != 1) {
      List<String> named = matrices.subList(0, Math.min(NAMED, matrices.size()));
      int others = matrices.size() - named.size();
      String found =
          (named.isEmpty() ? "none" : String.join(", ", named))
              + (others == 0 ? "" : " and " + others + " others");
      throw new InvalidInputException(
          name + ": one tensor with two dimensions holds the vectors, and it has " + found,
          "save that one alone: numpy.save('v.npy', load_file('FILE')['NAME'])");
    }
    return headers.getFirst();
  }

  private NpyHeader header(String key, JsonNode tensor, JsonNode shape) {
    JsonNode type = tensor.get("dtype");
    NpyHeader.Type known = type == null || !type.isString() ? null : TYPES.get(type.stringValue());
    if (known == null) {
      throw ForeignFile.unsupported(
          name,
          LENGTH,
          "tensor " + key + " of type " + quoted(String.valueOf(type)),
          "one of " + TYPES.keySet().stream().sorted().toList());
    }
    JsonNode offsets = tensor.get("data_offsets");
    boolean whole = offsets != null && offsets.isArray() && offsets.size() == 2;
    long begin = whole ? number(offsets.get(0)) : -1;
    long end = whole ? number(offsets.get(1)) : -1;
    long rows = number(shape.get(0));
    long columns = number(shape.get(1));
    boolean fits =
        rows >= 0
            && columns >= 0
            && columns <= Limits.MAX_DIMENSION
            && begin >= 0
            && end <= length - dataOffset
            && rows <= Long.MAX_VALUE / (8L * Math.max(1, columns))
            && end - begin == rows * columns * known.width();
    if (!fits) {
      throw ForeignFile.corrupt(
          name,
          LENGTH,
          "tensor " + key + " " + quoted(Json.text(tensor)),
          "a shape and a place that agree");
    }
    return new NpyHeader(Elements.littleEndian(known), false, rows, columns, dataOffset + begin);
  }

  private static String quoted(String text) {
    return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "...";
  }

  private static long number(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : -1;
  }
}
