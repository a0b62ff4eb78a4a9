package io.slab.model;

import java.util.List;
import java.util.Map;

/**
 * How many bytes metadata takes as compact JSON, which is what {@code RecordJson} writes: no white
 * space, UTF-8, only the escapes that JSON demands, numbers as {@link Numbers} writes them. Counted
 * without writing, because every record of an ingest is measured.
 */
public final class MetadataSize {
  private MetadataSize() {}

  /** Size of metadata whose strings are all valid Unicode; see {@link #textBytes}. */
  public static long bytes(Metadata metadata) {
    long size = 2L + Math.max(0, metadata.fields().size() - 1);
    for (Map.Entry<String, MetaValue> field : metadata.fields().entrySet()) {
      size += textBytes(field.getKey()) + 1 + bytes(field.getValue());
    }
    return size;
  }

  private static long bytes(MetaValue value) {
    return switch (value) {
      case MetaValue.Str(String text) -> textBytes(text);
      case MetaValue.Num(double number) -> Numbers.text(number).length();
      case MetaValue.Bool(boolean truth) -> truth ? 4 : 5;
      case MetaValue.StrList(List<String> texts) -> {
        long size = 2L + Math.max(0, texts.size() - 1);
        for (String text : texts) {
          size += textBytes(text);
        }
        yield size;
      }
    };
  }

  /** Bytes of a string as JSON with its quotes, or -1 when it holds an unpaired surrogate. */
  public static int textBytes(String text) {
    int size = 2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        size += c >= ' ' && c != '"' && c != '\\' ? 1 : escapeBytes(c);
      } else if (c < 0x800) {
        size += 2;
      } else if (!Character.isSurrogate(c)) {
        size += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        size += 4;
        i++;
      } else {
        return -1;
      }
    }
    return size;
  }

  private static int escapeBytes(char c) {
    return switch (c) {
      case '"', '\\', '\b', '\f', '\n', '\r', '\t' -> 2;
      default -> 6;
    };
  }
}
