package io.slab.writer;

import io.slab.error.InvalidInputException;
import io.slab.format.SlabView;
import io.slab.manifest.BuiltSlabs;
import io.slab.manifest.IdRange;
import io.slab.manifest.SlabEntry;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.namespace.NamespaceHandle;
import io.slab.store.Together;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Looks for ids that stand in two slabs of one bulk load, which the builders of its parts cannot
 * see: a query would answer with both. Slabs whose ranges of ids are apart are not opened. Of the
 * others the ids are read and merged, all of them where they alternate, and only the ends where one
 * range merely reaches into the next. One thread only.
 */
final class SharedIds {
  /** Ids that are looked at one after the other before the next one is searched for. */
  private static final int STEPS = 8;

  /** A slab, and the ends of its range of ids. */
  private record Part(SlabEntry slab, byte[] first, byte[] last) {
    static Part of(SlabEntry slab, IdRange ids) {
      return new Part(slab, Utf8.bytes(ids.first()), Utf8.bytes(ids.last()));
    }
  }

  /** Where the reading of a slab's ids stands. */
  private static final class Head implements Comparable<Head> {
    private final SlabView slab;
    private int rank;
    private byte[] id;

    Head(SlabView slab) {
      this.slab = slab;
      this.id = slab.idAt(0);
    }

    /** Moves on to the first id that is not below another one; false when there is none. */
    boolean reach(byte[] other) {
      for (int step = 0; step < STEPS; step++) {
        rank++;
        if (rank == slab.rows()) {
          return false;
        }
        id = slab.idAt(rank);
        if (Utf8.compareBytes(id, other) >= 0) {
          return true;
        }
      }
      rank = slab.lowerBound(other);
      if (rank == slab.rows()) {
        return false;
      }
      id = slab.idAt(rank);
      return true;
    }

    @Override
    public int compareTo(Head other) {
      return Utf8.compareBytes(id, other.id);
    }
  }

  private final NamespaceHandle namespace;
  private final List<Part> parts = new ArrayList<>();

  SharedIds(NamespaceHandle namespace, BuiltSlabs built) {
    this.namespace = namespace;
    for (int i = 0; i < built.slabs().size(); i++) {
      parts.add(Part.of(built.slabs().get(i), built.ids().get(i)));
    }
    parts.sort(Comparator.comparing(Part::first, Utf8::compareBytes));
  }

  /**
   * Reads as much as it takes to know.
   *
   * @throws InvalidInputException naming an id that two slabs have, and the slabs
   * @throws io.slab.error.MissingException when a slab is not there
   */
  void refuse() {
    List<SlabEntry> touching = new ArrayList<>();
    byte[] end = null;
    for (Part part : parts) {
      if (end != null && Utf8.compareBytes(part.first, end) > 0) {
        refuse(touching);
        touching.clear();
        end = null;
      }
      touching.add(part.slab);
      end = end == null || Utf8.compareBytes(part.last, end) > 0 ? part.last : end;
    }
    refuse(touching);
  }

  /** The same for slabs whose ranges reach into each other. */
  private void refuse(List<SlabEntry> slabs) {
    if (slabs.size() < 2) {
      return;
    }
    List<Ulid> held = new ArrayList<>();
    try {
      List<SlabView> views = new ArrayList<>();
      for (SlabEntry slab : slabs) {
        views.add(namespace.pool().acquire(slab));
        held.add(slab.id());
      }
      if (views.getFirst().isRemote()) {
        Together.run(
            views.stream().<Runnable>map(view -> () -> view.ahead().idTable().run()).toList());
      }
      merge(views);
    } finally {
      held.forEach(namespace.pool()::release);
    }
  }

  private void merge(List<SlabView> views) {
    PriorityQueue<Head> heads = new PriorityQueue<>();
    views.forEach(view -> heads.add(new Head(view)));
    Head least = heads.poll();
    while (!heads.isEmpty()) {
      Head next = heads.peek();
      if (least.compareTo(next) == 0) {
        throw shared(least, next);
      }
      if (least.reach(next.id)) {
        heads.add(least);
      }
      least = heads.poll();
    }
  }

  private InvalidInputException shared(Head one, Head other) {
    return new InvalidInputException(
        "the id '%s' is in two slabs of the load: %s and %s"
            .formatted(Utf8.string(one.id), name(one), name(other)),
        "nothing was committed; give each id to one part only, and build these parts again");
  }

  private String name(Head head) {
    return namespace.names().slab(head.slab.id());
  }
}
