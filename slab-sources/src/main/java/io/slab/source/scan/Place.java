package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.model.MetaValue;
import io.slab.model.Utf8;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the folders in which a file lies say about its records: plain names are namespaces, and
 * {@code column=value} is a column of every record inside, as Hive, Spark and others write it.
 *
 * @param namespace of records that name none, or null
 * @param decided true when a column says the namespace, so that records must not contradict it;
 *     null is the default one then
 * @param columns values by column; null for a column that is null
 */
record Place(String namespace, boolean decided, SortedMap<String, MetaValue> columns) {
  /** What stands for null in the name of a folder. */
  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  /** Nothing is said. */
  static final Place NOWHERE = new Place(null, false, Collections.emptySortedMap());

  /** A place of which only the namespace is known, or null. */
  static Place of(String namespace) {
    return new Place(namespace, false, Collections.emptySortedMap());
  }

  /**
   * What the path that a user named says: only columns, for its other folders are none of the
   * export.
   *
   * @param folder true when its last name is a folder
   */
  static Place ofLocation(String location, boolean folder, FieldMap fields) {
    Place place = NOWHERE;
    String[] names = location.split("[/\\\\]");
    for (int i = 0; i < names.length - (folder ? 0 : 1); i++) {
      if (isColumn(names[i])) {
        place = place.inside(names[i], fields);
      }
    }
    return place;
  }

  /** True for the name of a folder that says the value of a column. */
  static boolean isColumn(String folder) {
    return folder.indexOf('=') > 0;
  }

  /** A folder in this one. */
  Place inside(String folder, FieldMap fields) {
    if (isColumn(folder)) {
      int equals = folder.indexOf('=');
      String text = folder.substring(equals + 1);
      String value = text.equals(NULL) ? null : decoded(text, folder);
      return with(
          decoded(folder.substring(0, equals), folder),
          value == null ? null : new MetaValue.Str(value),
          fields,
          folder);
    }
    if (decided || folder.endsWith(".parquet")) {
      return this;
    }
    return new Place(namespace == null ? folder : namespace + "/" + folder, false, columns);
  }

  /**
   * The same with the value of a column.
   *
   * @param where what says so, for errors
   */
  Place with(String column, MetaValue value, FieldMap fields, String where) {
    Role role = fields.role(column, true);
    if (role == Role.NAMESPACE) {
      String said = value == null ? null : text(value);
      if (decided && !Objects.equals(said, namespace)) {
        throw new InvalidInputException(
            where + " lies in a folder of the namespace '" + namespace + "': which one counts?",
            "rename one of the two folders");
      }
      return new Place(said, true, columns);
    }
    if (role == Role.ID) {
      throw new InvalidInputException(
          where + " would give every record inside the same id",
          "rename the folder, or say which column holds the ids: --map id=NAME");
    }
    SortedMap<String, MetaValue> more = new TreeMap<>(Utf8.ORDER);
    more.putAll(columns);
    if (more.containsKey(column) && !Objects.equals(more.get(column), value)) {
      throw new InvalidInputException(
          where + " contradicts a folder above it about '" + column + "'",
          "rename one of the two folders");
    }
    more.put(column, value);
    return new Place(namespace, decided, Collections.unmodifiableSortedMap(more));
  }

  /**
   * Which columns of a file here are which part of a record: those that the place says are none.
   */
  FieldMap fields(FieldMap fields) {
    if (!decided || !fields.names().containsKey(Role.NAMESPACE)) {
      return fields;
    }
    Map<Role, String> names = new EnumMap<>(fields.names());
    names.remove(Role.NAMESPACE);
    return new FieldMap(names, fields.extras(), fields.texts());
  }

  Place withoutColumns() {
    return new Place(namespace, decided, Collections.emptySortedMap());
  }

  /** A value as the name of a folder would hold it. */
  static String text(MetaValue value) {
    return switch (value) {
      case MetaValue.Str(String text) -> text;
      case MetaValue.Bool(boolean truth) -> Boolean.toString(truth);
      case MetaValue.Num(double number) ->
          number == Math.rint(number) && Math.abs(number) < 1e15
              ? Long.toString((long) number)
              : Double.toString(number);
      case MetaValue.StrList(List<String> texts) -> texts.toString();
    };
  }

  /** Takes {@code %20} for the byte that it stands for; what is no such code stays as it is. */
  static String decoded(String text, String where) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] in = Utf8.bytes(text);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
      if (low < 0) {
        out.write(in[i]);
      } else {
        out.write(high << 4 | low);
        i += 2;
      }
    }
    byte[] bytes = out.toByteArray();
    try {
      return Utf8.decode(bytes, 0, bytes.length);
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(
          "the name "
              + where
              + " is no UTF-8 text once its percent codes are decoded ("
              + new String(bytes, StandardCharsets.ISO_8859_1)
              + " as Latin-1)",
          "rename the folder");
    }
  }
}
