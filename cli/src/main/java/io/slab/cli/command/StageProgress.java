package io.slab.cli.command;

import io.slab.cli.output.Progress;
import io.slab.cli.verb.Session;
import io.slab.migrate.MigrationProgress;

/** Shows the stages of a migration, each with a rate of its own. One thread only. */
final class StageProgress implements MigrationProgress, AutoCloseable {
  private final Session session;
  private Stage current;
  private Progress progress;

  StageProgress(Session session) {
    this.session = session;
  }

  @Override
  public void update(Stage stage, long records, double fraction) {
    if (stage != current) {
      clear();
      current = stage;
      progress = session.progress(stage.label());
    }
    progress.update(records, fraction);
  }

  /** Wipes what is shown. */
  void clear() {
    if (progress != null) {
      progress.close();
    }
  }

  @Override
  public void close() {
    clear();
  }
}
