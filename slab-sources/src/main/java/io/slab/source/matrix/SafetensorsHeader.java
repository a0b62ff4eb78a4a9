package io.slab.source.matrix;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Limits;
import io.slab.source.FieldMap;
import io.slab.source.ForeignFile;
import io.slab.store.ByteSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a {@code .safetensors} file: eight bytes with its length, then JSON that gives each
 * tensor its type, shape and place (github.com/huggingface/safetensors, "Format"). One tensor with
 * two dimensions holds the vectors; others, such as a count of steps, are passed over.
 */
final class SafetensorsHeader {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Types of whole numbers that ids may have, with their bytes. */
  private static final Map<String, Integer> WHOLE = Map.of("I64", 8, "I32", 4);

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
  private final JsonNode tensors;

  private SafetensorsHeader(String name, long length, long dataOffset, JsonNode tensors) {
    this.tensors = tensors;
    this.name = name;
    this.length = length;
    this.dataOffset = dataOffset;
  }

  /**
   * Reads where the vectors lie.
   *
   * @param array name of their tensor; null for the only one of two dimensions, or the one of
   *     several that has a usual name
   * @throws InvalidInputException when there is no such tensor, or more than one
   * @throws io.slab.error.CorruptException when the file contradicts itself
   */
  static NpyHeader read(ByteSource source, String array) {
    SafetensorsHeader header = open(source);
    return header.vectors(array);
  }

  private static SafetensorsHeader open(ByteSource source) {
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
    return new SafetensorsHeader(source.name(), source.length(), LENGTH + bytes, tensors);
  }

  /** Tensors of a number of dimensions, by name. */
  private Map<String, JsonNode> tensors(int dimensions) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    if (tensors.isObject()) {
      tensors.forEachEntry((key, tensor) -> {
        JsonNode shape = tensor.isObject() ? tensor.get("shape") : null;
        if (shape != null && shape.isArray() && shape.size() == dimensions) {
          found.put(key, tensor);
        }
      });
    }
    return found;
  }

  private NpyHeader vectors(String array) {
    Map<String, JsonNode> matrices = tensors(2);
    String usual = FieldMap.USUAL.find(FieldMap.Role.VALUES, matrices.keySet());
    String name = array != null ? array : matrices.size() == 1 ? first(matrices) : usual;
    JsonNode tensor = name == null ? null : matrices.get(name);
    if (tensor == null) {
      List<String> all = new ArrayList<>();
      matrices.forEach((key, matrix) -> {
        JsonNode shape = matrix.get("shape");
        all.add(quoted(key) + " (" + shape.get(0) + " x " + shape.get(1) + ")");
      });
      List<String> named = all.subList(0, Math.min(NAMED, all.size()));
      int others = all.size() - named.size();
      String found =
          (named.isEmpty() ? "none" : String.join(", ", named))
              + (others == 0 ? "" : " and " + others + " others");
      throw new InvalidInputException(
          this.name + ": one tensor with two dimensions holds the vectors, and it has " + found,
          "--map values=NAME names the one that is meant");
    }
    return header(quoted(name), tensor, tensor.get("shape"));
  }

  private static String first(Map<String, JsonNode> tensors) {
    return tensors.keySet().iterator().next();
  }

  /**
   * Reads the list of whole numbers that are ids.
   *
   * @return null when no tensor of one dimension has a usual name of ids, and none is named
   * @throws InvalidInputException when the one that is named is not there, or holds none
   */
  static List<String> ids(ByteSource source, FieldMap fields) {
    SafetensorsHeader header = open(source);
    Map<String, JsonNode> lists = header.tensors(1);
    String name = fields.find(FieldMap.Role.ID, lists.keySet());
    if (name == null) {
      String said = fields.names().get(FieldMap.Role.ID);
      if (said != null) {
        throw new InvalidInputException(
            source.name() + " has no tensor '" + said + "' of one dimension",
            "leave out --map id=" + said + " to number the rows");
      }
      return null;
    }
    return header.ids(source, name, lists.get(name));
  }

  private List<String> ids(ByteSource source, String key, JsonNode tensor) {
    JsonNode type = tensor.get("dtype");
    Integer width = type == null || !type.isString() ? null : WHOLE.get(type.stringValue());
    if (width == null) {
      throw new InvalidInputException(
          name + ": the ids in " + quoted(key) + " are no whole numbers",
          "save them as int64, or in ids.txt beside the file");
    }
    JsonNode offsets = tensor.get("data_offsets");
    boolean whole = offsets != null && offsets.isArray() && offsets.size() == 2;
    long begin = whole ? number(offsets.get(0)) : -1;
    long end = whole ? number(offsets.get(1)) : -1;
    long count = number(tensor.get("shape").get(0));
    if (begin < 0
        || count < 0
        || count > Integer.MAX_VALUE
        || end > length - dataOffset
        || end - begin != count * width) {
      throw ForeignFile.corrupt(
          name,
          LENGTH,
          "tensor " + quoted(key) + " " + quoted(Json.text(tensor)),
          "a shape and a place that agree");
    }
    List<String> ids = new ArrayList<>();
    if (count > 0) {
      MemorySegment data = source.read(dataOffset + begin, end - begin);
      for (long i = 0; i < count; i++) {
        ids.add(
            width == 8
                ? Long.toString(data.get(LONG, 8 * i))
                : Integer.toString(data.get(INT, 4 * i)));
      }
    }
    return ids;
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
