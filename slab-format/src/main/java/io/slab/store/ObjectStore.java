package io.slab.store;

import io.slab.error.CorruptException;
import java.util.List;

/**
 * Objects by name under one root: the only way in which anything else in the library touches
 * storage. Names are relative, {@code /}-separated, and never start with {@code /}. Thread-safe.
 *
 * <p>Implementations keep this contract, and one test suite checks all of them:
 *
 * <ul>
 *   <li>{@link #create} is atomic: of any number of callers, in any number of processes, exactly
 *       one gets {@code true}, and no reader ever sees part of an object;
 *   <li>when it returns {@code true} the object survives a crash of the machine;
 *   <li>listings show every object created before the listing began; temporary files are never
 *       listed;
 *   <li>objects are never overwritten.
 * </ul>
 */
public interface ObjectStore extends AutoCloseable {
  /** What a user would recognise: a path or an {@code s3://} address. */
  String describe();

  /**
   * Objects directly in a folder ({@code "ns/x/wal/"}) whose file name is after {@code startAfter}
   * (null: all), sorted by name in unsigned byte order. A missing folder is an empty one.
   *
   * @throws CorruptException when something that is no object stands under the name of one
   */
  List<ObjectInfo> list(String folder, String startAfter);

  /**
   * The same, with the time of the answer: from then on something may have been created that it
   * does not show.
   */
  default Listing listing(String folder, String startAfter) {
    return new Listing(list(folder, startAfter), Listing.UNDATED);
  }

  /**
   * {@link #list} of a folder of numbered objects, for those who only read: it shows what is newest
   * now, and perhaps older objects that are gone. A remote store may take an earlier listing for it
   * once it has proved that nothing came since (spec/index.md, R-12).
   */
  default List<ObjectInfo> listToRead(String folder, String startAfter) {
    return list(folder, startAfter);
  }

  /**
   * Asks a store once, with one small read, whether there is an object.
   *
   * @return when the store said that there is none, by its own clock; {@link Listing#UNDATED} when
   *     there is one, and whenever the answer is no proof: refused, failed, late, without a date,
   *     or from something in between that kept it
   */
  default long absentAt(String name) {
    return Listing.UNDATED;
  }

  /**
   * What stands directly in a folder under names that objects of an index have, and is no object,
   * such as a folder on a disk; sorted by name. {@link #list} throws such an error. Empty where the
   * storage holds nothing but objects.
   */
  default List<CorruptException> misplaced(String folder) {
    return List.of();
  }

  /**
   * This store for those who report what is {@link #misplaced} by themselves, or to whom it does
   * not matter: listings leave it out.
   */
  default ObjectStore passingMisplaced() {
    return this;
  }

  /**
   * Names of the folders directly inside a folder ({@code ""} is the root), sorted, without
   * slashes.
   */
  List<String> listFolders(String folder);

  /**
   * Reads a whole object.
   *
   * @param limit refuse objects of more bytes than this as corrupt
   * @throws io.slab.error.MissingException when it does not exist
   */
  byte[] read(String name, long limit);

  /**
   * Opens an object for random reads.
   *
   * @throws io.slab.error.MissingException when it does not exist
   */
  ByteSource open(String name);

  /**
   * Opens an object whose length is known, which spares a remote store a request; whether it exists
   * shows when it is read.
   */
  default ByteSource open(String name, long length) {
    return open(name);
  }

  /**
   * Opens an object of which every byte is read from the store when it is asked for, and copied:
   * for callers that check it or make another one of it. Nothing of it is mapped.
   *
   * @param length its length, or -1 when that is not known
   */
  default ByteSource openUnmapped(String name, long length) {
    return length < 0 ? open(name) : open(name, length);
  }

  /**
   * True when each request costs time that callers should save by asking for much at once. Local
   * stores say false, and callers prepare nothing for them.
   */
  default boolean isRemote() {
    return false;
  }

