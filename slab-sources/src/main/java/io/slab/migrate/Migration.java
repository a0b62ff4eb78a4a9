package io.slab.migrate;

import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.index.SlabIndex;
import io.slab.ingest.RowNumberCheck;
import io.slab.model.IndexSpec;
import io.slab.sort.MergedNamespace;
import io.slab.sort.RecordRuns;
import io.slab.sort.Run;
import io.slab.sort.RunCheck;
import io.slab.sort.RunMerge;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.SourceProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Brings all records of a source into an index.
 *
 * <ol>
 *   <li>The source is read, record by record, into runs: sorted files in a work folder. A progress
 *       log there says up to where.
 *   <li>The runs are merged by namespace and id. Of records with one id the last in the source's
 *       order is kept, and the others are counted; that two records have equal vectors means
 *       nothing.
 *   <li>Each namespace is written: as finished slabs, whose rows show all at once, when it holds no
 *       record yet, and through the write-ahead log otherwise.
 * </ol>
 *
 * <p>A process that is killed anywhere leaves the progress log. The same migration, started again,
 * takes over the runs that are intact, reads on from there, leaves out the namespaces that are done
 * and finds out whether the one that was being committed is. One thread only.
 */
public final class Migration {
  private final Source source;
  private final IndexSpec spec;
  private final MigrationOptions options;
  private final MigrationProgress progress;
  private final List<Run> runs = new ArrayList<>();
  private final List<NamespaceLoad> loads = new ArrayList<>();
  private final ReadTally tally = new ReadTally();
  private SourceProblem stoppedBy;
  private SlabException damage;
  private boolean resumed;
  private boolean forgot;
  private ProgressLog progressLog;

