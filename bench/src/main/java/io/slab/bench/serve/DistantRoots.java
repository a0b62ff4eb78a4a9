package io.slab.bench.serve;

import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.StoreProvider;
import io.slab.testkit.DistantStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Folders as behind a network: {@code distant://MILLIS/folder}, each request takes so long. */
public final class DistantRoots implements StoreProvider {
  private static final String SCHEME = "distant://";

  @Override
  public List<String> schemes() {
    return List.of("distant");
  }

  @Override
  public ObjectStore open(String address, Map<String, String> options) {
    int slash = address.indexOf('/', SCHEME.length());
    double millis = Double.parseDouble(address.substring(SCHEME.length(), slash));
    return new DistantStore(new LocalStore(Path.of(address.substring(slash))), millis, 0);
  }
}