  /**
   * Says what is going to be listed and read in a moment, so that a remote store can fetch all of
   * it at once. Each is used once, by the next {@link #list} of the folder or {@link #read} of the
   * object, and shows the state of now.
   */
  default void announce(List<String> folders, List<String> objects) {}

  /** As {@link #announce}, of folders that {@link #listToRead} is going to be asked for. */
  default void announceToRead(List<String> folders, List<String> objects) {
    announce(folders, objects);
  }

  /** Says that an object as {@link #read} gave it is damaged: a copy that was kept is forgotten. */
  default void distrust(String name) {}

  /** What was asked of a remote store so far; null for a local one. */
  default Traffic traffic() {
    return null;
  }

  /** Tells this store apart from all others, however they are described, for caches. */
  default String identity() {
    return describe();
  }

  /**
   * Creates an object if there is none of that name.
   *
   * @return false when there is such an object (of any writer, one of an earlier attempt of the
   *     caller included)
   * @throws io.slab.error.StoreException when the outcome is not known: the object may be there,
   *     and may even appear later where {@link #createsMayLandLate} holds; but nothing was written
   *     where its effect says so, as when something that is no object has the name
   */
  boolean create(String name, byte[] content);

  /**
   * True when a {@link #create} that failed may still take effect after it returned, as a request
   * on a network may. False lets a caller conclude from a listing that a failed create left
   * nothing.
   */
  default boolean createsMayLandLate() {
    return true;
  }

  /**
   * True when an earlier version may have died while it wrote an object under its final name, as
   * happened on file systems without hard links: see {@link #setAside}.
   */
  default boolean mayHoldTornObjects() {
    return false;
  }

  /**
   * Moves away an object that was cut short, where {@link #mayHoldTornObjects} says that there can
   * be such, and tells the user. Only for an object of which it is certain that it was never
   * acknowledged.
   *
   * @param content what was read of it
   * @return false when it was left: the store has no torn objects, or the content is another now
   */
  default boolean setAside(String name, byte[] content) {
    return false;
  }

  /**
   * How callers repeat a request that failed for a moment; {@link Retry#NEVER} where the store does
   * that by itself.
   */
  default Retry retry() {
    return Retry.COMMIT;
  }

  /** Begins a large object; the name must be new. */
  ObjectUpload upload(String name);

  /**
   * Deletes an object; a missing one is no error.
   *
   * @throws CorruptException when something that is no object has the name; it stays
   */
  void delete(String name);

  /**
   * Files of interrupted writes in a folder, which no listing shows; empty where a store leaves
   * none behind. For gc alone.
   */
  default List<ObjectInfo> listTemporary(String folder) {
    return List.of();
  }

  /**
   * Uploads below the root, in any folder, that were begun and never completed: no listing of
   * folders need show where they are. Names are those for {@link #deleteTemporary}; sizes are not
   * known.
   */
  default List<ObjectInfo> listUnfinished() {
    return List.of();
  }

  /** Deletes a file that {@link #listTemporary} showed. */
  default void deleteTemporary(String name) {
    throw new IllegalArgumentException("this store has no temporary files: '" + name + "'");
  }

  /**
   * What the store keeps of objects directly in a folder that were deleted: of a bucket with
   * versioning their versions. Empty where a delete leaves nothing.
   *
   * @throws io.slab.error.StoreException also when it may not be asked
   */
  default List<OldVersion> oldVersions(String folder) {
    return List.of();
  }

  /** Deletes what {@link #oldVersions} showed, for good. */
  default void deleteVersion(OldVersion version) {
    throw new IllegalArgumentException("this store has no versions: '" + version.name() + "'");
  }

  /** Removes what this machine keeps of a remote store's objects under a folder. */
  default void forgetKept(String folder) {}

  /**
   * The time by the clock that stamps {@link ObjectInfo#modifiedMillis}, which need not be this
   * machine's: ages must be measured with one clock.
   */
  default long now() {
    return System.currentTimeMillis();
  }

  @Override
  default void close() {}
}
