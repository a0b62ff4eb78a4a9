package io.slab.compaction;

import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.format.SlabTombstones;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.SlabFiles.Lsns;
import io.slab.store.ObjectInfo;
import io.slab.wal.WalLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which deletes may still have a record to which they apply, in any object of a namespace that
 * exists, named or not. A slab whose rows were alive after the write S, and were written from F on,
 * holds nothing for a delete up to the greater of S and F. One thread only.
 */
final class OlderRecords {
  /** Slabs that are opened at most; with more of them all deletes are carried. */
  private static final int MAX_OPENED = 200;

  private final NamespaceHandle namespace;
  private final Map<String, SlabEntry> named = new HashMap<>();
  private long above = Long.MAX_VALUE;

  private OlderRecords(NamespaceHandle namespace) {
    this.namespace = namespace;
  }

  /** The LSN above which deletes must be carried. */
  static long carriedAbove(NamespaceHandle namespace, CarriedDeletes.Inputs inputs) {
    OlderRecords older = new OlderRecords(namespace);
    namespace.requireNewest().slabs().forEach(entry -> older.named.put(older.name(entry), entry));
    return older.find(inputs);
  }

  private String name(SlabEntry entry) {
    return namespace.names().slab(entry.id());
  }

  private long find(CarriedDeletes.Inputs inputs) {
    Map<String, ObjectInfo> others = listed();
    for (int i = 0; i < inputs.entries().size(); i++) {
      SlabEntry entry = inputs.entries().get(i);
      if (others.remove(name(entry)) == null) {
        return 0; // A listing without it is not believed.
      }
      add(entry.rows(), entry.lsnMin(), inputs.views().get(i).tombstones().asOf());
    }
    log();
    List<ObjectInfo> unknown = new ArrayList<>();
    for (ObjectInfo other : others.values()) {
      SlabEntry entry = named.get(other.name());
      // Nothing that it can say about its state makes a difference then.
      if (entry == null || entry.rows() > 0 && entry.lsnMin() < above) {
        unknown.add(other);
      }
    }
    if (unknown.size() > MAX_OPENED) {
      return 0;
    }
    long oldest = inputs.entries().stream().mapToLong(SlabEntry::lsnMin).min().orElse(0);
    for (ObjectInfo slab : unknown) {
      if (above < oldest) {
        break; // Everything is carried.
      }
      open(slab);
    }
    return above;
  }

  private Map<String, ObjectInfo> listed() {
    Map<String, ObjectInfo> slabs = new HashMap<>();
    int root = namespace.names().folder().length();
    var store = namespace.store();
    String folder = namespace.names().slabFolder();
    for (ObjectInfo info : store.retry().run(() -> store.passingMisplaced().list(folder, null))) {
      if (NamespaceNames.isFile(info.name().substring(root))) {
        slabs.put(info.name(), info);
      }
    }
    return slabs;
  }

  /**
   * Objects of the log hold the records that they wrote. A later one mostly holds the delete as
   * well, but the drop of a namespace is in no log.
   */
  private void log() {
    List<Long> numbers = namespace.wal().listAfter(0);
    if (!numbers.isEmpty()) {
      above = Math.min(above, (numbers.getFirst() + 1 << WalLayout.LSN_SHIFT) - 1);
    }
  }

  private void open(ObjectInfo slab) {
    try {
      Lsns lsns = namespace.files().lsns(namespace.store().openUnmapped(slab.name(), slab.size()));
      add(lsns.rows(), lsns.min(), lsns.asOf());
    } catch (MissingException e) {
      // Gc deleted it meanwhile.
    } catch (SlabException e) {
      above = 0; // It may hold anything.
    }
  }

  private void add(int rows, long min, long asOf) {
    if (rows > 0) {
      above = Math.min(above, asOf == SlabTombstones.UNKNOWN ? min : Math.max(min, asOf));
    }
  }
}
