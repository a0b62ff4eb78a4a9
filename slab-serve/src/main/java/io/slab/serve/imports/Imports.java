package io.slab.serve.imports;

import io.slab.serve.api.ApiException;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.jobs.Job;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.JobRunner;
import io.slab.serve.jobs.Kind;
import io.slab.serve.jobs.Progress;
import io.slab.serve.jobs.Running;
import io.slab.serve.json.Bodies;
import io.slab.source.SourceFiles;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * Imports of one server. What one wrote stays, also when it fails; one whose server died is failed,
 * for its files may be others by now. Thread-safe; calls block.
 */
public final class Imports {
  private static final int MAX_URI = 1_500;

  private final JobFolder folder;
  private final JobRunner runner;
  private final ImportRoots roots;

  public Imports(JobFolder folder, JobRunner runner, ImportRoots roots) {
    this.folder = folder;
    this.runner = runner;
    this.roots = roots;
  }

  /**
   * Begins one.
   *
   * @param uri a folder, a file or an {@code s3://} prefix
   * @param abort whether the first record that cannot be taken ends it
   * @throws ApiException where the place may not be read
   */
  public Job start(ServedIndex index, String uri, boolean abort) {
    if (uri.isEmpty() || uri.length() > MAX_URI) {
      throw ApiException.invalid("'uri' has 1 to " + MAX_URI + " characters");
    }
    index.requireVectors();
    roots.require(uri);
    runner.requireRoom();
    String id = UUID.randomUUID().toString();
    ObjectNode about = Bodies.object();
    about.put("index", index.name());
    about.put("index_created", created(index));
    about.put("uri", uri);
    about.put("abort", abort);
    about.put("created_at", JobFolder.now());
    folder.begin(Kind.IMPORT, id, about);
    runner.start(Kind.IMPORT, id, running -> run(index, uri, abort, running));
    return new Job(Kind.IMPORT, id, about, null);
  }

  private static String created(ServedIndex index) {
    return Long.toString(index.spec().createdMillis());
  }

  private ObjectNode run(ServedIndex index, String uri, boolean abort, Running running) {
    try (SourceFiles files = roots.open(uri)) {
      return index.whileServed(() -> new ImportRun(index, abort, running).run(files));
    }
  }

  private static boolean isOf(Job job, ServedIndex index) {
    return index.name().equals(job.told("index"))
        && created(index).equals(job.told("index_created"));
  }

  /** Those of an index, oldest first. */
  public List<Job> list(ServedIndex index) {
    return folder.list(Kind.IMPORT).stream().filter(job -> isOf(job, index)).toList();
  }

  /** One of them. */
  public Optional<Job> find(ServedIndex index, String id) {
    return folder.find(Kind.IMPORT, id).filter(job -> isOf(job, index));
  }

  /** How far one is, on each server; empty for one that ended, or that waits. */
  public Optional<Progress> progress(Job job) {
    return runner.progress(job);
  }

  /** Ends one; what it wrote stays. Of one that ended nothing is changed. */
  public void cancel(Job job) {
    if (!job.ended()) {
      runner.cancel(Kind.IMPORT, job.id());
    }
  }

  /** Says of those whose server is gone that they failed, and forgets those of long ago. */
  public void resume() {
    folder.expire(Kind.IMPORT, JobFolder.KEPT);
    for (Job job : folder.list(Kind.IMPORT)) {
      if (!job.ended()) {
        boolean unused = runner.resume(Kind.IMPORT, job.id(), running -> interrupted(job, running));
      }
    }
  }

  private static ObjectNode interrupted(Job job, Running running) {
    return JobRunner.ended("Failed")
        .put("records", running.records())
        .put(
            "error",
            "the server ended while it imported into "
                + job.told("index")
                + ": it had written "
                + running.records()
                + " records at its last sign of life, and maybe more. What it wrote stays, and"
                + " the same import can be started again");
  }
}
