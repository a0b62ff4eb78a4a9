package io.slab.json;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.model.Numbers;
import io.slab.model.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON in and out: strict reading into trees, and generators whose output is the project's one way
 * to write JSON (compact, UTF-8, shortest numbers).
 *
 * <p>Strict means RFC 8259 and more: one value and nothing after it, no member name twice in one
 * object, no comments, no NaN, no number beyond the range of a 64-bit float, no text that is not
 * Unicode (a lone surrogate), at most {@link #MAX_DEPTH} levels. Trees are read without Jackson,
 * and only its streaming layer writes: an ObjectMapper would cost a short command more than its
 * whole query. Thread-safe.
 */
public final class Json {
  /** Most levels of nested arrays and objects. */
  public static final int MAX_DEPTH = 100;

  private Json() {}

  /** Made when first asked for: a short command may read its few lines of JSON without Jackson. */
  private static final class Lazy {
    static final JsonFactory FACTORY =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
  }

  /**
   * The shared streaming factory, for readers of long files. It does not look for repeated names.
   */
  public static JsonFactory factory() {
    return Lazy.FACTORY;
  }

  /**
   * Reads text that a user handed in.
   *
   * @param what what the text is ("filter", "--vector"), for errors
   * @throws InvalidInputException naming line, column and offset (in characters, from 0)
   */
  public static JsonNode parse(String what, String text) {
    try {
      return TreeReader.read(text);
    } catch (JsonProblem e) {
      throw new InvalidInputException(
          what + " is not valid JSON: " + e.getMessage() + " at " + e.where(),
          "see RFC 8259; names and texts need double quotes",
          e);
    }
  }

  /**
   * Reads a stored JSON object such as a manifest.
   *
   * @param resource the object's name, for errors
   * @throws CorruptException naming the byte offset of the first thing that is not strict JSON
   */
  public static JsonNode parseStored(String resource, byte[] bytes) {
    String text = decode(resource, bytes);
    try {
      return TreeReader.read(text);
    } catch (JsonProblem e) {
      throw new CorruptException(
          resource,
          Utf8.bytes(text.substring(0, e.offset())).length,
          e.getMessage() + " (" + e.where() + ")",
          "strict JSON");
    }
  }

  private static String decode(String resource, byte[] bytes) {
    String text = Utf8.string(bytes);
    if (text.indexOf(Utf8.REPLACEMENT) < 0) {
      return text;
    }
    // Malformed, or with that very character: a decoder tells.
    ByteBuffer in = ByteBuffer.wrap(bytes);
    // One UTF-16 unit per byte is always enough.
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      throw new CorruptException(resource, in.position(), "malformed UTF-8", "UTF-8 text");
    }
    return out.flip().toString();
  }

  /** A compact UTF-8 generator. Closing it closes the stream. */
  public static JsonGenerator generator(OutputStream out) {
    return Lazy.FACTORY.createGenerator(ObjectWriteContext.empty(), out);
  }

  /** A compact generator of characters. Closing it closes the writer. */
  public static JsonGenerator generator(Writer out) {
    return Lazy.FACTORY.createGenerator(ObjectWriteContext.empty(), out);
  }

  /** The text that {@code content} writes. */
  public static String text(Consumer<JsonGenerator> content) {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = generator(out)) {
      content.accept(generator);
    }
    return out.toString();
  }

  /** The UTF-8 bytes of what {@code content} writes. */
  public static byte[] bytes(Consumer<JsonGenerator> content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator generator = generator(out)) {
      content.accept(generator);
    }
    return out.toByteArray();
  }

  /** The compact text of a tree, members in the order of the tree. */
  public static String text(JsonNode node) {
    return text(generator -> write(generator, node));
  }

  /** Writes a tree. */
  public static void write(JsonGenerator out, JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        out.writeStartObject();
        node.forEachEntry((name, value) -> {
          out.writeName(name);
          write(out, value);
        });
        out.writeEndObject();
      }
      case ARRAY -> {
        out.writeStartArray();
        for (JsonNode element : node) {
          write(out, element);
        }
        out.writeEndArray();
      }
      case STRING -> out.writeString(node.stringValue());
      case BOOLEAN -> out.writeBoolean(node.booleanValue());
      case NUMBER -> writeNumber(out, node);
      case NULL -> out.writeNull();
    }
  }

  private static void writeNumber(JsonGenerator out, JsonNode node) {
    Number number = node.numberValue();
    if (number instanceof BigInteger big) {
      out.writeNumber(big);
    } else if (node.canConvertToLong()) {
      out.writeNumber(number.longValue());
    } else {
      writeNumber(out, number.doubleValue());
    }
  }

  /**
   * Writes a 64-bit float by the rule of {@link Numbers#text(double)}; NaN and infinities become
   * strings.
   */
  public static void writeNumber(JsonGenerator out, double value) {
    if (Double.isFinite(value)) {
      out.writeNumber(Numbers.text(value));
    } else {
      out.writeString(Double.toString(value));
    }
  }

  /**
   * Writes a 32-bit float by the rule of {@link Numbers#text(float)}; NaN and infinities become
   * strings.
   */
  public static void writeNumber(JsonGenerator out, float value) {
    if (Float.isFinite(value)) {
      out.writeNumber(Numbers.text(value));
    } else {
      out.writeString(Float.toString(value));
    }
  }

  /** Writes an array of 32-bit floats. */
  public static void writeFloats(JsonGenerator out, float[] values) {
    out.writeStartArray();
    for (float value : values) {
      writeNumber(out, value);
    }
    out.writeEndArray();
  }
}
