package io.slab;

import io.slab.copy.CopyPart;
import io.slab.copy.CopyRequest;
import io.slab.copy.IndexCopy;
import io.slab.error.InvalidInputException;
import io.slab.namespace.AsOf;
import io.slab.store.ObjectStore;
import io.slab.store.Stores;
import java.util.function.DoubleConsumer;

/**
 * Copies from one place to another.
 *
 * @param reading settings of the store of {@code from}
 * @param writing settings of the store of {@code to}; so many slabs at once as it says threads
 */
record Copies(String from, IndexOptions reading, String to, IndexOptions writing) {
  /** What is there now, of one namespace; null for all. */
  Copied namespace(String namespace) {
    return run(new CopyRequest(namespace, writing.threads(), true, false), null, done -> {});
  }

  Copied checkpoint(String checkpoint, DoubleConsumer progress) {
    String name = AsOf.requireName(checkpoint);
    return run(new CopyRequest(null, writing.threads(), true, false, name), null, progress);
  }

  /** Without any namespace. */
  Copied empty() {
    CopyRequest request = new CopyRequest(null, writing.threads(), true, false, null, true);
    return run(request, null, done -> {});
  }

  /** As an index of its own, of that name. */
  Copied asNew(String name, DoubleConsumer progress) {
    return run(new CopyRequest(null, writing.threads(), true, false), name, progress);
  }

  private Copied run(CopyRequest request, String newName, DoubleConsumer progress) {
    try (ObjectStore source = Stores.open(from, reading.store());
        ObjectStore destination = Stores.open(to, writing.store())) {
      if (source.identity().equals(destination.identity())) {
        throw new InvalidInputException(
            "both places are " + source.describe(), "give a copy a place of its own");
      }
      IndexCopy copy = new IndexCopy(source, destination, newName);
      return Copied.of(copy.run(request, new CopyPart(progress)));
    }
  }
}
