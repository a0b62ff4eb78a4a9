package io.slab.cli.command;

import io.slab.cli.verb.StorageOptions;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.index.SlabIndex;
import io.slab.manifest.IndexListing;
import io.slab.model.IndexSpec;
import io.slab.s3.S3Address;
import io.slab.store.ByteSource;
import io.slab.store.FileKind;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the words of a command line name: a directory or one file in it, or the same on S3. There a
 * name that ends like a file of an index is one, and everything else is a folder.
 */
final class Place {
  private static final List<String> FILES = List.of(".slab", ".wal", ".json", ".dv");

  private final String text;
  private final StorageOptions storage;
  private final boolean folder;

  private Place(String text, StorageOptions storage, boolean folder) {
    this.text = text;
    this.storage = storage;
    this.folder = folder;
  }

  /**
   * Looks at what is there.
   *
   * @throws NotFoundException when there is nothing; on S3 that may show later
   */
  static Place of(String text, StorageOptions storage) {
    if (StorageOptions.isRemote(text)) {
      return new Place(
          S3Address.canonical(text), storage, FILES.stream().noneMatch(text::endsWith));
    }
    Path path = Path.of(text);
    FileKind kind = FileKind.of(path);
    if (kind == FileKind.ABSENT) {
      throw new NotFoundException("there is nothing at " + path);
    }
    return new Place(text, storage, kind == FileKind.FOLDER);
  }

  boolean isFolder() {
    return folder;
  }

  /** True for a directory that this machine can walk. */
  boolean isLocal() {
    return !StorageOptions.isRemote(text);
  }

  /** As it was given, without a slash at the end. */
  @Override
  public String toString() {
    return isLocal() ? Path.of(text).toString() : text.replaceAll("(?<=[^/])/+$", "");
  }

  /**
   * The folder, or the one that holds the file.
   *
   * @throws NotFoundException for a folder without anything in it
   */
  ObjectStore store() {
    ObjectStore store = storage.store(folder ? text : parent());
    if (folder && !isLocal() && isEmpty(store)) {
      throw new NotFoundException("there is nothing at " + this);
    }
    return store;
  }

  private static boolean isEmpty(ObjectStore store) {
    return store.list("", null).isEmpty()
        && store.listFolders("").isEmpty()
        && !IndexListing.isThere(store);
  }

  /** The folder that holds this, as it may be written before the name of something in it. */
  String parent() {
    if (!isLocal()) {
      String whole = toString();
      return whole.substring(0, whole.lastIndexOf('/'));
    }
    return Path.of(text).toAbsolutePath().normalize().getParent().toString();
  }

  /** The last part of the name. */
  String fileName() {
    String whole = toString();
    return isLocal()
        ? Path.of(text).toAbsolutePath().normalize().getFileName().toString()
        : whole.substring(whole.lastIndexOf('/') + 1);
  }

  /** Opens the file; the source closes nothing but itself. */
  ByteSource open() {
    try {
      return store().openUnmapped(fileName(), -1);
    } catch (MissingException e) {
      throw new NotFoundException("there is nothing at " + this, null, e);
    }
  }

  /** True for a folder with an index.json. */
  boolean isIndex() {
    return IndexListing.isThere(store());
  }

  /** What is known of the index around a file; null when there is none. */
  IndexSpec index() {
    return folders().filter(Place::isIndex).findFirst().map(Place::spec).orElse(null);
  }

  private IndexSpec spec() {
    try (SlabIndex index = SlabIndex.open(store(), Target.environment())) {
      return index.spec();
    }
  }

  /** The folders above, nearest first. */
  private Stream<Place> folders() {
    if (isLocal()) {
      Path first = Path.of(parent());
      return Stream.iterate(first, Objects::nonNull, Path::getParent)
          .map(path -> new Place(path.toString(), storage, true));
    }
    return Stream.iterate(parent(), at -> at.length() > "s3:/".length(), Place::above)
        .map(at -> new Place(at, storage, true));
  }

  private static String above(String address) {
    return address.substring(0, address.lastIndexOf('/'));
  }

  /** The folder as a local path; only where {@link #isLocal}. */
  Path path() {
    return ((LocalStore) store()).root();
  }
}
