package io.slab.source;

import io.slab.error.InvalidInputException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which members or columns of a source are which part of a record.
 *
 * @param names by role, only where the user said so; other roles are found by their usual names
 * @param extras what becomes of members and columns that are no part of a record
 * @param texts true when records may have texts in the place of vectors, which are made of them
 */
public record FieldMap(Map<Role, String> names, Extras extras, boolean texts) {
  /** Parts of a record. */
  public enum Role {
    ID("id", "id", "_id", "ids", "vector_id"),
    VALUES("values", "values", "vector", "embedding", "vectors", "embeddings", "dense_values"),
    SPARSE("sparse", "sparse_values", "sparseValues", "sparse_vector", "sparse"),
    METADATA("metadata", "metadata", "metadatas", "meta"),
    NAMESPACE("namespace", "namespace", "__namespace__");

    private final String label;
    private final List<String> usual;

    Role(String label, String... usual) {
      this.label = label;
      this.usual = List.of(usual);
    }

    /** Its name in {@code --map}. */
    public String label() {
      return label;
    }
  }

  /** What becomes of a member or column that is no part of a record. */
  public enum Extras {
    /**
     * Metadata where there is no other: of a table without a column of metadata, of a JSON record
     * without a member of metadata. Else left out.
     */
    AUTO,
    METADATA,
    IGNORE
  }

  /** Everything by its usual name. */
  public static final FieldMap USUAL = new FieldMap(Map.of(), Extras.AUTO);

  public FieldMap {
    names = Map.copyOf(names);
  }

  /** Of records that have vectors. */
  public FieldMap(Map<Role, String> names, Extras extras) {
    this(names, extras, false);
  }

  /**
   * Reads the words of {@code --map}: {@code id=doc_id}.
   *
   * @throws InvalidInputException when a word is not ROLE=NAME or a role comes twice
   */
  public static FieldMap parse(List<String> words, Extras extras) {
    Map<Role, String> names = new EnumMap<>(Role.class);
    for (String word : words) {
      int equals = word.indexOf('=');
      Role role = equals <= 0 ? null : role(word.substring(0, equals));
      if (role == null || equals == word.length() - 1) {
        throw new InvalidInputException(
            "'" + word + "' does not map a field",
            "write ROLE=NAME with the role id, values, sparse, metadata or namespace");
      }
      if (names.put(role, word.substring(equals + 1)) != null) {
        throw new InvalidInputException("'" + role.label + "' is mapped twice");
      }
    }
    return new FieldMap(names, extras);
  }

  private static Role role(String label) {
    for (Role role : Role.values()) {
      if (role.label.equals(label)) {
        return role;
      }
    }
    return null;
  }

  /** Names each part after the column that {@link #find} finds, so that no other column is it. */
  public FieldMap among(java.util.Collection<String> present) {
    Map<Role, String> found = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      String name = find(role, present);
      String said = names.get(role);
      if (name != null || said != null) {
        found.put(role, name == null ? said : name);
      }
    }
    return new FieldMap(found, extras, texts);
  }

  public FieldMap withExtras(Extras rule) {
    return new FieldMap(names, rule, texts);
  }

  /** The same for records that may have texts in the place of vectors. */
  public FieldMap withTexts() {
    return new FieldMap(names, extras, true);
  }

  /** The part of a record that a member or column of this name is, or null. */
  public Role role(String name, boolean usual) {
    for (Map.Entry<Role, String> entry : names.entrySet()) {
      if (entry.getValue().equals(name)) {
        return entry.getKey();
      }
    }
    if (usual) {
      for (Role role : Role.values()) {
        if (!names.containsKey(role) && role.usual.contains(name)) {
          return role;
        }
      }
    }
    return null;
  }

  /**
   * How far back a name stands in the order of the usual names of a part: where a record has two of
   * them, the lower one is that part.
   */
  public static int rank(Role role, String name) {
    int at = role.usual.indexOf(name);
    return at < 0 ? Integer.MAX_VALUE : at;
  }

  /** The name of a part among those that are there, or null. */
  public String find(Role role, java.util.Collection<String> present) {
    String said = names.get(role);
    if (said != null) {
      return present.contains(said) ? said : null;
    }
    for (String name : role.usual) {
      if (present.contains(name) && !names.containsValue(name)) {
        return name;
      }
    }
    return null;
  }
}
