package io.slab.verify;

import io.slab.check.CheckLevel;
import io.slab.check.Findings;
import io.slab.check.RuleFindings;
import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.memtable.BatchCheck;
import io.slab.memtable.DecodedBatch;
import io.slab.model.IndexSpec;
import io.slab.model.Ulid;
import io.slab.store.ObjectStore;
import io.slab.wal.TornWal;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import java.util.List;

/** Checks the WAL of one namespace: its chain, and each object as replay would read it. */
final class LogCheck {
  private final ObjectStore store;
  private final NamespaceNames names;
  private final IndexSpec spec;
  private final CheckLevel level;
  private final Findings findings;
  private final ObjectSequence sequence;
  private final KnownDamage known;

  /**
   * @param spec what is known of the index, or null
   */
  LogCheck(
      ObjectStore store,
      NamespaceNames names,
      IndexSpec spec,
      CheckLevel level,
      Findings findings) {
    this.store = store;
    this.names = names;
    this.spec = spec;
    this.level = level;
    this.findings = findings;
    this.sequence = new ObjectSequence(store, names.walFolder(), ".wal");
    this.known = new KnownDamage(store, names);
  }

  /**
   * The objects above what was flushed must follow each other without a hole, each naming the one
   * before.
   */
  void check(NamespaceManifest manifest) {
    List<Long> numbers = sequence.listAfter(-1);
    long flushed = manifest.walFlushedThrough();
    if (numbers.isEmpty() || numbers.getLast() < flushed) {
      findings.missing(
          names.walFolder(),
          ": nothing at or above " + sequence.name(flushed) + ", which must never be deleted");
      return;
    }
    long expected = flushed + 1;
    Ulid previous = manifest.lastFlushedCommit();
    for (long number : numbers) {
      if (number <= flushed) {
        if (level != CheckLevel.QUICK) {
          flushed(manifest, number);
        }
        continue;
      }
      if (number != expected) {
        findings.error(sequence.name(expected), null, -1, "missing: a hole before " + number);
        previous = null;
      }
      if (number == numbers.getLast() && isTorn(sequence.name(number), number)) {
        return;
      }
      WalObject object = object(number);
      operations(sequence.name(number), object);
      if (object != null
          && previous != null
          && !object.previous().equals(Ulid.ZERO)
          && !object.previous().equals(previous)) {
        findings.error(
            sequence.name(number),
            "header",
            64,
            "names the predecessor " + object.previous() + ", expected " + previous);
      }
      previous = object == null ? null : object.commit();
      expected = number + 1;
    }
  }

  /** Decodes what replay decodes. */
  private void operations(String name, WalObject object) {
    try {
      if (spec != null && object != null) {
        rules(name, DecodedBatch.of(name, object, spec));
      }
    } catch (SlabException e) {
      findings.failure(name, null, e);
    }
  }

  /** What a writer let in that did not ask the rules of records; replay takes it as it is. */
  private void rules(String name, DecodedBatch batch) {
    BatchCheck check = new BatchCheck(spec);
    for (int i = 0; i < batch.ops().size(); i++) {
      try {
        if (batch.ops().get(i) != null) {
          check.requireStored(batch.ops().get(i));
        }
      } catch (InvalidInputException e) {
        findings.warning(name, "record " + i, -1, e.getMessage() + RuleFindings.HINT);
      }
    }
  }

  /** An object in a slot that gc freed counts for nothing; replay never comes to it. */
  private void flushed(NamespaceManifest manifest, long number) {
    WalObject object = superseded(number);
    for (WalCommit commit : manifest.walHistory()) {
      if (object != null
          && commit.sequence() == number
          && !commit.commit().equals(object.commit())) {
        findings.warning(
            sequence.name(number),
            "header",
            32,
            "commit " + object.commit() + ", the one that was flushed is " + commit.commit());
      }
    }
  }

  /**
   * The last object where a crash may have cut it short: what opens the namespace moves it away.
   */
  private boolean isTorn(String name, long number) {
    try {
      if (!store.mayHoldTornObjects() || !TornWal.is(number, read(name))) {
        return false;
      }
    } catch (SlabException e) {
      return false; // Met and reported again as any other object.
    }
    findings.object();
    findings.warning(
        name, null, -1, "cut short before it was acknowledged: the next command moves it aside");
    return true;
  }

  /** One that no reader needs any more; null when it cannot be read. */
  private WalObject superseded(long number) {
    String name = sequence.name(number);
    findings.object();
    try {
      return WalReader.decode(name, number, read(name));
    } catch (StoreException e) {
      throw e;
    } catch (SlabException e) {
      if (known.has(name)) {
        findings.warning(name, null, -1, e.getMessage() + "; " + KnownDamage.SUPERSEDED);
      } else {
        findings.failure(name, null, e);
      }
      return null;
    }
  }

  /** Reads an object of the log; null when it cannot be read, which is reported. */
  WalObject object(long number) {
    String name = sequence.name(number);
    findings.object();
    try {
      return WalReader.decode(name, number, read(name));
    } catch (SlabException e) {
      findings.failure(name, null, e);
      return null;
    }
  }

  private byte[] read(String name) {
    byte[] bytes = store.read(name, WalLayout.MAX_BYTES);
    findings.read(bytes.length);
    return bytes;
  }
}
