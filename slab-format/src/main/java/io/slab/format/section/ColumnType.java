package io.slab.format.section;

/** Types of columns, in the order in which the columns of one field stand in the manifest. */
public enum ColumnType {
  STRING("string"),
  NUMBER("number"),
  BOOLEAN("boolean"),
  /** A list of strings, indexed element by element. */
  LIST("list");

  private final String label;

  ColumnType(String label) {
    this.label = label;
  }

  /** The name in the manifest. */
  public String label() {
    return label;
  }

  /** The type of a label, or null. */
  public static ColumnType ofLabel(String label) {
    for (ColumnType type : values()) {
      if (type.label.equals(label)) {
        return type;
      }
    }
    return null;
  }
}
