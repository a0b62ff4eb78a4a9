package io.slab.json;

import java.math.BigInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * What a parser of Jackson makes of a text, by the same rules: what {@link TreeReader} must agree
 * with.
 */
final class JacksonTree implements AutoCloseable {
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final JsonParser parser;

  private JacksonTree(JsonParser parser) {
    this.parser = parser;
  }

  /** The only value of the text, or null where there is none. */
  static JsonNode of(String text) {
    try (JacksonTree reader =
        new JacksonTree(Json.factory().createParser(ObjectReadContext.empty(), text))) {
      return reader.document();
    } catch (Refused | JacksonException e) {
      return null;
    }
  }

  private JsonNode document() throws Refused {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new Refused();
    }
    JsonNode root = value(first);
    if (parser.nextToken() != null) {
      throw new Refused();
    }
    return root;
  }

  private JsonNode value(JsonToken token) throws Refused {
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> JsonNode.of(unicode(parser.getString()));
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> real(parser.getDoubleValue());
      case VALUE_TRUE -> JsonNode.of(true);
      case VALUE_FALSE -> JsonNode.of(false);
      case VALUE_NULL -> JsonNode.NULL;
      default -> throw new Refused();
    };
  }

  private JsonNode object() throws Refused {
    JsonNode node = JsonNode.object();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_OBJECT;
        token = parser.nextToken()) {
      String name = unicode(parser.currentName());
      if (node.has(name)) {
        throw new Refused();
      }
      node.set(name, value(parser.nextToken()));
    }
    return node;
  }

  private JsonNode array() throws Refused {
    JsonNode node = JsonNode.array();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      node.add(value(token));
    }
    return node;
  }

  private JsonNode integer() throws Refused {
    return switch (parser.getNumberType()) {
      case INT -> {
        int value = parser.getIntValue();
        // "-0" is a float's minus zero; an int would drop the sign.
        yield value == 0 && parser.getString().startsWith("-")
            ? JsonNode.of(-0.0)
            : JsonNode.of((long) value);
      }
      case LONG -> JsonNode.of(parser.getLongValue());
      default -> {
        BigInteger value = parser.getBigIntegerValue();
        real(value.doubleValue());
        yield JsonNode.of(value);
      }
    };
  }

  private JsonNode real(double value) throws Refused {
    if (!Double.isFinite(value)) {
      throw new Refused();
    }
    return JsonNode.of(value);
  }

  /** Refuses half a surrogate pair (only an escape can make one): it has no UTF-8 form. */
  private String unicode(String text) throws Refused {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new Refused();
        }
        i++;
      }
    }
    return text;
  }

  @Override
  public void close() {
    parser.close();
  }
}
