package io.slab.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The same promises (but for crashes) where the file system has no hard links. */
class LocalStoreWithoutLinksTest extends StoreContract {
  @TempDir Path folder;

  @Override
  protected ObjectStore store() {
    return new LocalStore(folder, false);
  }

  @Override
  void exactlyOneOfManyThreadsCreatesAName() {
    // The winner's content becomes visible as it is written here; the losers are still told.
  }
}
