package io.slab.format.file;

import io.slab.store.KeptBytes;
import io.slab.store.Together;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * What is going to be read of remote slabs, fetched in one round: as many requests as there are
 * stretches, all at once. What lies in mapped slabs is not even noted. One thread only.
 */
public final class ReadAhead {
  private final IdentityHashMap<KeptBytes, List<Section.Chunk>> wanted = new IdentityHashMap<>();

  /** Adds bytes {@code at .. at + length} of a section, which may be null for none. */
  public void add(Section section, long at, long length) {
    if (section == null || !section.isRemote()) {
      return;
    }
    List<Section.Chunk> missing = section.missing(at, length);
    if (!missing.isEmpty()) {
      wanted.computeIfAbsent(section.kept(), kept -> new ArrayList<>()).addAll(missing);
    }
  }

  /** Adds a whole section. */
  public void add(Section section) {
    if (section != null) {
      add(section, 0, section.length());
    }
  }

  /** Adds what was added to another one. */
  public void addAll(ReadAhead other) {
    other.wanted.forEach(
        (kept, chunks) -> wanted.computeIfAbsent(kept, absent -> new ArrayList<>()).addAll(chunks));
  }

  /** True when everything is at hand. */
  public boolean isEmpty() {
    return wanted.isEmpty();
  }

  /**
   * Fetches and verifies what was added.
   *
   * @throws io.slab.error.CorruptException when something is damaged in the store
   */
  public void run() {
    List<Runnable> requests = new ArrayList<>();
    wanted.forEach((kept, chunks) -> requests.addAll(kept.requests(chunks)));
    Together.run(requests);
    wanted.values().forEach(chunks -> chunks.forEach(Section.Chunk::markVerified));
    wanted.clear();
  }
}
