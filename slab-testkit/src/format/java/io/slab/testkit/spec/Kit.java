package io.slab.testkit.spec;

import io.slab.bytes.Crc;
import io.slab.error.DataException;
import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.Utf8;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The conformance kit: the files of {@code spec/kit} as its README defines them. */
public final class Kit {
  /** How an operation ended: a word, and of an error the rule that it names, or null. */
  public record Outcome(String word, String rule, String message) {
    /** How an action ends. */
    public static Outcome of(Runnable action) {
      try {
        action.run();
        return new Outcome("ok", null, "ok");
      } catch (SlabException e) {
        String rule = e instanceof DataException data ? data.rule() : null;
        return new Outcome(word(e), rule, e.getMessage());
      } catch (RuntimeException | AssertionError e) {
        return new Outcome("failed", null, e.toString());
      }
    }

    private static String word(SlabException e) {
      return switch (e) {
        case CorruptException corrupt -> "corrupt";
        case UnsupportedException unsupported -> "unsupported";
        case MissingException missing -> "missing";
        case NotFoundException none -> "missing";
        default -> "failed";
      };
    }
  }

  private Kit() {}

  /** A file of the kit. */
  public static JsonNode load(String name) {
    return Json.parse(name, SpecTables.text("kit/" + name));
  }

  /** The cases of a kind. */
  public static List<JsonNode> cases(String kind) {
    List<JsonNode> cases = new ArrayList<>();
    for (JsonNode each : load("kit.json").get("cases")) {
      if (each.get("kind").stringValue().equals(kind)) {
        cases.add(each);
      }
    }
    return cases;
  }

  /** The bytes of a file that a case names, relative to the folder {@code spec}. */
  public static byte[] read(String name) {
    try {
      return Files.readAllBytes(SpecTables.folder().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a slab case, which are compared with its checksum. */
  public static byte[] slab(JsonNode each) {
    if (each.has("file")) {
      return read(each.get("file").stringValue());
    }
    byte[] base = read(each.get("base").stringValue());
    byte[] bytes = base.clone();
    for (JsonNode edit : each.get("edits")) {
      byte[] part = part(base, edit);
      System.arraycopy(part, 0, bytes, edit.get("at").intValue(), part.length);
    }
    if (each.has("length")) {
      bytes = Arrays.copyOf(bytes, each.get("length").intValue());
    }
    if (each.has("reseal")) {
      SlabEditor editor = new SlabEditor(bytes);
      each.get("reseal").forEach(step -> editor.reseal(step.stringValue()));
      bytes = editor.bytes();
    }
    String crc = HexFormat.of().toHexDigits(Crc.of(bytes, 0, bytes.length));
    if (!crc.equals(each.get("crc32c").stringValue())) {
      throw new IllegalStateException(each.get("id").stringValue() + ": not the bytes of the case");
    }
    return bytes;
  }

  private static byte[] part(byte[] base, JsonNode edit) {
    if (edit.has("bytes")) {
      return HexFormat.of().parseHex(edit.get("bytes").stringValue());
    }
    int from = edit.get("from").intValue();
    return Arrays.copyOfRange(base, from, from + edit.get("length").intValue());
  }

  /** What is wrong with how an operation of a case ended; null for nothing. */
  private static String complaint(JsonNode each, String operation, Outcome outcome) {
    String name = each.get("id").stringValue() + ": " + operation + ": ";
    String expected = each.get(operation).stringValue();
    if (!List.of(expected.split("\\|")).contains(outcome.word())) {
      return name + outcome.word() + ", not " + expected + ": " + outcome.message();
    }
    String rule = each.has("rule") ? each.get("rule").stringValue() : null;
    if (rule != null && outcome.rule() != null && !rule.equals(outcome.rule())) {
      return name + "rule " + outcome.rule() + ", not " + rule + ": " + outcome.message();
    }
    return null;
  }

  /** Adds to a list what is wrong with how an operation of a case ended. */
  public static void note(List<String> wrong, JsonNode each, String operation, Outcome outcome) {
    String complaint = complaint(each, operation, outcome);
    if (complaint != null) {
      wrong.add(complaint);
    }
  }

  /** The bytes of an object of an index. */
  public static byte[] content(JsonNode object) {
    if (object.has("file")) {
      return read(object.get("file").stringValue());
    }
    return object.has("text")
        ? Utf8.bytes(object.get("text").stringValue())
        : HexFormat.of().parseHex(object.get("bytes").stringValue());
  }

  /** Floats of facts: their bits, or what is repeated up to a length; null for none. */
  public static float[] floats(JsonNode facts) {
    if (facts == null) {
      return null;
    }
    JsonNode bits = facts.isObject() ? facts.get("repeat") : facts;
    float[] floats = new float[facts.isObject() ? facts.get("length").intValue() : bits.size()];
    for (int i = 0; i < floats.length; i++) {
      String text = bits.get(i % bits.size()).stringValue();
      floats[i] = Float.intBitsToFloat(Integer.parseUnsignedInt(text, 16));
    }
    return floats;
  }
}
