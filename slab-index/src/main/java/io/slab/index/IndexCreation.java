package io.slab.index;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.OnFailure;
import io.slab.error.OutcomeUnknownException;
import io.slab.error.StoreException;
import io.slab.manifest.Attempt;
import io.slab.manifest.IndexJson;
import io.slab.manifest.IndexListing;
import io.slab.manifest.ManifestLog;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.Settings.State;
import io.slab.manifest.SettingsLog;
import io.slab.model.Environment;
import io.slab.model.IndexRules;
import io.slab.model.IndexSpec;
import io.slab.store.ObjectStore;
import io.slab.store.Retry;
import io.slab.text.TextAnalyzers;
import java.util.Arrays;

/** Makes an index on a store that holds none, and none that was not dropped completely. */
final class IndexCreation {
  private final ObjectStore store;
  private final Retry retry;
  private final Environment environment;

  IndexCreation(ObjectStore store, Retry retry, Environment environment) {
    this.store = store;
    this.retry = retry;
    this.environment = environment;
  }

  /**
   * Creates {@code index.json}.
   *
   * @return what it holds
   * @throws ConflictException when there is an index already, or what is left of one
   * @throws io.slab.error.InvalidInputException for a name or a schema that no index can have
   */
  byte[] create(IndexSpec spec) {
    IndexRules.require(spec);
    if (spec.textIndex() != null) {
      TextAnalyzers.requireLanguage(spec.textIndex());
    }
    byte[] content = IndexJson.encode(spec, environment.newId());
    refuseRemains();
    Attempt attempt = Attempt.create(store, IndexJson.NAME, content, retry);
    // "Exists" may be the echo of an attempt whose answer was lost; then the content is ours.
    if (!attempt.created() && !Arrays.equals(content, lookUp(attempt))) {
      throw new ConflictException(
          "there is an index at " + store.describe() + " already",
          "choose another place, or drop that index first");
    }
    return content;
  }

  /**
   * Protects a new index against deletion. The settings of a new index come after it: until {@code
   * index.json} is there, an index of another process may come first, whose settings these would
   * be.
   */
  static void protect(SlabIndex index) {
    String what = "the index is created, but ";
    String hint =
        "the index can be used; `slab configure --deletion-protection enabled` protects it, and so"
            + " does the same create with --if-not-exists";
    try {
      OnFailure.close(
          index,
          () -> {
            index.setDeletionProtection(true);
            return null;
          });
    } catch (StoreException e) {
      throw new StoreException(
          e.kind(),
          e.effect(),
          what + "its deletion protection could not be enabled: " + e.getMessage(),
          hint,
          e);
    } catch (OutcomeUnknownException e) {
      throw new OutcomeUnknownException(
          what + "it is not known whether it is protected against deletion: " + e.getMessage(),
          hint,
          e);
    }
  }

  private byte[] lookUp(Attempt attempt) {
    byte[] found = null;
    try {
      if (attempt.exists() || isListed()) {
        found = retry.run(() -> store.read(IndexJson.NAME, IndexJson.MAX_BYTES));
      }
    } catch (MissingException e) {
      throw attempt.nothingThere();
    } catch (StoreException e) {
      throw attempt.unknown(e);
    }
    if (found == null) {
      throw attempt.nothingThere();
    }
    return found;
  }

  /**
   * Old records must not come back to life in a new index, as those of a drop that was cut short.
   * Where an index was removed its settings end here.
   */
  private void refuseRemains() {
    SettingsLog settings = new SettingsLog(store, retry);
    State state = settings.newest().state();
    if (isListed()) {
      if (state != State.LIVE) {
        throw new ConflictException(
            "an index that was dropped is still at " + store.describe(),
            OpenedIndex.goneHint(store, state));
      }
      return;
    }
    boolean remains = false;
    for (String folder : IndexListing.remains(store, retry)) {
      String name = NamespaceNames.decode(folder);
      NamespaceManifest newest =
          name == null ? null : new ManifestLog(store, new NamespaceNames(name), retry).newest();
      remains |= newest != null && !newest.deleted();
    }
    if (remains) {
      throw new ConflictException(
          "the remains of an index that was not dropped completely are at " + store.describe(),
          "choose another place, or delete its folder 'ns' when no process writes there any more");
    }
    settings.begin(environment);
  }

  private boolean isListed() {
    return retry.run(() -> store.list("", null)).stream()
        .anyMatch(object -> object.name().equals(IndexJson.NAME));
  }
}
