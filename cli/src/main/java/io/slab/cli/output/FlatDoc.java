package io.slab.cli.output;

/** Nested documents as one line per value: {@code namespaces.x.vectorCount}. */
public final class FlatDoc {
  private FlatDoc() {}

  public static Doc of(Doc doc) {
    Doc flat = new Doc();
    flatten(flat, "", doc);
    return flat;
  }

  private static void flatten(Doc into, String prefix, Doc doc) {
    doc.members()
        .forEach((name, value) -> {
          if (value instanceof Doc inner) {
            flatten(into, prefix + name + ".", inner);
          } else {
            into.put(prefix + name, value);
          }
        });
  }
}
