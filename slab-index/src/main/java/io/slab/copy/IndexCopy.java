package io.slab.copy;

import io.slab.error.ConflictException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.ShellWord;
import io.slab.manifest.IndexJson;
import io.slab.manifest.IndexListing;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.Settings;
import io.slab.manifest.SettingsLog;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.store.ObjectStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Copies an index, or one of its namespaces, from one store to another. Where there is nothing
 * {@code index.json} comes last: an interrupted copy is no index yet. Where an earlier copy is, it
 * is brought up to date. The copy overwrites nothing: when what is there is not an earlier state of
 * the source, nothing is copied. One thread calls.
 */
public final class IndexCopy {
  private static final int MAX_SETTINGS = 1 << 20;

  private final ObjectStore from;
  private final ObjectStore to;

  /** The name of a new index, or null for a copy that is the same index. */
  private final String newName;

  public IndexCopy(ObjectStore from, ObjectStore to) {
    this(from, to, null);
  }

  /**
   * @param newName makes of the copy an index of its own, with this name and another id; then there
   *     must be none at the destination
   */
  public IndexCopy(ObjectStore from, ObjectStore to, String newName) {
    this.from = from;
    this.to = to;
    this.newName = newName;
  }

  /**
   * Copies.
   *
   * @throws NotFoundException when there is no such index or namespace
   * @throws ConflictException when something else is at the destination
   * @throws io.slab.error.CorruptException when an object of the source is damaged; what depends on
   *     it is not copied
   */
  public CopyResult run(CopyRequest request, CopyProgress progress) {
    byte[] index = read(from);
    if (index == null) {
      throw new NotFoundException("there is no index at " + from.describe(), null);
    }
    IndexSpec spec = IndexJson.decode(IndexJson.NAME, index);
    requireLive(from);
    byte[] there = read(to);
    if (newName != null) {
      if (there != null) {
        throw new ConflictException(
            "there is an index at " + to.describe() + " already", "choose another place");
      }
      index = renamed(spec);
    }
    if (there != null) {
      requireLive(to);
      requireFit(index, there, request.namespace() != null);
    }
    List<CopyResult.Namespace> done = copyNamespaces(request, progress);
    requireFound(request, done);
    if (!request.dryRun()) {
      // It may have been dropped meanwhile.
      requireLive(from);
      finish(request, index, there == null);
    }
    return new CopyResult(done);
  }

  private List<CopyResult.Namespace> copyNamespaces(CopyRequest request, CopyProgress progress) {
    List<CopyResult.Namespace> done = new ArrayList<>();
    List<String> names = namespaces(request);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      progress.namespaces(i, names.size());
      CopyResult.Namespace copied = new NamespaceCopy(from, to, name, request, progress).run();
      if (copied != null) {
        done.add(copied);
      }
    }
    progress.namespaces(names.size(), names.size());
    return done;
  }

  private void requireFound(CopyRequest request, List<CopyResult.Namespace> done) {
    if (request.checkpoint() != null && done.isEmpty()) {
      throw new NotFoundException(
          "no namespace at " + from.describe() + " has a checkpoint '" + request.checkpoint() + "'",
          "see `slab checkpoint list " + ShellWord.of(from.describe()) + "`");
    }
    if (request.namespace() != null && done.isEmpty()) {
      throw new NotFoundException(
          "there is no namespace '" + request.namespace() + "' at " + from.describe(),
          "see `slab namespace list`");
    }
  }

  private byte[] renamed(IndexSpec spec) {
    Environment environment = Environment.system();
    IndexSpec next =
        new IndexSpec(
            newName,
            spec.dimension(),
            spec.metric(),
            spec.vectorType(),
            spec.schema(),
            spec.textIndex(),
            environment.now());
    return IndexJson.encode(next, environment.newId());
  }

  private void finish(CopyRequest request, byte[] index, boolean create) {
    ObjectCopy objects = new ObjectCopy(from, to, true);
    if (request.namespace() == null) {
      // Not the last name of a listing: other names in the folder are none of the index's.
      long settings = new SettingsLog(from, from.retry()).newest().id();
      if (settings > 0) {
        if (!create) {
          fillGap(settings);
        }
        objects.small(SettingsLog.name(settings), MAX_SETTINGS, bytes -> {});
      }
    }
    if (create) {
      objects.small(IndexJson.NAME, index);
    }
  }

  /** No number of settings at the destination is passed over: those before come first. */
  private void fillGap(long number) {
    SettingsLog there = new SettingsLog(to, to.retry());
    while (number > there.newest().id() + 1) {
      there.repeat(Environment.system());
    }
  }

  private static void requireLive(ObjectStore store) {
    if (new SettingsLog(store, store.retry()).newest().state() != Settings.State.LIVE) {
      throw new NotFoundException(
          "the index at " + store.describe() + " was dropped",
          "`slab drop "
              + ShellWord.of(store.describe())
              + " --undo` brings it back, if it is not too late");
    }
  }

  private static byte[] read(ObjectStore store) {
    try {
      return store.retry().run(() -> store.read(IndexJson.NAME, IndexJson.MAX_BYTES));
    } catch (MissingException e) {
      return null;
    }
  }

  private void requireFit(byte[] index, byte[] there, boolean namespaceOnly) {
    if (Arrays.equals(index, there)) {
      return;
    }
    IndexSpec own = IndexJson.decode(IndexJson.NAME, index);
    IndexSpec other = IndexJson.decode(IndexJson.NAME, there);
    boolean fits =
        own.dimension() == other.dimension()
            && own.metric() == other.metric()
            && own.vectorType() == other.vectorType()
            && Objects.equals(own.schema(), other.schema())
            && Objects.equals(own.textIndex(), other.textIndex());
    if (!namespaceOnly || !fits) {
      throw new ConflictException(
          "there is another index at " + to.describe() + ": " + other.name(),
          fits
              ? "choose another place, or copy single namespaces into it with --namespace"
              : "choose another place; it has another dimension, metric, vector type, schema or text index");
    }
  }

  private List<String> namespaces(CopyRequest request) {
    if (request.empty()) {
      return List.of();
    }
    if (request.namespace() != null) {
      return List.of(request.namespace());
    }
    return IndexListing.namespaces(from, from.retry()).stream()
        .map(NamespaceNames::decode)
        .filter(Objects::nonNull)
        .toList();
  }
}
