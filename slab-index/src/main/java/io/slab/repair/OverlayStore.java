package io.slab.repair;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.store.Retry;
import io.slab.store.Traffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store that shows what another one has and writes into a second one, so that an index can be
 * worked on and never touched. What is deleted is hidden. Thread-safe as the two are; closing it
 * closes neither.
 */
public final class OverlayStore implements ObjectStore {
  private final ObjectStore base;
  private final ObjectStore scratch;

  /** Names of the base that count as deleted. */
  private final Set<String> hidden;

  /** Names that were written here. */
  private final Set<String> own;

  /**
   * @param base what is shown and never written to
   * @param scratch takes what is written
   */
  public OverlayStore(ObjectStore base, ObjectStore scratch) {
    this(base, scratch, ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
  }

  private OverlayStore(ObjectStore base, ObjectStore scratch, Set<String> hidden, Set<String> own) {
    this.base = base;
    this.scratch = scratch;
    this.hidden = hidden;
    this.own = own;
  }

  private ObjectStore of(String name) {
    if (own.contains(name)) {
      return scratch;
    }
    if (hidden.contains(name)) {
      throw new MissingException(name, -1, "no such object", "an object");
    }
    return base;
  }

  @Override
  public String describe() {
    return base.describe();
  }

  @Override
  public List<ObjectInfo> list(String folder, String startAfter) {
    return joined(base.list(folder, startAfter), folder, startAfter);
  }

  private List<ObjectInfo> joined(List<ObjectInfo> there, String folder, String startAfter) {
    List<ObjectInfo> here = scratch.list(folder, startAfter);
    Set<String> names = new HashSet<>(hidden);
    here.forEach(object -> names.add(object.name()));
    List<ObjectInfo> all = new ArrayList<>(here);
    there.stream().filter(object -> !names.contains(object.name())).forEach(all::add);
    // Names of one folder are ASCII but for those that no index has.
    all.sort(Comparator.comparing(ObjectInfo::name));
    return all;
  }

  @Override
  public Listing listing(String folder, String startAfter) {
    return new Listing(list(folder, startAfter), Listing.UNDATED);
  }

  @Override
  public List<CorruptException> misplaced(String folder) {
    return base.misplaced(folder);
  }

  @Override
  public ObjectStore passingMisplaced() {
    return new OverlayStore(base.passingMisplaced(), scratch, hidden, own);
  }

  @Override
  public List<String> listFolders(String folder) {
    Set<String> all = new TreeSet<>(base.listFolders(folder));
    all.addAll(scratch.listFolders(folder));
    return List.copyOf(all);
  }

  @Override
  public byte[] read(String name, long limit) {
    return of(name).read(name, limit);
  }

  @Override
  public ByteSource open(String name) {
    return of(name).open(name);
  }

  @Override
  public ByteSource open(String name, long length) {
    return of(name).open(name, length);
  }

  @Override
  public ByteSource openUnmapped(String name, long length) {
    return of(name).openUnmapped(name, length);
  }

  /** What is written here is near, so that no caller may rely on requests that are made ahead. */
  @Override
  public boolean isRemote() {
    return false;
  }

  @Override
  public void distrust(String name) {
    of(name).distrust(name);
  }

  @Override
  public Traffic traffic() {
    return base.traffic();
  }

  @Override
  public boolean create(String name, byte[] content) {
    if (!own.contains(name) && !hidden.contains(name) && isListed(name)) {
      return false;
    }
    boolean created = scratch.create(name, content);
    own.add(name);
    return created;
  }

  private boolean isListed(String name) {
    String folder = name.substring(0, name.lastIndexOf('/') + 1);
    return base.passingMisplaced().list(folder, null).stream()
        .anyMatch(object -> object.name().equals(name));
  }

  @Override
  public boolean createsMayLandLate() {
    return false;
  }

  /** Hides it: the store below is not touched. */
  @Override
  public boolean setAside(String name, byte[] content) {
    delete(name);
    return true;
  }

  @Override
  public boolean mayHoldTornObjects() {
    return base.mayHoldTornObjects();
  }

  @Override
  public Retry retry() {
    return base.retry();
  }

  @Override
  public ObjectUpload upload(String name) {
    own.add(name);
    return scratch.upload(name);
  }

  @Override
  public void delete(String name) {
    if (own.remove(name)) {
      scratch.delete(name);
    }
    hidden.add(name);
  }

  @Override
  public long now() {
    return base.now();
  }
}
