package io.slab.writer;

import io.slab.manifest.DeletionVector;
import io.slab.manifest.NamespaceNames;
import io.slab.manifest.SlabDeletes;
import io.slab.model.Ulid;
import io.slab.namespace.NamespaceHandle;
import java.util.function.Consumer;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/**
 * Puts the dead rows of a slab where a manifest can name them: into the manifest, or into a file
 * when there are many.
 */
public final class DeletesWriter {
  private DeletesWriter() {}

  /**
   * @param slab whose rows are dead
   * @param manifest the manifest that will name them
   * @param commit of that manifest, or of the attempt to commit it; keeps racing ones apart
   * @param files told the full name of each file, before it is written
   */
  public static SlabDeletes write(
      NamespaceHandle namespace,
      Ulid slab,
      long manifest,
      Ulid commit,
      ImmutableRoaringBitmap dead,
      Consumer<String> files) {
    long cardinality = dead.getLongCardinality();
    byte[] bitmap = DeletionVector.encode(dead);
    if (bitmap.length <= DeletionVector.MAX_INLINE_BYTES) {
      return new SlabDeletes(cardinality, bitmap, null);
    }
    String file = NamespaceNames.deletesFile(slab, manifest, commit);
    String name = namespace.names().deletesFolder() + file;
    byte[] content = DeletionVector.encodeFile(slab, manifest, cardinality, bitmap);
    files.accept(name);
    // The name holds the commit: "exists" can only mean an earlier answer of ours was lost.
    namespace.store().retry().run(() -> namespace.store().create(name, content));
    return new SlabDeletes(cardinality, null, file);
  }
}
