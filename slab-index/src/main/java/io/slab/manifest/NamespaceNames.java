package io.slab.manifest;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.model.MetadataSize;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * Where the objects of one namespace lie (spec/index.md, "Directory layout"). Names are
 * percent-encoded byte by byte outside {@code a-z 0-9 . _ -}, upper case included, so that no disk
 * that ignores case can merge two namespaces.
 */
public record NamespaceNames(String namespace) {
  /** The folder that holds one folder for each namespace. */
  public static final String ROOT = "ns/";

  /** Longest encoded name that every common file system can hold. */
  private static final int MAX_ENCODED = 255;

  /** The empty name means the default namespace. */
  public NamespaceNames {
    if (namespace.isEmpty()) {
      namespace = Limits.DEFAULT_NAMESPACE;
    }
    if (MetadataSize.textBytes(namespace) < 0) {
      // Its bytes would be those of another name.
      throw new InvalidInputException(
          "a namespace name is Unicode without unpaired surrogates",
          "give the namespace another name");
    }
    if (Utf8.bytes(namespace).length > Limits.MAX_NAMESPACE_BYTES
        || encode(namespace).length() > MAX_ENCODED) {
      throw new InvalidInputException(
          "the namespace name is too long (" + namespace.length() + " characters)",
          "at most " + MAX_ENCODED + " bytes after percent-encoding");
    }
    if (namespace.indexOf('\0') >= 0) {
      throw new InvalidInputException(
          "a namespace name holds no NUL character", "give the namespace another name");
    }
  }

  /** {@code ns/<encoded>/}. */
  public String folder() {
    return ROOT + encode(namespace) + "/";
  }

  public String manifestFolder() {
    return folder() + "manifest/";
  }

  public String walFolder() {
    return folder() + "wal/";
  }

  public String slabFolder() {
    return folder() + "slabs/";
  }

  public String deletesFolder() {
    return folder() + "deletes/";
  }

  /** Where a repair keeps damaged objects; nothing in it is part of the index. */
  public String quarantineFolder() {
    return folder() + "quarantine/";
  }

  /** The name under which a repair keeps a damaged object. */
  public String quarantined(String name) {
    return quarantineFolder() + name.substring(name.lastIndexOf('/') + 1) + ".damaged";
  }

  public String slab(Ulid id) {
    return folder() + slabFile(id);
  }

  /** The name of a slab, relative to {@link #folder}. */
  public static String slabFile(Ulid id) {
    return "slabs/" + id + ".slab";
  }

  /**
   * The file name (inside {@link #deletesFolder}) of a deletion vector: its commit keeps two racing
   * flushes apart.
   */
  public static String deletesFile(Ulid slab, long manifest, Ulid commit) {
    return slab + "-" + manifest + "-" + commit + ".dv";
  }

  /**
   * The manifest for which a deletion vector was written, from its file name; -1 for another name.
   */
  public static long deletesManifest(String file) {
    String[] parts = file.split("-", 3);
    try {
      return parts.length == 3 ? Long.parseLong(parts[1]) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** True for the file name of a deletion vector of a slab, as {@link #deletesFile} makes them. */
  static boolean isDeletesOf(String slab, String file) {
    return file.startsWith(slab + "-")
        && file.substring(slab.length())
            .matches("-(0|[1-9][0-9]{0,18})-[0-7][0-9A-HJKMNP-TV-Z]{25}\\.dv");
  }

  /**
   * True for the name of a slab or a deletion vector, relative to {@link #folder}. Files in these
   * folders with other names are not part of the index.
   */
  public static boolean isFile(String name) {
    return name.matches("slabs/[0-9A-Z]{26}\\.slab|deletes/[0-9A-Za-z-]{1,120}\\.dv");
  }

  /** The folder name of a namespace. */
  public static String encode(String namespace) {
    StringBuilder out = new StringBuilder();
    boolean dots = namespace.equals(".") || namespace.equals("..");
    for (byte b : Utf8.bytes(namespace)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= '0' && b <= '9')
              || (b == '.' && !dots)
              || b == '_'
              || b == '-';
      if (plain) {
        out.append((char) b);
      } else {
        out.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xFF));
      }
    }
    return out.toString();
  }

  /** Undoes {@link #encode}; null for a folder that no namespace has. */
  public static String decode(String folder) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < folder.length(); i++) {
      char c = folder.charAt(i);
      if (c != '%') {
        out.write(c);
        continue;
      }
      if (i + 2 >= folder.length()) {
        return null;
      }
      int high = Character.digit(folder.charAt(i + 1), 16);
      int low = Character.digit(folder.charAt(i + 2), 16);
      if (high < 0 || low < 0) {
        return null;
      }
      out.write(high << 4 | low);
      i += 2;
    }
    String name = Utf8.string(out.toByteArray());
    return !name.isEmpty() && encode(name).equals(folder) ? name : null;
  }
}
