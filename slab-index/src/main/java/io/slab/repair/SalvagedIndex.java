package io.slab.repair;

import io.slab.error.CancellationToken;
import io.slab.error.OnFailure;
import io.slab.error.StoreException;
import io.slab.format.file.SlabFile;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceNames;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.store.ByteSource;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A damaged index as it would be after a repair, to be read: what the repair writes goes into a
 * temporary folder, and the index itself is not touched. Records that nothing proves to be deleted
 * are there; the reports name them. Thread-safe as the index is; close it, which removes the
 * folder.
 */
public final class SalvagedIndex implements AutoCloseable {
  private static final long STEP = 1 << 20;

  private final Path folder;
  private final List<RepairReport> reports = new ArrayList<>();
  private RepairStep indexJson;
  private SlabIndex index;

  private SalvagedIndex(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads all of some namespaces, and saves what can be read of their damaged slabs.
   *
   * @param namespaces their names; null for all
   * @param cancellation asked for each row
   */
  public static SalvagedIndex open(
      ObjectStore store,
      List<String> namespaces,
      Environment environment,
      CancellationToken cancellation) {
    SalvagedIndex salvaged = new SalvagedIndex(folder());
    return OnFailure.close(
        salvaged,
        () -> {
          salvaged.repair(store, namespaces, environment, cancellation);
          return salvaged;
        });
  }

  /**
   * The same for one slab without its index: a namespace of its rows, all of which count.
   *
   * @param opener opens the slab, each time anew
   */
  public static SalvagedIndex ofSlab(
      Supplier<ByteSource> opener, Environment environment, CancellationToken cancellation) {
    SalvagedIndex salvaged = new SalvagedIndex(folder());
    return OnFailure.close(
        salvaged,
        () -> {
          LocalStore store = new LocalStore(salvaged.subfolder("slab"));
          copy(opener, store);
          salvaged.repair(store, null, environment, cancellation);
          salvaged.reports.replaceAll(RepairReport::ofSlabAlone);
          salvaged.indexJson = null;
          return salvaged;
        });
  }

  /** A slab keeps its id in its name. */
  private static void copy(Supplier<ByteSource> opener, ObjectStore store) {
    Ulid id;
    try (SlabFile file = SlabFile.salvage(opener.get())) {
      id = file.id();
    }
    String name = new NamespaceNames("").slab(id);
    try (ByteSource source = opener.get();
        ObjectUpload upload = store.upload(name)) {
      for (long at = 0; at < source.length(); at += STEP) {
        upload.write(source.read(at, Math.min(STEP, source.length() - at)));
      }
      upload.commit();
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("slab-salvage-");
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Path subfolder(String name) {
    try {
      return Files.createDirectory(folder.resolve(name));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static StoreException failure(IOException e) {
    return new StoreException(
        StoreException.Kind.FAILED,
        "a temporary folder: " + e.getMessage(),
        "name one with room by java.io.tmpdir",
        e);
  }

  private void repair(
      ObjectStore store,
      List<String> namespaces,
      Environment environment,
      CancellationToken cancellation) {
    OverlayStore overlay = new OverlayStore(store, new LocalStore(subfolder("written")));
    IndexJsonRepair json = new IndexJsonRepair(overlay);
    indexJson = json.step();
    IndexSpec spec = json.spec("salvaged", environment);
    json.apply(environment);
    List<String> names = namespaces == null ? IndexJsonRepair.namespaces(overlay) : namespaces;
    for (String name : names) {
      try (NamespaceRepair repair =
          new NamespaceRepair(overlay, name, spec, environment, cancellation)) {
        repair.examine();
        reports.add(repair.apply(true));
      }
    }
    index = SlabIndex.open(overlay, environment);
  }

  public SlabIndex index() {
    return index;
  }

  /** What is left out, for each namespace that was asked for. */
  public List<RepairReport> reports() {
    return List.copyOf(reports);
  }

  /** What is wrong with {@code index.json}, or null. */
  public RepairStep indexJson() {
    return indexJson;
  }

  @Override
  public void close() {
    if (index != null) {
      index.close();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
