package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.StorageOptions;
import io.slab.cli.verb.UsesStorage;
import io.slab.error.NotFoundException;
import io.slab.error.ShellWord;
import io.slab.index.SlabIndex;
import io.slab.manifest.IndexJson;
import io.slab.manifest.IndexListing;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.store.FileKind;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Parameters;

/** Which index a verb works on. */
final class Target implements UsesStorage {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TARGET",
      description = "directory of the index, or s3://bucket/prefix; default $SLAB_TARGET")
  String target;

  private StorageOptions storage = new StorageOptions();

  @Override
  public void storage(StorageOptions options) {
    storage = options;
  }

  /** The text of the target; fails when none was given. */
  String text() {
    return require(target);
  }

  /** The target as a word of a command line to type. */
  String word() {
    return ShellWord.of(text());
  }

  static String require(String target) {
    if (target == null || target.isEmpty()) {
      throw new UsageException(
          "TARGET is missing", "name the directory of an index, or set SLAB_TARGET");
    }
    // Refuses what is neither a path nor on S3.
    StorageOptions.isRemote(target);
    return target;
  }

  /** True for a directory, false for a prefix on S3. */
  boolean local() {
    return !StorageOptions.isRemote(text());
  }

  /** Where the index is, or is to be. */
  ObjectStore store() {
    return storage.store(text());
  }

  /** Where another index is. */
  ObjectStore copy(String other) {
    if (!exists(other, storage)) {
      throw new NotFoundException(
          "there is no index at " + other, "name the folder or prefix of a copy of the index");
    }
    return storage.store(other);
  }

  /** True when there is an index. */
  boolean exists() {
    return exists(text(), storage);
  }

  /** True when there is an index. */
  static boolean exists(String target, StorageOptions storage) {
    if (!StorageOptions.isRemote(target)) {
      requireRoom(target);
      return !FileKind.isAbsent(Path.of(target, IndexJson.NAME));
    }
    try (ObjectStore store = storage.store(target)) {
      return IndexListing.isThere(store);
    }
  }

  /** Refuses a place for an index that is no folder, or lies in none. */
  private static void requireRoom(String target) {
    Path place = Path.of(target).toAbsolutePath();
    for (Path at = place; at != null; at = at.getParent()) {
      if (Files.isDirectory(at)) {
        return;
      }
      if (Files.exists(at)) {
        throw new UsageException(
            (at.equals(place) ? target : at.toString())
                + (Files.isRegularFile(at) ? " is a file" : " is a device")
                + ", and an index is a folder",
            "name a folder; one that is not there is made");
      }
    }
  }

  /** Makes an index; the caller closes it. */
  SlabIndex create(IndexSpec spec, boolean protect) {
    return create(text(), storage, spec, protect);
  }

  /** Makes an index; a shell that had another one open there goes on with this one. */
  static SlabIndex create(String target, StorageOptions storage, IndexSpec spec, boolean protect) {
    SlabIndex index = SlabIndex.create(storage.store(target), spec, protect, environment());
    OpenIndexes kept = OpenIndexes.current();
    if (kept != null) {
      kept.forget(target);
    }
    return index;
  }

  /** What is there: an index, another folder, or one file. */
  Place place() {
    return Place.of(text(), storage);
  }

  SlabIndex open() {
    return open(text(), storage);
  }

  /**
   * The real world, except that the source of randomness is found only when it is asked: reading
   * verbs never do.
   */
  static Environment environment() {
    return new Environment(System::currentTimeMillis, new LazyRandom());
  }

  private static final class LazyRandom implements RandomGenerator {
    private SecureRandom random;

    @Override
    public synchronized long nextLong() {
      if (random == null) {
        random = new SecureRandom();
      }
      return random.nextLong();
    }
  }

  /** Opens an index that must exist; a remote one together with what a namespace's reader needs. */
  SlabIndex open(NamespaceOption namespace) {
    if (local() || OpenIndexes.current() != null) {
      return open();
    }
    return SlabIndex.open(store(), environment(), namespace.name());
  }

  /** Opens an index that must exist. */
  static SlabIndex open(String target, StorageOptions storage) {
    OpenIndexes kept = OpenIndexes.current();
    return kept == null
        ? openNow(target, storage)
        : kept.loan(target, () -> openNow(target, storage));
  }

  private static SlabIndex openNow(String target, StorageOptions storage) {
    return StorageOptions.isRemote(target)
        ? SlabIndex.open(storage.store(target), environment())
        : openDirectory(target);
  }

  /** Opens an index that may be dropped, for the verbs that undo or finish that. */
  SlabIndex openAnyway() {
    if (OpenIndexes.current() != null) {
      OpenIndexes.current().requireSame(text());
    }
    return local()
        ? SlabIndex.openAnyway(new LocalStore(requireDirectory(text())), environment())
        : SlabIndex.openAnyway(store(), environment());
  }

  private static SlabIndex openDirectory(String target) {
    return SlabIndex.open(new LocalStore(requireDirectory(target)), environment());
  }

  private static Path requireDirectory(String target) {
    Path path = Path.of(target);
    FileKind kind = FileKind.of(path);
    if (kind == FileKind.ABSENT) {
      throw new NotFoundException(
          "there is no index at " + target,
          "make one with `slab create " + ShellWord.of(target) + " --dimension N`");
    }
    if (kind != FileKind.FOLDER) {
      boolean file = Files.isRegularFile(path);
      throw new UsageException(
          target + " is " + (file ? "a file" : "a device") + ", not the directory of an index",
          file
              ? "for a single slab use `slab inspect` or `slab verify`"
              : "name the folder of an index");
    }
    if (FileKind.isAbsent(path.resolve(IndexJson.NAME))) {
      throw new NotFoundException(
          target + " is not an index: it has no index.json",
          "make one with `slab create " + ShellWord.of(target) + " --dimension N`");
    }
    return path;
  }
}
