package io.slab.serve.backup;

import io.slab.Index;
import io.slab.NamespaceStats;
import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.catalog.ServedIndex;
import io.slab.serve.jobs.Job;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.JobRunner;
import io.slab.serve.jobs.Kind;
import io.slab.serve.jobs.Running;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * Backups and collections. Each is a copy of what a checkpoint has, which is made before the
 * request is answered: every write that was acknowledged by then is in it. Thread-safe; calls
 * block.
 */
public final class Backups {
  /** How long the checkpoint of a copy that is not ended is kept. */
  private static final Duration CHECKPOINT = Duration.ofDays(7);

  /**
   * How long the parts of a copy that is not wanted stay: it may be that of a job that just began.
   */
  private static final Duration UNWANTED = Duration.ofHours(1);

  private final Catalog catalog;
  private final JobFolder folder;
  private final JobRunner runner;

  public Backups(Catalog catalog, JobFolder folder, JobRunner runner) {
    this.catalog = catalog;
    this.folder = folder;
    this.runner = runner;
  }

  /**
   * Begins a backup or a collection.
   *
   * @param id a new one, or the name of a collection
   * @param more what the user says of it
   * @throws ApiException where there is a collection of that name
   */
  public Saved begin(Kind kind, String id, ServedIndex source, ObjectNode more) {
    runner.requireRoom();
    if (kind == Kind.COLLECTION && folder.find(kind, id).isPresent()) {
      throw exists(id);
    }
    String copy = UUID.randomUUID().toString();
    int namespaces = source.checkpoint(checkpoint(copy), CHECKPOINT);
    ObjectNode about = Saved.about(source, copy, namespaces);
    about.put("created_at", JobFolder.now());
    about.setAll(more);
    if (!folder.begin(kind, id, about)) {
      release(source, copy);
      throw exists(id);
    }
    Saved begun = new Saved(new Job(kind, id, about, null));
    runner.start(kind, id, running -> copy(begun, namespaces, running));
    return begun;
  }

  private static ApiException exists(String name) {
    return new ApiException(Status.ALREADY_EXISTS, "Collection " + name + " already exists");
  }

  private static String checkpoint(String copy) {
    return "backup-" + copy;
  }

  private static void release(ServedIndex source, String copy) {
    try {
      source.releaseCheckpoint(checkpoint(copy));
    } catch (SlabException e) {
      return; // It ends by itself.
    }
  }

  private String place(String copy) {
    return JobFolder.copy(catalog.root(), copy);
  }

  private ObjectNode copy(Saved saved, int namespaces, Running running) {
    String from = catalog.place(saved.source());
    String to = place(saved.copy());
    try {
      if (Index.exists(to, catalog.reading())) {
        return counted(to, namespaces); // It was whole when its server died.
      }
      if (namespaces == 0) {
        Index.copyEmpty(from, catalog.reading(), to, catalog.reading());
      } else {
        Index.copyCheckpoint(
            from, catalog.reading(), to, catalog.reading(), checkpoint(saved.copy()), running::at);
      }
      return counted(to, namespaces);
    } finally {
      catalog.find(saved.source()).ifPresent(source -> release(source, saved.copy(), running));
    }
  }

  /** The server that goes on with the job needs the checkpoint. */
  private static void release(ServedIndex source, String copy, Running running) {
    try {
      if (running.isHeld()) {
        release(source, copy);
      }
    } catch (SlabException e) {
      return; // It ends by itself.
    }
  }

  /** What a copy holds; it is read once more before the job says that it is done. */
  private ObjectNode counted(String place, int namespaces) {
    try (Index copy = Index.open(place, catalog.reading())) {
      List<String> names = copy.namespaces();
      if (names.size() < namespaces) {
        throw new StoreException(
            StoreException.Kind.FAILED,
            "only " + names.size() + " of " + namespaces + " namespaces still had the checkpoint",
            "make another backup",
            null);
      }
      long records = 0;
      long bytes = 0;
      for (String name : names) {
        NamespaceStats stats = copy.namespace(name).stats();
        records += stats.records();
        bytes += stats.bytes();
      }
      return JobRunner.ended(Saved.READY)
          .put("record_count", records)
          .put("namespace_count", names.size())
          .put("size_bytes", bytes);
    }
  }

