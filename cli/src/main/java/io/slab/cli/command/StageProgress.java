package io.slab.cli.command;

import io.slab.cli.output.PhaseProgress;
import io.slab.cli.output.Progress;
import io.slab.cli.verb.Session;
import io.slab.error.CancellationToken;
import io.slab.migrate.MigrationProgress;

/**
 * Shows the stages of a migration and the phases of the slabs that it builds, each with a bar of
 * its own. Thread-safe.
 */
final class StageProgress implements MigrationProgress, CancellationToken, AutoCloseable {
  private final Progress progress;
  private final PhaseProgress phases;

  /** What the bar shows; null when it is a phase of a slab, or nothing yet. */
  private Stage current;

  private long last;

  StageProgress(Session session) {
    this(session.progress("migrate"), session.cancellation());
  }

  StageProgress(Progress progress, CancellationToken owner) {
    this.progress = progress;
    this.phases = new PhaseProgress(progress, owner);
  }

  @Override
  public boolean isCancelled() {
    return phases.isCancelled();
  }

  @Override
  public synchronized void update(Stage stage, long records, double fraction) {
    if (stage != current) {
      end();
      current = stage;
      progress.resume(stage.label(), "records", records, fraction);
    }
    last = records;
    progress.update(records, fraction);
  }

  @Override
  public synchronized void progress(String phase, String unit, long done, long total) {
    end();
    phases.progress(phase, unit, done, total);
  }

  /** The next stage begins when this one is done. */
  private void end() {
    if (current != null && current != Stage.WRITE) {
      progress.end(last);
    }
    current = null;
  }

  /** Wipes what is shown. */
  synchronized void clear() {
    progress.clear();
  }

  @Override
  public void close() {
    clear();
  }
}
