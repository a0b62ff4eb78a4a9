package io.slab.migrate;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.SlabException;
import io.slab.manifest.NamespaceNames;
import io.slab.model.IndexSpec;
import io.slab.model.RecordRules;
import io.slab.model.VectorRecord;
import io.slab.sort.RecordRuns;
import io.slab.sort.Run;
import io.slab.source.Note;
import io.slab.source.RecordReader;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads a source into runs: checks each record, counts, and names the places from which a later
 * process could go on. One thread only.
 */
final class SourceReading {
  private static final int PROGRESS_RECORDS = 256;

  private final Source source;
  private final IndexSpec spec;
  private final MigrationOptions options;
  private final RecordRuns runs;
  private final RejectLog rejects;
  private final MigrationProgress progress;
  private final Consumer<Checkpoint> checkpoints;

  private final Set<String> goodNames = new HashSet<>();

  /** Since the last checkpoint. */
  private ReadTally tally = new ReadTally();

  private long read;
  private long rejected;
  private long doneBytes;
  private SourceProblem problem;
  private SlabException damage;

  /**
   * @param before what earlier processes counted
   * @param checkpoints told of each place once everything before it is in runs, on another thread
   */
  SourceReading(
      Source source,
      IndexSpec spec,
      MigrationOptions options,
      RecordRuns runs,
      RejectLog rejects,
      ReadTally before,
      MigrationProgress progress,
      Consumer<Checkpoint> checkpoints) {
    this.source = source;
    this.spec = spec;
    this.options = options;
    this.runs = runs;
    this.rejects = rejects;
    this.read = before.read();
    this.rejected = before.rejected();
    this.progress = progress;
    this.checkpoints = checkpoints;
  }

  /**
   * Reads from a place to the end, or to the record that stops it.
   *
   * @return the record that stopped it, or null at the end
   */
  SourceProblem run(int firstPart, long firstOrdinal) {
    for (int part = 0; part < firstPart; part++) {
      doneBytes += Math.max(0, source.parts().get(part).bytes());
    }
    long ordinal = firstOrdinal;
    for (int part = firstPart; part < source.parts().size(); part++) {
      long stopped = part(part, ordinal);
      if (problem != null) {
        cut(part, stopped, false);
        runs.await();
        return problem;
      }
      doneBytes += Math.max(0, source.parts().get(part).bytes());
      ordinal = 0;
    }
    cut(source.parts().size(), 0, true);
    runs.await();
    return null;
  }

  /** Reads one part; returns the number of the record that stopped it, if one did. */
  private long part(int number, long first) {
    SourcePart part = source.parts().get(number);
    long next = first;
    try (RecordReader reader = part.open(options.read())) {
      reader.skipTo(first);
      while (reader.next()) {
        options.cancellation().check();
        if (!take(part, reader)) {
          return next;
        }
        next = reader.ordinal() + 1;
        if (runs.full()) {
          cut(number, next, false);
        }
        if (read % PROGRESS_RECORDS == 0) {
          report(reader.bytesRead());
        }
      }
    } catch (CorruptException e) {
      damaged(part, number, next, e);
    }
    return next;
  }

  /** A part that cannot be read to its end: what came before counts. */
  private void damaged(SourcePart part, int number, long next, SlabException e) {
    if (!options.skipBad()) {
      cut(number, next, false);
      runs.await();
      throw e;
    }
    if (damage == null && rejected == 0) {
      damage = e;
    }
    tally.cutParts().add(part.name() + ": " + e.getMessage());
  }

  /** The damage that was met before any refused record, or null. */
  SlabException damage() {
    return damage;
  }

  /** False when the record ends the reading; it counts as not yet read then. */
  private boolean take(SourcePart part, RecordReader reader) {
    String namespace = options.namespace(reader.namespace());
    if (namespace == null) {
      tally.skip();
      return true;
    }
    SourceProblem found = reader.problem();
    VectorRecord record = found == null ? options.fitted(reader.record(), spec) : null;
    if (found == null) {
      RecordRules.Finding finding = name(namespace);
      finding = finding == null ? RecordRules.find(record, spec) : finding;
      found = finding == null ? null : problem(reader, record, finding);
    }
    if (found != null && !mayGoOn()) {
      problem = found;
      return false;
    }
    read++;
    if (found == null) {
      for (Note note : reader.notes()) {
        tally.note(note, reader.position());
      }
      if (record.sparse() == null && reader.record().sparse() != null) {
        tally.remark(Remark.SPARSE_DROPPED, reader.position());
      }
      tally.accept(namespace, record, spec, reader::position);
      runs.add(namespace, record);
    } else {
      rejected++;
      tally.refuse(namespace, found);
      rejects.write(part.name(), namespace, found, reader.raw());
    }
    return true;
  }

  /** What is wrong with the name of a namespace, or null: found before anything is written. */
  private RecordRules.Finding name(String namespace) {
    if (goodNames.contains(namespace)) {
      return null;
    }
    try {
      new NamespaceNames(namespace);
      goodNames.add(namespace);
      return null;
    } catch (InvalidInputException e) {
      return new RecordRules.Finding("namespace", e.getMessage() + "; " + e.hint());
    }
  }

  private boolean mayGoOn() {
    return options.skipBad() && (options.maxErrors() < 0 || rejected < options.maxErrors());
  }

  private static SourceProblem problem(
      RecordReader reader, VectorRecord record, RecordRules.Finding finding) {
    return new SourceProblem(
        reader.position(), reader.ordinal(), -1, record.id(), finding.field(), finding.message());
  }

  private void cut(int part, long ordinal, boolean complete) {
    ReadTally counted = tally;
    long length = rejects.length();
    tally = new ReadTally();
    Consumer<Run> sealed =
        run -> checkpoints.accept(new Checkpoint(run, part, ordinal, counted, length, complete));
    runs.cut(sealed);
  }

  private void report(long bytes) {
    long total = source.bytes();
    double fraction = total <= 0 ? -1 : (double) (doneBytes + Math.max(0, bytes)) / total;
    progress.update(MigrationProgress.Stage.READ, read, fraction);
  }
}
