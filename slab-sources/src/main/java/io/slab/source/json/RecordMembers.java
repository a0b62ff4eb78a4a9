package io.slab.source.json;

import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import java.util.Set;

/** Members of records that other vector databases write in JSON, beyond the names of a role. */
final class RecordMembers {
  /** What Elasticsearch and OpenSearch wrap a document in, its id beside it. */
  static final String SOURCE = "_source";

  /** Where Qdrant and Weaviate have the metadata: only an object is meant. */
  private static final Set<String> DESCRIPTIONS = Set.of("payload", "properties");

  private RecordMembers() {}

  /** True for a name under which an object is the metadata of a record. */
  static boolean isDescription(String name) {
    return DESCRIPTIONS.contains(name);
  }

  /** True for a name under which an object has what only a record has. */
  static boolean describes(String name) {
    return isDescription(name) || name.equals(SOURCE);
  }

  /**
   * The part of a record that a member is, or null.
   *
   * @param object true when its value is an object
   */
  static Role role(FieldMap fields, String name, boolean object) {
    Role role = fields.role(name, true);
    boolean described =
        role == null && object && isDescription(name) && !fields.names().containsKey(Role.METADATA);
    return described ? Role.METADATA : role;
  }
}
