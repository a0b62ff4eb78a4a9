package io.slab.cli.verb;

/** An option group that opens storage, and is given the options about it. */
public interface UsesStorage {
  /** Called once, before the verb runs. */
  void storage(StorageOptions options);
}
