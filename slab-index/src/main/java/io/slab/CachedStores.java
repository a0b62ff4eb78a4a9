package io.slab;

import io.slab.cache.CacheFolder;
import io.slab.cache.CachingStore;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.Stores;

/** Opens the places of indexes, remote ones behind the cache that the options name. */
final class CachedStores {
  private CachedStores() {}

  static ObjectStore open(String place, IndexOptions options) {
    ObjectStore store = Stores.open(place, options.store());
    // No store of a provider calls itself remote: it is the cache that makes requests at once.
    if (store instanceof LocalStore) {
      return store;
    }
    CacheFolder folder =
        options.cache() == null
            ? CacheFolder.none()
            : CacheFolder.ifPossible(options.cache(), options.cacheBytes());
    return new CachingStore(store, folder, CachingStore.DEFAULT_PARALLEL);
  }
}