  /** All of a kind, oldest first, without those whose description is damaged. */
  public List<Saved> list(Kind kind) {
    return folder.list(kind).stream().map(Saved::new).filter(saved -> !saved.isDamaged()).toList();
  }

  /** One of them. */
  public Optional<Saved> find(Kind kind, String id) {
    return folder.find(kind, id).map(Saved::new);
  }

  /**
   * Refuses to delete an index while a copy of it is being made.
   *
   * @throws ApiException then
   */
  public void requireUnused(ServedIndex index) {
    for (Kind kind : List.of(Kind.BACKUP, Kind.COLLECTION)) {
      for (Saved saved : list(kind)) {
        if (!saved.job().ended() && saved.isOf(index)) {
          throw new ApiException(
              Status.FAILED_PRECONDITION,
              "a backup or collection of the index "
                  + index.name()
                  + " is being made: wait until it is Ready, or delete it");
        }
      }
    }
  }

  /**
   * Deletes one, with its copy.
   *
   * @throws ApiException where there is none, or an index is being made of it
   */
  public void delete(Kind kind, String id) {
    Saved saved =
        find(kind, id).orElseThrow(() -> ApiException.notFound("Resource " + id + " not found"));
    boolean restoring =
        folder.list(Kind.RESTORE).stream()
            .anyMatch(job -> !job.ended() && saved.copy().equals(job.told("copy")));
    if (restoring) {
      throw new ApiException(
          Status.FAILED_PRECONDITION,
          "an index is being made of " + id + ": wait for the end of the restore job");
    }
    if (!saved.job().ended()) {
      // When another server lets go is not known here.
      if (runner.running(kind, id).isEmpty()) {
        throw new ApiException(
            Status.FAILED_PRECONDITION,
            id + " is being made by another server: wait until it is Ready or Failed");
      }
      runner.cancel(kind, id);
      runner.await(kind, id);
    }
    folder.remove(kind, id);
    if (!saved.job().ended()) {
      // A job that is told to end keeps the checkpoint for the server that goes on with it: here
      // there is none.
      catalog
          .find(saved.source())
          .filter(saved::isOf)
          .ifPresent(source -> release(source, saved.copy()));
    }
    remove(saved.copy());
  }

  private void remove(String copy) {
    String place = place(copy);
    try (Index index = Index.open(place, catalog.reading())) {
      index.setDeletionProtection(false);
      index.remove();
    } catch (NotFoundException e) {
      // It is half there, or half gone.
    }
    boolean unused = Index.removeRemains(place, catalog.reading(), Duration.ZERO);
  }

  /** Goes on with what a server that is gone left, and deletes copies that are not wanted. */
  public void resume() {
    Set<String> wanted = new HashSet<>();
    boolean known = true;
    List<String> copies = folder.copies();
    for (Kind kind : List.of(Kind.BACKUP, Kind.COLLECTION)) {
      for (Job job : folder.list(kind)) {
        Saved saved = new Saved(job);
        wanted.add(saved.copy());
        known &= !saved.isDamaged();
        if (!job.ended() && !saved.isDamaged()) {
          int namespaces = saved.job().about().path("namespaces").intValue(0);
          boolean unused =
              runner.resume(kind, saved.id(), running -> copy(saved, namespaces, running));
        }
      }
    }
    if (!known) {
      System.err.println(
          "slab serve: the description of a backup is damaged: no copy is deleted, for it may be"
              + " of that one");
      return;
    }
    for (String copy : copies) {
      if (!wanted.contains(copy)) {
        discard(copy);
      }
    }
  }

  private void discard(String copy) {
    try {
      boolean unused = Index.removeRemains(place(copy), catalog.reading(), UNWANTED);
    } catch (ConflictException e) {
      remove(copy); // A whole one whose backup was deleted: the deletion was cut short.
    }
  }
}
