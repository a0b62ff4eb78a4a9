package io.slab.manifest;

import io.slab.error.MissingException;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.Together;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Tells a namespace that never was from one whose manifests are gone (spec/index.md, "Replay").
 * Manifest 1 is committed before the first slab is uploaded and before log object 1, and gc never
 * deletes the newest manifest; so a slab, a deletion vector or a log object above the anchor
 * without any manifest means loss.
 */
public final class Remains {
  private static final String HINT =
      "its manifests are lost, or a copy to here was cut short: nothing is read, written or deleted;"
          + " `slab verify` counts what is at risk; bring the manifests back from a backup, run `slab"
          + " copy` again, or see what `slab repair` can prove";

  private Remains() {}

  /** The first object of a namespace that only one with a manifest has, or null. */
  static String find(ObjectStore store, NamespaceNames names) {
    String[] found = new String[3];
    List<Runnable> tasks = new ArrayList<>();
    tasks.add(() -> found[0] = log(store, names));
    tasks.add(() -> found[1] = first(store, names, names.slabFolder()));
    tasks.add(() -> found[2] = first(store, names, names.deletesFolder()));
    if (store.isRemote()) {
      Together.run(tasks);
    } else {
      tasks.forEach(Runnable::run);
    }
    return Arrays.stream(found).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private static String log(ObjectStore store, NamespaceNames names) {
    ObjectSequence sequence = new ObjectSequence(store, names.walFolder(), ".wal");
    List<Long> numbers = store.retry().run(() -> sequence.listAfter(0));
    return numbers.isEmpty() ? null : sequence.name(numbers.getLast());
  }

  private static String first(ObjectStore store, NamespaceNames names, String folder) {
    return store.retry().run(() -> store.list(folder, null)).stream()
        .map(ObjectInfo::name)
        .filter(name -> NamespaceNames.isFile(name.substring(names.folder().length())))
        .findFirst()
        .orElse(null);
  }

  /** For a namespace without a manifest, in which something was found. */
  static MissingException missing(NamespaceNames names, String remains) {
    return new MissingException(
        names.manifestFolder(), -1, "no manifest beside " + remains, "one", HINT);
  }
}
