package io.slab.serve.catalog;

import io.slab.model.IndexSpec;

/** What clients are told of an index, of one that is not ready yet too. */
public interface IndexView {
  String name();

  /** The port that answers for it alone; 0 for none. */
  int port();

  IndexSpec spec();

  /** What the API says of it. */
  IndexProfile profile();

  /** Whether deleting it is refused. */
  boolean deletionProtected();

  /** Whether it can be asked. */
  boolean ready();
}
