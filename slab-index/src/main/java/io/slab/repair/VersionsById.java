package io.slab.repair;

import io.slab.error.CancellationToken;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.model.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The ids of several slabs, of their rows and of their deletes, each once and in order, with all
 * versions that the slabs have of it. Rows without a readable id are passed over. One thread only.
 */
final class VersionsById {
  private final PriorityQueue<Source> sources = new PriorityQueue<>();
  private final CancellationToken cancellation;
  private byte[] id;
  private final List<RecordVersion> rows = new ArrayList<>();
  private long deleted;

  VersionsById(CancellationToken cancellation) {
    this.cancellation = cancellation;
  }

  void addRows(SlabPatient slab) {
    add(new Rows(slab));
  }

  void addDeletes(List<Tombstone> ids) {
    add(new Deletes(ids));
  }

  private void add(Source source) {
    if (source.advance()) {
      sources.add(source);
    }
  }

  /** Moves to the next id; false at the end. */
  boolean next() {
    cancellation.check();
    if (sources.isEmpty()) {
      return false;
    }
    id = sources.peek().id;
    rows.clear();
    deleted = -1;
    while (!sources.isEmpty() && Utf8.compareBytes(sources.peek().id, id) == 0) {
      Source source = sources.poll();
      if (source.version.isDelete()) {
        deleted = Math.max(deleted, source.version.lsn());
      } else {
        rows.add(source.version);
      }
      add(source);
    }
    return true;
  }

  byte[] id() {
    return id;
  }

  /** The rows that the slabs have of the id. */
  List<RecordVersion> rows() {
    return rows;
  }

  /** Largest LSN of a delete of the id, -1 for none. */
  long deleted() {
    return deleted;
  }

  private abstract static class Source implements Comparable<Source> {
    byte[] id;
    RecordVersion version;

    abstract boolean advance();

    @Override
    public final int compareTo(Source other) {
      return Utf8.compareBytes(id, other.id);
    }
  }

  private static final class Rows extends Source {
    private final SlabPatient slab;
    private int rank = -1;

    Rows(SlabPatient slab) {
      this.slab = slab;
    }

    @Override
    boolean advance() {
      while (++rank < slab.salvage().rows()) {
        int row = slab.salvage().rowAt(rank);
        id = row < 0 ? null : slab.salvage().idAt(rank);
        if (id != null) {
          long lsn = slab.salvage().rowLsn(row);
          // An LSN that cannot be read is not taken for a late one.
          version = new RecordVersion(lsn < 0 ? slab.entry().lsnMin() : lsn, null, slab, row);
          return true;
        }
      }
      return false;
    }
  }

  private static final class Deletes extends Source {
    private final List<Tombstone> ids;
    private int at = -1;

    Deletes(List<Tombstone> ids) {
      this.ids = ids;
    }

    @Override
    boolean advance() {
      if (++at == ids.size()) {
        return false;
      }
      id = ids.get(at).id();
      version = RecordVersion.deleted(ids.get(at).lsn());
      return true;
    }
  }
}
