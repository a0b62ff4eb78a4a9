package io.slab.serve.json;

import io.slab.serve.api.ApiException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/** Bodies in and out. Strict JSON; nesting and lengths are bounded. Thread-safe. */
public final class Bodies {
  /** Most levels of a body; metadata and filters of the API have few. */
  private static final int MAX_DEPTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .nodeFactory(new FiniteNumbers())
          .build();

  private Bodies() {}

  /** A tree would keep a number beyond the range of a double as infinity, and write it as text. */
  private static final class FiniteNumbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;

    @Override
    public NumericNode numberNode(double number) {
      if (!Double.isFinite(number)) {
        throw ApiException.invalid("the body has a number beyond the range of a 64-bit float");
      }
      return super.numberNode(number);
    }
  }

  /** What reads a body; it may throw what Jackson throws. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Reads the object that the parser is at the beginning of. */
    T from(JsonParser parser);
  }

  /**
   * Reads a body that is one object.
   *
   * @throws ApiException naming line and column of what is no JSON
   */
  public static <T> T read(byte[] body, Reading<T> reading) {
    requireUtf8(body);
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ApiException.invalid("the body is no JSON object");
      }
      T value = reading.from(parser);
      if (parser.nextToken() != null) {
        throw ApiException.invalid("something follows the JSON object of the body");
      }
      return value;
    } catch (JacksonException e) {
      throw broken(e);
    }
  }

  /** Reads a body that is one object, as a tree; an empty body is an empty object. */
  public static ObjectNode tree(byte[] body) {
    if (body.length == 0) {
      return MAPPER.createObjectNode();
    }
    requireUtf8(body);
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw broken(e);
    }
    throw ApiException.invalid("the body is no JSON object");
  }

  /** The parser takes other encodings as well, told by their first bytes; the API does not. */
  private static void requireUtf8(byte[] body) {
    if (body.length > 1 && (body[0] == 0 || body[1] == 0 || (body[0] & 0xfe) == 0xfe)) {
      throw ApiException.invalid("the body is not UTF-8");
    }
  }

  /** The same for a text that is known to be JSON. */
  public static ObjectNode tree(String text) {
    return tree(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads a part of a tree as a stream, by the rules of the stream. */
  public static <T> T reread(JsonNode node, Reading<T> reading) {
    byte[] bytes = bytes(node);
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      parser.nextToken();
      return reading.from(parser);
    } catch (JacksonException e) {
      throw ApiException.invalid("the body has a value out of range: " + e.getOriginalMessage());
    }
  }

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  private static ApiException broken(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return ApiException.invalid("the body is not valid JSON: " + e.getOriginalMessage() + where);
  }

  /** The bytes of what {@code content} writes. */
  public static byte[] bytes(Consumer<JsonGenerator> content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      content.accept(generator);
    }
    return out.toByteArray();
  }

  /** The bytes of a tree. */
  public static byte[] bytes(JsonNode tree) {
    return MAPPER.writeValueAsBytes(tree);
  }
}
