package io.slab.cli.command;

import io.slab.cli.output.Column;
import io.slab.cli.output.Doc;
import io.slab.cli.output.Listing;
import io.slab.cli.verb.Session;
import io.slab.error.DataException;
import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.index.SlabIndex;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceManifest.Checkpoint;
import io.slab.manifest.SlabEntry;
import io.slab.namespace.AsOf;
import io.slab.namespace.Moment;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Checkpoints as rows. */
final class CheckpointDocs {
  static final Listing LISTING =
      new Listing(
          "checkpoints",
          "checkpoint",
          List.of(
              Column.text("namespace"),
              Column.text("name"),
              Column.text("manifest"),
              Column.text("created"),
              Column.text("expires"),
              Column.number("records"),
              Column.number("bytes")));

  private CheckpointDocs() {}

  /** Prints checkpoints with what their manifests say. */
  static void print(Session session, SlabIndex index, Map<String, List<Checkpoint>> all) {
    session.output().begin(LISTING);
    all.forEach((namespace, checkpoints) ->
        checkpoints.forEach(
            checkpoint -> session.output().row(row(session, index, namespace, checkpoint))));
  }

  private static Doc row(
      Session session, SlabIndex index, String namespace, Checkpoint checkpoint) {
    Moment moment;
    try {
      moment = index.past(namespace).find(AsOf.manifest(checkpoint.manifest()));
    } catch (DataException | NotFoundException e) {
      return lost(session, head(namespace, checkpoint), checkpoint, e);
    }
    NamespaceManifest manifest = moment.manifest();
    return head(namespace, checkpoint)
        .put("lsn", Long.toString(moment.lsn()))
        .put("created", time(manifest.timeMillis()))
        .put("expires", expires(checkpoint))
        .put("records", manifest.slabs().stream().mapToLong(SlabEntry::liveRows).sum())
        .put("slabs", manifest.slabs().size())
        .put("bytes", manifest.slabs().stream().mapToLong(SlabEntry::bytes).sum())
        .put("problem", null);
  }

  /** One that cannot be read is no reason to hide the others. */
  private static Doc lost(Session session, Doc head, Checkpoint checkpoint, SlabException e) {
    session.say(
        "the state of the checkpoint '"
            + checkpoint.name()
            + "' cannot be read: "
            + e.getMessage()
            + "; see `slab verify`");
    return head.put("lsn", null)
        .put("created", null)
        .put("expires", expires(checkpoint))
        .put("records", null)
        .put("slabs", null)
        .put("bytes", null)
        .put("problem", e.getMessage());
  }

  private static Doc head(String namespace, Checkpoint checkpoint) {
    return new Doc()
        .put("namespace", namespace)
        .put("name", checkpoint.name())
        .put("manifest", Long.toString(checkpoint.manifest()));
  }

  /** Null where it does not expire. */
  static String expires(Checkpoint checkpoint) {
    return checkpoint.expiresMillis() == 0 ? null : time(checkpoint.expiresMillis());
  }

  static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
