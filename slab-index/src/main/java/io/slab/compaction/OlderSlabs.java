package io.slab.compaction;

import io.slab.bytes.XxHash64;
import io.slab.error.CancellationToken;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterPruner;
import io.slab.format.SlabAhead;
import io.slab.format.SlabView;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabEntry;
import io.slab.model.RangeTombstone;
import io.slab.model.RangeTombstone.Kind;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.SlabFiles.Lsns;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which deletes may still have a record to which they apply, in any object of a namespace that
 * exists (spec/index.md, PW-LEAVE). A slab whose rows were alive after the write S, and were
 * written from F on, holds nothing for a delete up to the greater of S and F; of later ones its
 * bloom filter and its columns tell. The manifest knows F and S of the slabs that it names, and
 * which other ones are void as soon as a delete is left out. One thread only.
 */
final class OlderSlabs {
  /** Slabs of which the manifest knows nothing, opened at most; with more all is carried. */
  private static final int MAX_UNKNOWN = 200;

  /** Questions to named slabs at most, for one compaction; the answer to others is yes. */
  private static final int MAX_QUESTIONS = 1_000;

  private final NamespaceHandle namespace;
  private final NamespaceManifest newest;
  private final CarriedDeletes.Inputs inputs;
  private final boolean exact;

  /** Slabs with rows that the manifest names, the newest first, without the inputs. */
  private final List<SlabEntry> others = new ArrayList<>();

  /** Deletes with a greater LSN are always carried. */
  private long above;

  /** The same of deletes by id: a slab without a manifest is asked for them when all is exact. */
  private long idsAbove;

  /** Slabs to be asked, with the LSN up to which a delete has nothing in them. */
  private final Map<ObjectInfo, Long> asked = new HashMap<>();

  private int questions;

  /**
   * Lists the slabs, and then reads the newest manifest: what comes later is void, or made of slabs
   * listed here.
   *
   * @param asOf deletes with a greater LSN are carried: rows that are older than they may come
   * @param exact to look up the ids that a bloom filter knows, of which some are not there
   */
  OlderSlabs(NamespaceHandle namespace, CarriedDeletes.Inputs inputs, long asOf, boolean exact) {
    this.namespace = namespace;
    this.inputs = inputs;
    this.exact = exact;
    this.above = asOf;
    this.idsAbove = asOf;
    Map<String, ObjectInfo> unknown = listed();
    this.newest = namespace.requireNewest();
    for (SlabEntry input : inputs.entries()) {
      if (unknown.remove(namespace.names().slab(input.id())) == null) {
        carryAll(); // A listing without it is not believed.
      }
    }
    for (SlabEntry slab : newest.slabs().reversed()) {
      unknown.remove(namespace.names().slab(slab.id()));
      if (slab.rows() > 0 && inputs.entries().stream().noneMatch(i -> i.id().equals(slab.id()))) {
        others.add(slab);
      }
    }
    newest.retired().forEach(slab -> unknown.remove(namespace.names().slab(slab)));
    unknown(unknown.values());
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
    if (!store.misplaced(folder).isEmpty()) {
      carryAll(); // A slab behind a link that leads nowhere now is there again tomorrow.
    }
    return slabs;
  }

  /** Slabs of writers that did not come to their end, of bulk loads, or retired long ago. */
  private void unknown(Iterable<ObjectInfo> slabs) {
    int opened = 0;
    for (ObjectInfo slab : slabs) {
      if (++opened > MAX_UNKNOWN) {
        carryAll();
      }
      if (idsAbove == 0) {
        return;
      }
      open(slab);
    }
  }

  private void open(ObjectInfo slab) {
    try {
      Lsns lsns = namespace.files().lsns(namespace.store().openUnmapped(slab.name(), slab.size()));
      if (lsns.rows() > 0) {
        long upTo = Math.max(lsns.min(), lsns.asOf());
        above = Math.min(above, upTo);
        idsAbove = exact ? idsAbove : above;
        asked.put(slab, upTo);
      }
    } catch (MissingException e) {
      // Gc deleted it meanwhile.
    } catch (SlabException e) {
      carryAll(); // It may hold anything.
    }
  }

  private void carryAll() {
    above = 0;
    idsAbove = 0;
  }

  /** The slabs that the newest manifest names. */
  List<Ulid> named() {
    return newest.slabs().stream().map(SlabEntry::id).toList();
  }

