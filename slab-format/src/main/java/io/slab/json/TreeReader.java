package io.slab.json;

import java.math.BigInteger;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/** Builds one tree from a parser of characters. The parser's nesting limit bounds the recursion. */
final class TreeReader implements AutoCloseable {
  private static final Pattern START_MARKER =
      Pattern.compile(" \\(start marker at \\[Source: .*?\\]\\)");

  private final JsonParser parser;

  TreeReader(JsonParser parser) {
    this.parser = parser;
  }

  /** The only value of the text. */
  JsonNode document() throws JsonProblem {
    try {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new JsonProblem("no value at all", parser.currentLocation());
      }
      JsonNode root = value(first);
      if (parser.nextToken() != null) {
        throw new JsonProblem("more text after the value", parser.currentTokenLocation());
      }
      return root;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw new JsonProblem(
          withoutAdvice(e.getOriginalMessage()), at == null ? parser.currentLocation() : at);
    }
  }

  /**
   * Jackson tells programmers which feature to enable, and where in a source that it keeps to
   * itself an array or object began; a user has nothing from either.
   */
  private static String withoutAdvice(String message) {
    String text = START_MARKER.matcher(message).replaceFirst("");
    int advice = text.indexOf(": enable `");
    return advice < 0 ? text : text.substring(0, advice);
  }

  private JsonNode value(JsonToken token) throws JsonProblem {
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> JsonNode.of(unicode(parser.getString()));
      case VALUE_NUMBER_INT -> integer();
      case VALUE_NUMBER_FLOAT -> real(parser.getDoubleValue());
      case VALUE_TRUE -> JsonNode.of(true);
      case VALUE_FALSE -> JsonNode.of(false);
      case VALUE_NULL -> JsonNode.NULL;
      default -> throw problem("unexpected " + token);
    };
  }

  private JsonNode object() throws JsonProblem {
    JsonNode node = JsonNode.object();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_OBJECT;
        token = parser.nextToken()) {
      String name = unicode(parser.currentName());
      if (node.has(name)) {
        throw problem("the name \"" + name + "\" appears twice in one object");
      }
      node.set(name, value(parser.nextToken()));
    }
    return node;
  }

  private JsonNode array() throws JsonProblem {
    JsonNode node = JsonNode.array();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      node.add(value(token));
    }
    return node;
  }

  private JsonNode integer() throws JsonProblem {
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

  private JsonNode real(double value) throws JsonProblem {
    if (!Double.isFinite(value)) {
      throw problem("a number beyond the range of a 64-bit float");
    }
    return JsonNode.of(value);
  }

  /** Refuses half a surrogate pair (only an escape can make one): it has no UTF-8 form. */
  private String unicode(String text) throws JsonProblem {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw problem("half a surrogate pair, which is no Unicode text");
        }
        i++;
      }
    }
    return text;
  }

  private JsonProblem problem(String message) {
    return new JsonProblem(message, parser.currentTokenLocation());
  }

  @Override
  public void close() {
    parser.close();
  }
}
