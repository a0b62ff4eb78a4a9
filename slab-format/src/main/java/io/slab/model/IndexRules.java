package io.slab.model;

import io.slab.error.InvalidInputException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules that a new index must keep besides those that {@link IndexSpec} itself demands
 * (spec/index.md, "index.json"). Indexes of older writers are opened without asking them.
 * Thread-safe.
 */
public final class IndexRules {
  /** What a name is made of. */
  public static final String NAMES =
      "1 to 45 lower-case letters, digits and dashes, a letter or digit at both ends";

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,43}[a-z0-9])?");

  private IndexRules() {}

  /**
   * @throws InvalidInputException for a name or a schema that no index can have
   */
  public static void require(IndexSpec spec) {
    if (!NAME.matcher(spec.name()).matches()) {
      throw new InvalidInputException(
          "'" + spec.name() + "' cannot be the name of an index", NAMES);
    }
    Set<String> fields = new HashSet<>();
    for (String field : spec.schema() == null ? List.<String>of() : spec.schema()) {
      RecordRules.require("the schema", RecordRules.fieldName(field));
      if (!fields.add(field)) {
        throw new InvalidInputException("the schema names the field '" + field + "' twice");
      }
    }
    if (spec.textIndex() != null) {
      String field = spec.textIndex().field();
      if (field.isEmpty()) {
        throw new InvalidInputException("the text index names no field");
      }
      RecordRules.require("the text index", RecordRules.fieldName(field));
    }
  }
}
