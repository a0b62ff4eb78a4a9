package io.slab.repair;

import io.slab.error.ConflictException;
import io.slab.error.DataException;
import io.slab.error.MissingException;
import io.slab.error.NotFoundException;
import io.slab.error.UnsupportedException;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.manifest.IndexJson;
import io.slab.manifest.NamespaceNames;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.TextIndex;
import io.slab.model.Utf8;
import io.slab.repair.RepairStep.Remedy;
import io.slab.store.ByteSource;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Makes a lost or damaged {@code index.json} anew from what the slabs say: dimension, metric and
 * vector type, and which fields have columns. Its name and its id are new. One thread only.
 */
public final class IndexJsonRepair {
  private static final long MAX_BYTES = IndexJson.MAX_BYTES;
  private static final long STEP = 1 << 20;

  private final ObjectStore store;
  private RepairStep step;
  private IndexSpec spec;
  private boolean isThere;
  private final TreeSet<String> indexed = new TreeSet<>(Utf8.ORDER);
  private final TreeSet<String> others = new TreeSet<>(Utf8.ORDER);

  /** Looks at the file. */
  public IndexJsonRepair(ObjectStore store) {
    this.store = store;
    try {
      byte[] content = store.retry().run(() -> store.read(IndexJson.NAME, MAX_BYTES));
      isThere = true;
      spec = IndexJson.decode(IndexJson.NAME, content);
    } catch (UnsupportedException e) {
      throw e;
    } catch (MissingException e) {
      step = new RepairStep(IndexJson.NAME, null, -1, "missing", Remedy.RECOVER);
    } catch (DataException e) {
      // Also one that is too large to be read.
      isThere = true;
      step = NamespaceRepair.step(IndexJson.NAME, e, Remedy.RECOVER);
    }
  }

  /** What is wrong with it, or null. */
  public RepairStep step() {
    return step;
  }

  /** Names of the namespaces that have a folder. */
  public static List<String> namespaces(ObjectStore store) {
    List<String> names = new ArrayList<>();
    for (String folder : store.retry().run(() -> store.listFolders(NamespaceNames.ROOT))) {
      String name = NamespaceNames.decode(folder);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  /**
   * What the index is: by the file, or by its slabs.
   *
   * @param name of an index whose file is lost
   * @throws NotFoundException when nothing of an index is there
   * @throws ConflictException when no slab can be read, or when two contradict each other
   */
  public IndexSpec spec(String name, Environment environment) {
    if (spec != null) {
      return spec;
    }
    SlabManifest first = null;
    for (String namespace : namespaces(store)) {
      for (ObjectInfo file : store.list(new NamespaceNames(namespace).slabFolder(), null)) {
        try (SlabReader slab = SlabReader.open(store.openUnmapped(file.name(), file.size()))) {
          SlabManifest said = slab.manifest();
          first = first == null ? said : first;
          requireAlike(first, said);
          fields(slab);
        } catch (DataException e) {
          continue; // The repair of its namespace tells.
        }
      }
    }
    if (first == null && !isThere && namespaces(store).isEmpty()) {
      throw new NotFoundException(
          "there is no index at " + store.describe() + ", nor what is left of one",
          "name the folder or prefix of the index");
    }
    if (first == null) {
      throw new ConflictException(
          "index.json is gone, and no slab can be read that says what the index is",
          "bring index.json back from a backup");
    }
    if (first.textIndex() != null && !isIndexed(first.textIndex())) {
      others.remove(first.textIndex().field());
    }
    // Without a schema the text field has no column: one that has says that there is a schema.
    boolean all = others.isEmpty() && !isIndexed(first.textIndex());
    List<String> schema = all ? null : List.copyOf(indexed);
    spec =
        new IndexSpec(
            name,
            first.dimension(),
            first.metric(),
            first.vectorType(),
            schema,
            first.textIndex(),
            environment.now());
    return spec;
  }

  private boolean isIndexed(TextIndex text) {
    return text != null && indexed.contains(text.field());
  }

  private static void requireAlike(SlabManifest one, SlabManifest other) {
    if (one.dimension() != other.dimension()
        || one.metric() != other.metric()
        || one.vectorType() != other.vectorType()
        || !Objects.equals(one.textIndex(), other.textIndex())) {
      throw new ConflictException(
          "index.json is gone, and slab "
              + one.id()
              + " is of another index than slab "
              + other.id(),
          "keep the slabs of one index alone in the folder");
    }
  }

  /** Fields with columns are indexed, those with values and no column are not. */
  private void fields(SlabReader slab) {
    slab.manifest().columns().forEach(column -> indexed.add(column.field()));
    for (String field : slab.fieldNames()) {
      boolean known = others.contains(field) || indexed.contains(field);
      for (int row = 0; !known && row < slab.rows(); row++) {
        MetaValue value = slab.metadata(row).get(field);
        if (value != null && MetaValue.counts(value)) {
          others.add(field);
          known = true;
        }
      }
    }
  }

  /** Copies the damaged file piece by piece: its size is one of the things that may be wrong. */
  private void keep(String name) {
    try (ByteSource source = store.openUnmapped(IndexJson.NAME, -1);
        ObjectUpload copy = store.upload(name)) {
      for (long at = 0; at < source.length(); at += STEP) {
        copy.write(source.read(at, Math.min(STEP, source.length() - at)));
      }
      copy.commit();
    }
  }

  /** Writes the new file; the damaged one stays under another name. */
  public void apply(Environment environment) {
    if (step == null) {
      return;
    }
    if (isThere) {
      keep(IndexJson.NAME + ".damaged-" + environment.newId());
      store.delete(IndexJson.NAME);
    }
    if (!store.create(IndexJson.NAME, IndexJson.encode(spec, environment.newId()))) {
      throw new ConflictException("another process made index.json", "run it again");
    }
  }
}
