package io.slab.store;

import java.util.List;
import java.util.Map;

/**
 * Opens stores of addresses with a scheme, such as {@code s3://bucket/prefix}. Implementations are
 * found by {@link java.util.ServiceLoader}; they load nothing heavy before {@link #open}.
 * Thread-safe.
 */
public interface StoreProvider {
  /** The schemes in lower case, without {@code ://}. */
  List<String> schemes();

  /**
   * Opens a store; nothing is read or written yet.
   *
   * @param address with one of the schemes, in any case
   * @param options settings by name, possibly none; what they leave out comes from where the other
   *     programs of that storage find it
   * @throws io.slab.error.InvalidInputException for another address, an unknown option or a value
   *     that it cannot have
   */
  ObjectStore open(String address, Map<String, String> options);
}
