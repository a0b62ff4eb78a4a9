package io.slab.serve.backup;

import io.slab.Index;
import io.slab.error.ConflictException;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.ComingIndex;
import io.slab.serve.catalog.IndexProfile;
import io.slab.serve.catalog.IndexView;
import io.slab.serve.jobs.Job;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.JobRunner;
import io.slab.serve.jobs.Kind;
import io.slab.serve.jobs.Running;
import io.slab.serve.json.Members;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** Makes indexes of backups and collections. Thread-safe; calls block. */
public final class Restores {
  /**
   * How long what a deleted index left must rest before another one takes its place on a storage
   * where writes may come late.
   */
  private static final Duration REST = Duration.ofSeconds(60);

  private final Catalog catalog;
  private final JobFolder folder;
  private final JobRunner runner;

  public Restores(Catalog catalog, JobFolder folder, JobRunner runner) {
    this.catalog = catalog;
    this.folder = folder;
    this.runner = runner;
  }

  /** A job and the index that it makes. */
  public record Begun(Job job, ComingIndex index) {}

  /**
   * Begins to make an index.
   *
   * @param backup whether the job is one of a backup, which clients see
   * @param profile what the API says of the new index
   * @throws ApiException where there is an index of this name, or what it is to be made of is not
   *     ready
   */
  public Begun begin(
      Saved of, boolean backup, String name, IndexProfile profile, boolean deletionProtected) {
    if (!of.status().equals(Saved.READY)) {
      throw ApiException.invalid(
          of.id() + " is " + of.status() + ": an index is made of one that is Ready");
    }
    runner.requireRoom();
    String id = UUID.randomUUID().toString();
    ComingIndex index = catalog.reserve(name, of.spec(), profile, deletionProtected, id, false);
    ObjectNode about = of.job().about().deepCopy();
    about.remove("description");
    about.put("created_at", JobFolder.now());
    about.put("target", name);
    about.put("protected", deletionProtected);
    about.set("profile", profile.json());
    about.put(backup ? "backup" : "collection", of.id());
    try {
      folder.begin(Kind.RESTORE, id, about);
    } catch (RuntimeException e) {
      catalog.arrived(name);
      throw e;
    }
    Job job = new Job(Kind.RESTORE, id, about, null);
    runner.start(Kind.RESTORE, id, running -> restore(job, running));
    return new Begun(job, index);
  }

  private ObjectNode restore(Job job, Running running) {
    String name = new Members(job.about()).requiredText("target");
    String place = catalog.place(name);
    try {
      // The index itself comes last: where it is, only what is said of it may be missing.
      if (!Index.exists(place, catalog.reading())) {
        clear(place, running);
        Index.copyAsNew(
            JobFolder.copy(catalog.root(), job.told("copy")),
            catalog.reading(),
            place,
            catalog.reading(),
            name,
            running::at);
      }
      String profile = job.about().path("profile").toString();
      boolean deletionProtected = job.about().path("protected").booleanValue(false);
      try (Index index = Index.open(place, catalog.reading())) {
        index.configure(deletionProtected, before -> profile);
      }
      return JobRunner.ended("Completed");
    } catch (RuntimeException e) {
      if (running.isHeld()) {
        discard(place, e);
      }
      throw e;
    } finally {
      if (running.isUnwanted()) {
        catalog.leave(name);
      } else {
        catalog.arrived(name);
      }
    }
  }

  /** No client is going to ask for what is there of an index that is none. */
  private void discard(String place, RuntimeException cause) {
    try {
      boolean unused = Index.removeRemains(place, catalog.reading(), Duration.ZERO);
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /** Takes away what is left of an earlier index of this name. */
  private void clear(String place, Running running) {
    Duration rest = catalog.root().contains("://") ? REST : Duration.ZERO;
    running.requireHeld();
    try {
      while (!Index.removeRemains(place, catalog.reading(), rest)) {
        Thread.sleep(1_000);
        running.requireHeld();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.requireWanted();
    } catch (ConflictException e) {
      throw new ApiException(Status.ALREADY_EXISTS, e.getMessage());
    }
  }

  /** Jobs of backups, oldest first. */
  public List<Job> list() {
    return folder.list(Kind.RESTORE).stream().filter(job -> job.told("backup") != null).toList();
  }

  /** One of them. */
  public Optional<Job> find(String id) {
    return folder.find(Kind.RESTORE, id).filter(job -> job.told("backup") != null);
  }

  /** How far a job is, on each server; empty for one that ended, or that waits. */
  public OptionalDouble percent(Job job) {
    return runner
        .progress(job)
        .map(progress -> OptionalDouble.of(progress.percent()))
        .orElse(OptionalDouble.empty());
  }

  /** Indexes that other servers are making: clients are told of them here too. */
  public List<IndexView> elsewhere() {
    return folder.list(Kind.RESTORE).stream()
        .filter(job -> !job.ended() && runner.running(Kind.RESTORE, job.id()).isEmpty())
        .flatMap(job -> coming(job).stream())
        .toList();
  }

  /** Empty where its description is damaged: it does not hide the others. */
  private Optional<IndexView> coming(Job job) {
    Saved of = new Saved(job);
    boolean deletionProtected = job.about().path("protected").booleanValue(false);
    try {
      String name = new Members(job.about()).requiredText("target");
      return Optional.of(
          new ComingIndex(name, catalog.nextPort(), of.spec(), of.profile(), deletionProtected));
    } catch (ApiException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Goes on with what a server that is gone left, and forgets jobs of long ago. */
  public void resume() {
    folder.expire(Kind.RESTORE, JobFolder.KEPT);
    for (Job job : folder.list(Kind.RESTORE)) {
      if (!job.ended()) {
        boolean unused = runner.resume(Kind.RESTORE, job.id(), running -> again(job, running));
      }
    }
  }

  private ObjectNode again(Job job, Running running) {
    String name = new Members(job.about()).requiredText("target");
    if (!Index.exists(catalog.place(name), catalog.reading())) {
      Saved of = new Saved(job);
      boolean deletionProtected = job.about().path("protected").booleanValue(false);
      ComingIndex unused =
          catalog.reserve(name, of.spec(), of.profile(), deletionProtected, job.id(), true);
    }
    return restore(job, running);
  }
}
