package io.slab.json;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * A JSON value and what is in it. A class of our own with the method names of Jackson's: theirs
 * initialises {@link java.math.BigDecimal} when the first one is made, a fifth of the time of a
 * short command. Filled by the readers of this package, and not changed afterwards.
 */
public final class JsonNode implements Iterable<JsonNode> {
  /** The kinds of JSON value. */
  public enum Type {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  static final JsonNode NULL = new JsonNode(Type.NULL, null);
  static final JsonNode TRUE = new JsonNode(Type.BOOLEAN, true);
  static final JsonNode FALSE = new JsonNode(Type.BOOLEAN, false);

  private final Type type;

  /** A map, a list, a string, an Integer, Long, BigInteger or Double, a Boolean, or null. */
  private final Object value;

  private JsonNode(Type type, Object value) {
    this.type = type;
    this.value = value;
  }

  static JsonNode object() {
    return new JsonNode(Type.OBJECT, new LinkedHashMap<String, JsonNode>());
  }

  static JsonNode array() {
    return new JsonNode(Type.ARRAY, new ArrayList<JsonNode>());
  }

  static JsonNode of(String text) {
    return new JsonNode(Type.STRING, text);
  }

  /** A whole number; in the smallest type that holds it, so that equal numbers are equal. */
  static JsonNode of(long number) {
    if (number == (int) number) {
      return new JsonNode(Type.NUMBER, (int) number);
    }
    return new JsonNode(Type.NUMBER, number);
  }

  /** A whole number beyond 64 bits. */
  static JsonNode of(BigInteger number) {
    return new JsonNode(Type.NUMBER, number);
  }

  /** A number written with a fraction or an exponent. */
  static JsonNode of(double number) {
    return new JsonNode(Type.NUMBER, number);
  }

  static JsonNode of(boolean truth) {
    return truth ? TRUE : FALSE;
  }

  void add(JsonNode element) {
    elements().add(element);
  }

  void set(String name, JsonNode member) {
    members().put(name, member);
  }

  @SuppressWarnings("unchecked")
  private Map<String, JsonNode> members() {
    return type == Type.OBJECT ? (Map<String, JsonNode>) value : Map.of();
  }

  @SuppressWarnings("unchecked")
  private List<JsonNode> elements() {
    return type == Type.ARRAY ? (List<JsonNode>) value : List.of();
  }

  public Type getNodeType() {
    return type;
  }

  public boolean isObject() {
    return type == Type.OBJECT;
  }

  public boolean isArray() {
    return type == Type.ARRAY;
  }

  public boolean isString() {
    return type == Type.STRING;
  }

  public boolean isNumber() {
    return type == Type.NUMBER;
  }

  public boolean isBoolean() {
    return type == Type.BOOLEAN;
  }

  public boolean isNull() {
    return type == Type.NULL;
  }

  /** Whether this is a number written without fraction and exponent. */
  public boolean isIntegralNumber() {
    return isNumber() && !(value instanceof Double);
  }

  /** Whether this is a whole number of 32 bits. */
  public boolean isInt() {
    return value instanceof Integer;
  }

  /** Whether this is a whole number of at most 64 bits. */
  public boolean canConvertToLong() {
    return value instanceof Integer || value instanceof Long;
  }

  /** The member of that name, or null. */
  public JsonNode get(String name) {
    return members().get(name);
  }

  public boolean has(String name) {
    return members().containsKey(name);
  }

  /** The element at a place of an array, or null. */
  public JsonNode get(int index) {
    List<JsonNode> elements = elements();
    return index >= 0 && index < elements.size() ? elements.get(index) : null;
  }

  /** Number of members or elements; 0 for other values. */
  public int size() {
    return isObject() ? members().size() : elements().size();
  }

  public boolean isEmpty() {
    return size() == 0;
  }

  /** The elements of an array or the values of an object; nothing for other values. */
  @Override
  public Iterator<JsonNode> iterator() {
    return isObject()
        ? Collections.unmodifiableCollection(members().values()).iterator()
        : Collections.unmodifiableList(elements()).iterator();
  }

  /** Names and values of an object, in the order of the text. */
  public Iterable<Map.Entry<String, JsonNode>> properties() {
    return Collections.unmodifiableMap(members()).entrySet();
  }

  /** The names of an object, in the order of the text. */
  public Collection<String> propertyNames() {
    return Collections.unmodifiableSet(members().keySet());
  }

  /** Hands names and values of an object over, in the order of the text. */
  public void forEachEntry(BiConsumer<String, JsonNode> action) {
    members().forEach(action);
  }

  /** The text of a string. */
  public String stringValue() {
    return (String) require(Type.STRING);
  }

  public boolean booleanValue() {
    return (Boolean) require(Type.BOOLEAN);
  }

  public Number numberValue() {
    return (Number) require(Type.NUMBER);
  }

  /** The number as an int, which it must fit; see {@link #isInt}. */
  public int intValue() {
    return Math.toIntExact(longValue());
  }

  /** The number as a long, which it must fit; see {@link #canConvertToLong}. */
  public long longValue() {
    if (!canConvertToLong()) {
      throw new ArithmeticException(this + " is no whole number of 64 bits");
    }
    return numberValue().longValue();
  }

  /** The number as the nearest 64-bit float. */
  public double doubleValue() {
    return numberValue().doubleValue();
  }

  private Object require(Type wanted) {
    if (type != wanted) {
      throw new IllegalStateException("a " + type + " where a " + wanted + " is needed");
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonNode node && type == node.type && Objects.equals(value, node.value);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }

  /** Compact JSON. */
  @Override
  public String toString() {
    return Json.text(this);
  }
}
