package io.slab.verify;

import io.slab.check.Findings;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.SlabException;
import io.slab.format.LedgerSum;
import io.slab.manifest.IndexJson;
import io.slab.manifest.IndexListing;
import io.slab.manifest.NamespaceNames;
import io.slab.memtable.MemRows;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.Ledger;
import io.slab.namespace.IndexPresence;
import io.slab.namespace.NamespaceHandle;
import io.slab.snapshot.FormatSlabs;
import io.slab.snapshot.LiveRows;
import io.slab.snapshot.LiveSlab;
import io.slab.snapshot.Snapshot;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.Objects;
import java.util.TreeSet;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Compares the records of two indexes, of which one is a copy of the other, by the ledgers that
 * their manifests name: however the records lie in slabs and in the log, equal records have equal
 * sums. Slabs that both have, with the same dead rows, cancel each other; of the others the dead
 * rows are read, and no live one. What the ledgers say of the rows is not looked at: that is what a
 * verification of each index does. Read-only.
 */
final class IndexComparison {
  private final ObjectStore one;
  private final ObjectStore other;
  private final IndexSpec spec;
  private final Findings findings;

  private IndexComparison(ObjectStore one, ObjectStore other, IndexSpec spec, Findings findings) {
    this.one = one;
    this.other = other;
    this.spec = spec;
    this.findings = findings;
  }

  /**
   * Notes what is different.
   *
   * @param spec of the first index
   * @throws MissingException when there is no second index
   */
  static void compare(ObjectStore one, ObjectStore other, IndexSpec spec, Findings findings) {
    IndexSpec there =
        IndexJson.decode(
            other.describe() + " " + IndexJson.NAME,
            other.retry().run(() -> other.read(IndexJson.NAME, IndexJson.MAX_BYTES)));
    boolean fits =
        spec.dimension() == there.dimension()
            && spec.metric() == there.metric()
            && spec.vectorType() == there.vectorType()
            && Objects.equals(spec.schema(), there.schema())
            && Objects.equals(spec.textIndex(), there.textIndex());
    if (!fits) {
      findings.error(IndexJson.NAME, null, -1, "another kind of index than " + other.describe());
      return;
    }
    new IndexComparison(one, other, spec, findings).run();
  }

  private void run() {
    TreeSet<String> folders = new TreeSet<>(IndexListing.namespaces(one, one.retry()));
    folders.addAll(IndexListing.namespaces(other, other.retry()));
    for (String folder : folders) {
      String namespace = NamespaceNames.decode(folder);
      if (namespace != null) {
        namespace(new NamespaceNames(namespace));
      }
    }
  }

  private void namespace(NamespaceNames names) {
    try (NamespaceHandle here = handle(one, names);
        NamespaceHandle there = handle(other, names);
        Snapshot mine = here.snapshot();
        Snapshot copy = there.snapshot()) {
      findings.object();
      compare(names.folder(), mine, copy);
    } catch (SlabException e) {
      String name = e instanceof DataException data ? data.resource() : names.folder();
      findings.failure(name.split(" ", 2)[0], null, e);
    }
  }

  private NamespaceHandle handle(ObjectStore store, NamespaceNames names) {
    return new NamespaceHandle(
        store.passingMisplaced(),
        names.namespace(),
        spec,
        Environment.system(),
        new FormatSlabs(),
        store.retry(),
        IndexPresence.ALWAYS);
  }

  private void compare(String folder, Snapshot mine, Snapshot copy) {
    Ledger here = ledger(mine, copy);
    Ledger there = ledger(copy, mine);
    if (mine.count() == copy.count() && here.equals(there)) {
      return;
    }
    String problem =
        "other records than in "
            + other.describe()
            + ": "
            + mine.count()
            + " here, "
            + copy.count()
            + " there, and what is not in slabs of both has the ledger "
            + here
            + " here, "
            + there
            + " there";
    if (mine.walApplied() == copy.walApplied()) {
      findings.error(
          folder, null, -1, problem + ", though both end with log object " + mine.walApplied());
    } else {
      findings.warning(
          folder,
          null,
          -1,
          problem
              + "; one was written to since: log object "
              + mine.walApplied()
              + " is the last one here, "
              + copy.walApplied()
              + " there");
    }
  }

  /** The ledger of all records but those of slabs that the other snapshot has as well. */
  private static Ledger ledger(Snapshot of, Snapshot without) {
    Ledger sum = LedgerSum.of(new MemRows(new ArrayList<>(of.memtable())));
    for (LiveSlab slab : of.slabs()) {
      if (without.slabs().stream().noneMatch(twin -> isSame(slab, twin))) {
        sum = sum.plus(slab.entry().ledger()).minus(dead(slab));
      }
    }
    return sum;
  }

  private static boolean isSame(LiveSlab a, LiveSlab b) {
    return a.entry().id().equals(b.entry().id())
        && a.entry().rows() == b.entry().rows()
        && a.entry().ledger().equals(b.entry().ledger())
        && a.dead().equals(b.dead());
  }

  private static Ledger dead(LiveSlab slab) {
    LedgerSum sum = new LedgerSum();
    if (!slab.dead().isEmpty()) {
      MutableRoaringBitmap others = new MutableRoaringBitmap();
      others.add(0L, slab.entry().rows());
      others.andNot(slab.dead());
      try (LiveRows rows = new LiveRows(slab.view(), others, () -> {})) {
        while (rows.next()) {
          sum.add(rows);
        }
      }
    }
    return sum.ledger();
  }
}