  /**
   * @param spec of the index, existing or planned
   */
  public Migration(
      Source source, IndexSpec spec, MigrationOptions options, MigrationProgress progress) {
    this.source = source;
    this.spec = spec;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Does the work. When it returns normally, and {@link #stopped} says that nothing stopped it, all
   * records are in the index; the progress log stays until {@link #discard}.
   *
   * @throws io.slab.error.SlabException when it could not be finished; it can be gone on with
   */
  public void run(SlabIndex index) {
    run(index.store().describe(), index, () -> index);
  }

  /**
   * As the other, into an index that need not be there yet: nothing is made before all records are
   * read and none has stopped that.
   *
   * @param target where the index is, or is to be
   * @param there the index, or null when it is not there yet
   * @param made gives the index, asked once and only when records are to be written
   */
  public void run(String target, SlabIndex there, Supplier<SlabIndex> made) {
    requireAllRead();
    long rejects = RejectLog.length(options.rejects());
    try (ProgressLog open =
        ProgressLog.open(
            options.work(),
            identity(target),
            rejects,
            options.rejects() != null,
            options.restart())) {
      progressLog = open;
      resumed = open.resumed();
      forgot = open.forgot();
      if (!resumed && there != null) {
        begin(there);
      }
      read(open);
      if (stoppedBy == null) {
        write(made.get(), open);
      }
    }
  }

  /** What is refused at the very beginning leaves nothing that one would have to go on with. */
  private void begin(SlabIndex index) {
    try {
      requireFreeNumbers(index);
    } catch (RuntimeException e) {
      discard();
      throw e;
    }
  }

  /** What may hold records and is not read stops a migration as a refused record does. */
  private void requireAllRead() {
    if (!options.skipBad()) {
      source.requireAllRead();
    }
  }

  /**
   * Looks whether the index has records of ids that this migration would make up.
   *
   * @throws io.slab.error.ConflictException when it has
   */
  public void requireFreeNumbers(SlabIndex index) {
    for (SourcePart part : source.parts()) {
      String namespace = options.namespace(part.namespace());
      if (part.numbers() != null && namespace != null) {
        RowNumberCheck.requireFree(index, namespace, part.numbers());
      }
    }
  }

  /** Removes the progress log and the runs: this migration is not to go on. */
  public void discard() {
    if (progressLog != null) {
      progressLog.discard();
    }
  }

  private String identity(String target) {
    StringBuilder text = new StringBuilder();
    text.append(source.location()).append('\n').append(source.shape()).append('\n');
    for (SourcePart part : source.parts()) {
      text.append(part.name()).append(' ').append(part.bytes());
      text.append(' ').append(modified(part));
      if (part.numbers() != null && part.numbers().rows() > 0) {
        text.append(' ').append(part.numbers().id(0));
      }
      text.append('\n');
    }
    // Not when the index was made: a run that stops before it makes one is gone on with.
    text.append(target).append('\n').append(spec.withCreated(0)).append('\n');
    return text.append(options.identity()).toString();
  }

  /** When the file of a part was changed last, where the part is such a file. */
  private long modified(SourcePart part) {
    try {
      Path root = Path.of(source.location());
      Path file = Files.isDirectory(root) ? root.resolve(part.name()) : root;
      return Files.isRegularFile(file) ? Files.getLastModifiedTime(file).toMillis() : 0;
    } catch (IOException | java.nio.file.InvalidPathException e) {
      return 0;
    }
  }

  private void read(ProgressLog open) {
    List<Checkpoint> before = open.checkpoints();
    before.forEach(checkpoint -> tally.add(checkpoint.tally()));
    runs.addAll(open.runs());
    Checkpoint last = before.isEmpty() ? null : before.getLast();
    long keep = last == null ? 0 : last.rejectsBytes();
    if (last != null && last.complete()) {
      // What a process left behind the last checkpoint is none of the refused records.
      RejectLog.open(options.rejects(), keep).close();
      return;
    }
    int first = runs.isEmpty() ? 0 : runs.getLast().number() + 1;
    try (RejectLog rejects = RejectLog.open(options.rejects(), keep);
        RecordRuns sorter = new RecordRuns(options.work(), false, options.runBytes(), first)) {
      Consumer<Checkpoint> reached =
          checkpoint -> {
            open.add(checkpoint);
            take(checkpoint);
          };
      reading(sorter, rejects, reached, last);
    }
  }

  private void reading(
      RecordRuns sorter, RejectLog rejects, Consumer<Checkpoint> reached, Checkpoint last) {
    SourceReading reading =
        new SourceReading(source, spec, options, sorter, rejects, tally, progress, reached);
    stoppedBy = reading.run(last == null ? 0 : last.part(), last == null ? 0 : last.ordinal());
    damage = reading.damage();
  }

  /** On the thread that writes runs; read only after that one was waited for. */
  private void take(Checkpoint checkpoint) {
    tally.add(checkpoint.tally());
    if (checkpoint.run() != null) {
      runs.add(checkpoint.run());
    }
  }

  private void write(SlabIndex index, ProgressLog open) {
    long total = runs.stream().mapToLong(Run::rows).sum();
    long[] done = {0};
    try (RunMerge merge = new RunMerge(options.work(), runs, spec.dimension())) {
      for (MergedNamespace next = merge.next(); next != null; next = merge.next()) {
        try (MergedNamespace rows = next) {
          NamespaceLoader loader =
              new NamespaceLoader(
                  index,
                  open,
                  options.cancellation(),
                  written ->
                      progress.update(
                          MigrationProgress.Stage.WRITE,
                          done[0] + written,
                          (double) (done[0] + written) / total));
          NamespaceLoad load = loader.load(rows);
          loads.add(load);
          done[0] += load.written() + load.duplicates();
        }
      }
    }
  }

  /**
   * Reads and counts as {@link #run} does, ids and hashes instead of records, and writes nothing
   * but scratch files in the work folder, which it removes. It does not touch the progress log of a
   * migration that was begun.
   */
  public void dryRun() {
    requireAllRead();
    Path scratch = null;
    try {
      Files.createDirectories(options.work().toAbsolutePath().getParent());
      scratch = Files.createTempDirectory(options.work().toAbsolutePath().getParent(), ".dry-run-");
      try (RejectLog rejects = RejectLog.open(options.rejects(), 0);
          RecordRuns sorter = new RecordRuns(scratch, true, options.runBytes(), 0)) {
        reading(sorter, rejects, this::take, null);
      }
      if (stoppedBy == null) {
        count(scratch);
      }
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.FAILED,
          "cannot make a scratch folder beside " + options.work() + ": " + e.getMessage(),
          "choose another place with --work",
          e);
    } finally {
      remove(scratch);
    }
  }

  private void count(Path scratch) {
    try (RunMerge merge = new RunMerge(scratch, runs, 0)) {
      for (MergedNamespace next = merge.next(); next != null; next = merge.next()) {
        loads.add(
            new NamespaceLoad(
                next.name(),
                NamespaceLoad.Way.NONE,
                next.rows(),
                next.identicalDuplicates(),
                next.replacedDuplicates(),
                0,
                0));
        next.close();
      }
    }
  }

  private void remove(Path scratch) {
    if (scratch == null) {
      return;
    }
    runs.forEach(run -> RunCheck.delete(scratch, run));
    try {
      Files.deleteIfExists(scratch);
    } catch (IOException e) {
      // A scratch file that was just being written when the reading failed.
      return;
    }
  }

  /** The refused record that stopped the reading, or null when it came to its end. */
  public SourceProblem stopped() {
    return stoppedBy;
  }

  /**
   * Throws what a run that stops at the first trouble would throw, where this one counted and went
   * on: for files that are not read, or for damage that comes before any refused record.
   *
   * @throws SlabException naming the file
   */
  public void requireWhole() {
    source.requireAllRead();
    if (damage != null) {
      throw damage;
    }
  }

  /** True when it went on where another process had stopped. */
  public boolean resumed() {
    return resumed;
  }

  /** True when it began anew over a run with other options, which had written nothing. */
  public boolean forgot() {
    return forgot;
  }

  ReadTally tally() {
    return tally;
  }

  List<NamespaceLoad> loads() {
    return List.copyOf(loads);
  }

  /** Records read, refused ones included. */
  public long read() {
    return tally.read();
  }

  /** Records refused. */
  public long rejected() {
    return tally.rejected();
  }

  /** Records written, or that a dry run would write. */
  public long written() {
    return loads.stream().mapToLong(NamespaceLoad::written).sum();
  }
}
