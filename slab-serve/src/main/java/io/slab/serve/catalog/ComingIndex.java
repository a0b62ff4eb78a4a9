package io.slab.serve.catalog;

import io.slab.model.IndexSpec;

/**
 * An index that is being made of a copy: it has a name and a port, and cannot be asked yet.
 *
 * @param port that waits for it; 0 for none
 */
public record ComingIndex(
    String name, int port, IndexSpec spec, IndexProfile profile, boolean deletionProtected)
    implements IndexView {
  @Override
  public boolean ready() {
    return false;
  }
}
