package io.slab.serve.catalog;

import io.slab.Index;
import io.slab.error.ConflictException;
import io.slab.error.NotFoundException;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Place;
import io.slab.serve.api.Status;
import io.slab.serve.jobs.Job;
import io.slab.serve.jobs.JobFolder;
import io.slab.serve.jobs.Kind;
import io.slab.serve.json.Bodies;
import io.slab.serve.json.Members;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Names of indexes that are being made, or whose remains are being taken away: of all servers one
 * at a time (spec/serve.md, "Files"). Thread-safe.
 */
public final class NameClaims {
  /** Says of a claim that it is for taking away what stayed of a deleted index. */
  private static final String REMOVED = "removed";

  /** How often one looks whether such a claim has ended, which takes a moment. */
  private static final int LOOKS = 20;

  private static final long PAUSE_MILLIS = 100;

  private final CatalogOptions options;
  private final JobFolder folder;

  NameClaims(CatalogOptions options, JobFolder folder) {
    this.options = options;
    this.folder = folder;
  }

  private String place(String name) {
    return Index.child(options.root(), name);
  }

  static ApiException taken(String what) {
    return new ApiException(Status.ALREADY_EXISTS, "Resource " + what);
  }

  /**
   * Claims a name. A server may have died between the steps of making an index: then its claim is
   * settled.
   *
   * @throws ApiException where another one has it
   */
  void claim(String name, ObjectNode content) {
    for (int look = 0; !folder.claim(name, content); look++) {
      Optional<JobFolder.Claim> other = folder.claimed(name);
      boolean passing = other.map(claim -> claim.content().has(REMOVED)).orElse(true);
      if (look > 0 && !passing || look == LOOKS) {
        throw taken(name + " is being made by another request");
      }
      other.ifPresent(this::settle);
      if (passing) {
        Place.rest(PAUSE_MILLIS);
      }
    }
  }

  /** Settles what is left of indexes whose making was cut short. */
  public void settle() {
    folder.claims().forEach(this::settle);
  }

  private void settle(JobFolder.Claim claim) {
    if (claim.age().compareTo(options.claimAge()) < 0) {
      return;
    }
    if (claim.content().get("profile") instanceof ObjectNode profile) {
      finish(claim.index(), profile);
      folder.release(claim.index());
    } else if (folder
        .find(Kind.RESTORE, String.valueOf(new Members(claim.content()).text("job")))
        .map(Job::ended)
        .orElse(true)) {
      folder.release(claim.index());
    }
  }

  /** An index that is there, and says nothing of what it is, is told. */
  private void finish(String name, ObjectNode profile) {
    try (Index index = Index.open(place(name), options.reading())) {
      index.configure(null, before -> before == null ? profile.toString() : before);
      embed(index, IndexProfile.of(profile));
    } catch (NotFoundException e) {
      return; // It was never made.
    }
  }

  /** Where the API names a model, other programs are told too. */
  static void embed(Index index, IndexProfile profile) {
    if (profile.embedding() != null) {
      index.embed(before -> before == null ? profile.embedding() : before);
    }
  }

  /**
   * Takes away what stayed of indexes that were deleted: the ends of logs, and what a server that
   * did not know yet wrote.
   *
   * @param age nothing is taken where the newest of it is younger
   */
  public void sweep(Duration age) {
    for (String name : folder.removed()) {
      // While it is claimed no server makes another one in its place.
      if (folder.claim(name, Bodies.object().put(REMOVED, true))) {
        try {
          if (Index.removeRemains(place(name), options.reading(), age)) {
            folder.forgetRemoved(name);
          }
        } catch (ConflictException e) {
          folder.forgetRemoved(name); // Another one has its place.
        } finally {
          folder.release(name);
        }
      }
    }
  }
}
