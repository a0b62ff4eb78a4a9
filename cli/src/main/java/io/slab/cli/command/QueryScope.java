package io.slab.cli.command;

import io.slab.cli.usage.UsageException;
import io.slab.cli.verb.Seldom;
import io.slab.memtable.MemRow;
import io.slab.model.Limits;
import io.slab.model.Utf8;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.buffer.MutableRoaringBitmap;
import picocli.CommandLine.Option;

/** Which part of the answers a query shows: of some ids, of every namespace, of a later page. */
final class QueryScope {
  @Seldom
  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "only records whose id begins with this; all of them are compared")
  String prefix;

  @Seldom
  @Option(names = "--all-namespaces", description = "the nearest of every namespace, merged")
  boolean allNamespaces;

  @Seldom
  @Option(
      names = "--offset",
      paramLabel = "N",
      description = "leave out the nearest N: a next page")
  int offset;

  boolean given() {
    return prefix != null || allNamespaces || offset != 0;
  }

  /** The option that was given, the first of several. */
  String name() {
    return prefix != null ? "--prefix" : allNamespaces ? "--all-namespaces" : "--offset";
  }

  /** Refuses what would choose among the answers of a page instead of all. */
  void requireAlone(boolean choice) {
    if (choice) {
      throw new UsageException(
          "--prefix, --all-namespaces and --offset do not go with --mmr, --group-by and --min-score",
          null);
    }
  }

  /** Answers to ask for, so that those of the page are among them. */
  int asked(int topK) {
    if (offset < 0 || (long) offset + topK > Limits.MAX_TOP_K) {
      throw new UsageException(
          "--offset and --top-k reach at most match " + Limits.MAX_TOP_K, "narrow the filter");
    }
    return offset + topK;
  }

  /** The snapshot as if it had no other ids; shares its slabs, and is not to be closed. */
  Snapshot narrow(Snapshot all) {
    if (prefix == null) {
      return all;
    }
    byte[] begin = Utf8.bytes(prefix);
    List<LiveSlab> slabs = new ArrayList<>();
    for (LiveSlab slab : all.slabs()) {
      slabs.add(new LiveSlab(slab.view(), slab.entry(), without(slab, begin)));
    }
    List<MemRow> fresh = new ArrayList<>();
    for (MemRow row : all.memtable()) {
      if (begins(row.idBytes(), begin)) {
        fresh.add(row);
      }
    }
    return new Snapshot(
        all.manifest(), all.exists(), all.walApplied(), slabs, fresh, all.traffic(), () -> {});
  }

  /** Rows that are dead or have another id. */
  private static MutableRoaringBitmap without(LiveSlab slab, byte[] begin) {
    MutableRoaringBitmap left = new MutableRoaringBitmap();
    int rows = slab.view().rows();
    left.add(0L, rows);
    for (int rank = slab.view().lowerBound(begin); rank < rows; rank++) {
      if (!begins(slab.view().idAt(rank), begin)) {
        break;
      }
      left.remove(slab.view().rowAt(rank));
    }
    if (slab.dead() != null) {
      left.or(slab.dead());
    }
    return left;
  }

  private static boolean begins(byte[] id, byte[] begin) {
    return id.length >= begin.length && Arrays.equals(id, 0, begin.length, begin, 0, begin.length);
  }
}
