package io.slab.verify;

import io.slab.manifest.NamespaceNames;
import io.slab.store.ObjectStore;
import java.util.HashSet;
import java.util.Set;

/** The damaged objects that a repair dealt with: those of which the quarantine has a copy. */
final class KnownDamage {
  /** Of objects that nothing reads any more. */
  static final String SUPERSEDED = "a repair went on without it, and gc removes it";

  private final ObjectStore store;
  private final NamespaceNames names;
  private Set<String> copies;

  KnownDamage(ObjectStore store, NamespaceNames names) {
    this.store = store;
    this.names = names;
  }

  /** True for the name of an object that was dealt with. */
  boolean has(String name) {
    if (copies == null) {
      copies = new HashSet<>();
      store.list(names.quarantineFolder(), null).forEach(copy -> copies.add(copy.name()));
    }
    return copies.contains(names.quarantined(name));
  }
}