  /**
   * The deleted ids of which a record may be left.
   *
   * @param deleted in the order of their ids
   * @param inInput those of which an input that may hold an older record has a row
   */
  PackedTombstones needed(
      PackedTombstones deleted, BitSet inInput, CancellationToken cancellation) {
    BitSet needed = (BitSet) inInput.clone();
    long last = 0;
    for (int i = 0; i < deleted.size(); i++) {
      needed.set(i, needed.get(i) || deleted.lsn(i) > idsAbove);
      last = needed.get(i) ? last : Math.max(last, deleted.lsn(i));
    }
    for (SlabEntry slab : others) {
      if (slab.nothingDeletedUpTo() < last) {
        Held held = new Held(deleted, needed, slab.nothingDeletedUpTo(), exact, cancellation);
        boolean unsure =
            ask(
                slab,
                view -> {
                  fetchFilter(view);
                  held.add(view);
                  return false;
                });
        if (unsure) {
          held.add(null);
        }
      }
    }
    if (exact) {
      asked.forEach((slab, upTo) -> ask(slab, new Held(deleted, needed, upTo, true, cancellation)));
    }
    return needed.cardinality() == deleted.size() ? deleted : deleted.only(needed);
  }

  /** Looks for the ids in a slab that no manifest names. */
  private void ask(ObjectInfo slab, Held held) {
    ByteSource source = namespace.store().openUnmapped(slab.name(), slab.size());
    try (SlabView view = namespace.files().openUnnamed(source, namespace.spec())) {
      held.add(view);
    } catch (MissingException e) {
      // Gc deleted it meanwhile.
    } catch (SlabException e) {
      held.add(null);
    }
  }

  /** In one request, where each probe would be one of its own. */
  private static void fetchFilter(SlabView view) {
    SlabAhead ahead = view.ahead();
    if (ahead != null) {
      ahead.idFilter().run();
    }
  }

  /** Finds deleted ids in one slab, of deletes that it may hold something for. */
  private record Held(
      PackedTombstones deleted,
      BitSet needed,
      long upTo,
      boolean exact,
      CancellationToken cancellation) {
    /**
     * @param view null to add all of them
     */
    void add(SlabView view) {
      for (int i = needed.nextClearBit(0); i < deleted.size(); i = needed.nextClearBit(i + 1)) {
        cancellation.check();
        if (deleted.lsn(i) > upTo && (view == null || mayHold(view, deleted.id(i)))) {
          needed.set(i);
        }
      }
    }

    private boolean mayHold(SlabView view, byte[] id) {
      long hash = XxHash64.hash(id);
      return view.mayContain(hash) && (!exact || view.find(id, hash) >= 0);
    }
  }

  /**
   * True when a record may be left to which a delete of many applies. The last delete of everything
   * is never left out: the drop of a namespace is in no log, and an earlier copy of this index,
   * which is not known here, may have a log with records of before.
   */
  boolean needed(RangeTombstone range) {
    if (range.lsn() > above) {
      return true;
    }
    for (int i = 0; i < inputs.entries().size(); i++) {
      SlabEntry input = inputs.entries().get(i);
      if (mayHold(input, range) && holds(inputs.views().get(i), range)) {
        return true;
      }
    }
    for (SlabEntry slab : others) {
      if (mayHold(slab, range) && ask(slab, view -> holds(view, range))) {
        return true;
      }
    }
    return range.kind() == Kind.ALL;
  }

  /** By what the manifest says of a slab. */
  private static boolean mayHold(SlabEntry slab, RangeTombstone range) {
    return slab.rows() > 0
        && slab.nothingDeletedUpTo() < range.lsn()
        && (range.kind() != Kind.FILTER || FilterPruner.mayMatch(filter(range), slab.bounds()));
  }

  private static Filter filter(RangeTombstone range) {
    return FilterParser.parse(Utf8.string(range.argument()));
  }

  /** True when a row, dead or alive, is one that the delete applies to. */
  private static boolean holds(SlabView slab, RangeTombstone range) {
    return switch (range.kind()) {
      case ALL, OTHER_SLABS, RESTORED, FLUSHED -> true;
      case FILTER -> !slab.matching(filter(range)).isEmpty();
      case PREFIX -> {
        int rank = slab.lowerBound(range.argument());
        yield rank < slab.rows() && range.covers(slab.idAt(rank), -1);
      }
    };
  }

  /** The answer of a named slab; yes where it cannot be had. */
  private boolean ask(SlabEntry slab, Predicate<SlabView> question) {
    if (++questions > MAX_QUESTIONS) {
      return true;
    }
    try {
      return question.test(namespace.pool().acquire(slab));
    } catch (SlabException e) {
      return true;
    } finally {
      namespace.pool().release(slab.id());
    }
  }
}
