package io.slab.embed;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.JsonCursor;
import io.slab.source.json.NumberLists;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Reads vectors from what embedding tools print:
 *
 * <pre>
 * [0.1, ...]                                   [[0.1, ...], ...]
 * {"embedding": [0.1, ...]}                    {"embedding": {"values": [0.1, ...]}}
 * {"embeddings": [[0.1, ...], ...]}            {"embeddings": {"float": [[0.1, ...], ...]}}
 * {"data": [{"embedding": [0.1, ...], "index": 0}, ...]}
 * </pre>
 *
 * A vector may also be a string of 32-bit floats, the lowest byte first, in base 64. Elements with
 * an {@code index} are put in its order. One thread only, one text.
 */
public final class VectorForms {
  /** Members that lead to vectors; what is under any other is passed over. */
  private static final Set<String> LEADS =
      Set.of(
          "embedding",
          "embeddings",
          "data",
          "values",
          "vector",
          "vectors",
          "float",
          "predictions",
          "result",
          "results");

  private static final Set<String> TOKENS =
      Set.of("total_tokens", "prompt_tokens", "prompt_eval_count", "inputTextTokenCount");

  private static final int MAX_DEPTH = 12;

  private final String what;
  private final JsonCursor cursor = new JsonCursor();
  private final NumberLists numbers = new NumberLists(cursor);
  private long tokens = -1;

  /** The {@code index} of the object that was read last, or -1. */
  private long index = -1;

  private VectorForms(String what, byte[] json) {
    this.what = what;
    cursor.reset(json, 0, json.length);
  }

  /**
   * Reads all vectors of a text.
   *
   * @param what what the text is, for errors
   * @throws InvalidInputException for what is no JSON, or has no vector
   */
  public static Embeddings read(String what, byte[] json) {
    VectorForms forms = new VectorForms(what, json);
    try {
      List<float[]> vectors = forms.value(0);
      if (forms.cursor.peek() >= 0) {
        throw forms.cursor.unexpected(null, "the end of the text");
      }
      if (vectors.isEmpty()) {
        throw new InvalidInputException(
            what + ": no vector in it",
            "read are [0.1, ...], [[0.1, ...]], and objects with \"embedding\", \"embeddings\" or"
                + " \"data\"");
      }
      return new Embeddings(vectors, forms.tokens);
    } catch (BadRecordException e) {
      throw new InvalidInputException(
          what + ": " + e.getMessage() + " at byte " + e.position(),
          "read are [0.1, ...], [[0.1, ...]], and objects with \"embedding\", \"embeddings\" or"
              + " \"data\"");
    }
  }

  /** As the other, of characters. */
  public static Embeddings read(String what, String json) {
    return read(what, json.getBytes(StandardCharsets.UTF_8));
  }

  private List<float[]> value(int depth) {
    if (depth > MAX_DEPTH) {
      throw new BadRecordException(cursor.position(), null, "Too many levels for vectors");
    }
    return switch (cursor.peek()) {
      case '[' -> list(depth);
      case '{' -> object(depth);
      case '"' -> List.of(packed());
      case 'n' -> {
        cursor.skipValue(null);
        yield List.of();
      }
      default -> throw cursor.unexpected(null, "a vector");
    };
  }

  private List<float[]> list(int depth) {
    int start = cursor.position();
    cursor.expect('[', null, "a list");
    int first = cursor.peek();
    if (first != '[' && first != '{' && first != '"' && first != ']') {
      cursor.moveTo(start);
      return List.of(numbers.floats(what));
    }
    List<float[]> all = new ArrayList<>();
    if (cursor.take(']')) {
      return all;
    }
    List<Long> order = new ArrayList<>();
    do {
      index = -1;
      int before = all.size();
      all.addAll(value(depth + 1));
      if (all.size() == before + 1) {
        order.add(index);
      }
    } while (cursor.more(']', null));
    index = -1;
    return sorted(all, order);
  }

  /** Puts elements where their numbers say, unless these are not 0, 1, 2 and so on. */
  private static List<float[]> sorted(List<float[]> all, List<Long> order) {
    float[][] places = new float[all.size()][];
    if (order.size() != all.size()) {
      return all;
    }
    for (int i = 0; i < places.length; i++) {
      long place = order.get(i);
      if (place < 0 || place >= places.length || places[(int) place] != null) {
        return all;
      }
      places[(int) place] = all.get(i);
    }
    return List.of(places);
  }

  private List<float[]> object(int depth) {
    cursor.expect('{', null, "an object");
    List<float[]> found = new ArrayList<>();
    long own = -1;
    if (!cursor.take('}')) {
      do {
        String name = cursor.name(null);
        if (LEADS.contains(name)) {
          found.addAll(value(depth + 1));
        } else if (name.equals("usage")) {
          usage();
        } else if (name.equals("index")) {
          own = whole();
        } else {
          count(name);
        }
      } while (cursor.more('}', null));
    }
    index = own;
    return found;
  }

  private void usage() {
    if (cursor.peek() != '{') {
      cursor.skipValue(null);
      return;
    }
    cursor.expect('{', null, "an object");
    if (!cursor.take('}')) {
      do {
        count(cursor.name(null));
      } while (cursor.more('}', null));
    }
  }

  /** The value of a member that says how many tokens there were, or of another one. */
  private void count(String name) {
    if (TOKENS.contains(name)) {
      tokens = Math.max(tokens, whole());
    } else {
      cursor.skipValue(null);
    }
  }

  /** A whole number, or -1 for anything else. */
  private long whole() {
    cursor.peek();
    int next = cursor.number().parse(cursor.buffer(), cursor.position(), cursor.end());
    if (next < 0) {
      cursor.skipValue(null);
      return -1;
    }
    cursor.moveTo(next);
    double value = cursor.number().doubleValue();
    return value == Math.rint(value) && value >= 0 && value < 1e15 ? (long) value : -1;
  }

  private float[] packed() {
    int at = cursor.position();
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(cursor.string(what));
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(at, null, "A string that is no vector in base 64");
    }
    int count = bytes.length / Float.BYTES;
    if (count * Float.BYTES != bytes.length || count == 0 || count > Limits.MAX_DIMENSION) {
      throw new BadRecordException(
          at, null, "A string in base 64 of " + bytes.length + " bytes is no vector of floats");
    }
    float[] vector = new float[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }
}
