package io.slab.objects;

import io.slab.bytes.LittleEndian;
import io.slab.error.CorruptException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.store.ByteSource;
import io.slab.wal.WalLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What kind of object some bytes are, told from their first bytes and never from their name. */
public enum ObjectType {
  SLAB("slab", 0x1A0A0D42414C5389L),
  WAL("WAL object", WalLayout.MAGIC),
  DELETION_VECTOR("deletion vector", 0x1A0A0D56444C5389L),
  NAMESPACE_MANIFEST("namespace manifest", 0),
  INDEX("index description", 0),
  JSON("other JSON", 0),
  UNKNOWN("not an object of an index", 0);

  /** JSON objects longer than this are not read to identify them. */
  private static final long MAX_JSON = 64L << 20;

  private final String label;
  private final long magic;

  ObjectType(String label, long magic) {
    this.label = label;
    this.magic = magic;
  }

  /** A name for people. */
  public String label() {
    return label;
  }

  /** Identifies an object; does not fail, for any bytes. */
  public static ObjectType of(ByteSource source) {
    if (source.length() < 8) {
      return json(source);
    }
    long magic = source.read(0, 8).get(LittleEndian.LONG, 0);
    for (ObjectType type : values()) {
      if (type.magic != 0 && type.magic == magic) {
        return type;
      }
    }
    return json(source);
  }

  private static ObjectType json(ByteSource source) {
    if (source.length() == 0 || source.length() > MAX_JSON) {
      return UNKNOWN;
    }
    MemorySegment bytes = source.read(0, source.length());
    byte first = bytes.get(ValueLayout.JAVA_BYTE, 0);
    if (first != '{') {
      return UNKNOWN;
    }
    try {
      JsonNode format =
          Json.parseStored(source.name(), bytes.toArray(ValueLayout.JAVA_BYTE)).get("format");
      return switch (format != null && format.isString() ? format.stringValue() : "") {
        case "slab-namespace" -> NAMESPACE_MANIFEST;
        case "slab-index" -> INDEX;
        default -> JSON;
      };
    } catch (CorruptException e) {
      return UNKNOWN;
    }
  }
}
