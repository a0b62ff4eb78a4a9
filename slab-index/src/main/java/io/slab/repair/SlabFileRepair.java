package io.slab.repair;

import io.slab.check.Problem;
import io.slab.error.CancellationToken;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.format.SlabInput;
import io.slab.format.SlabManifest;
import io.slab.format.SlabRequest;
import io.slab.format.SlabRequest.Tombstone;
import io.slab.format.SlabTombstones;
import io.slab.model.Environment;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Ulid;
import io.slab.salvage.ReadableDeletes;
import io.slab.salvage.SlabSalvage;
import io.slab.snapshot.FormatSlabs;
import io.slab.store.ByteSource;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Saves what can be read of a single slab file, without the index around it, into a new file. Which
 * rows are dead is not known here: all count. One thread only; close it when done.
 */
public final class SlabFileRepair implements AutoCloseable {
  private static final MutableRoaringBitmap NONE = new MutableRoaringBitmap();

  private final SlabSalvage salvage;
  private final Losses losses = new Losses();
  private final List<RepairStep> steps = new ArrayList<>();

  /**
   * Looks at every byte.
   *
   * @param opener opens the file, each time anew
   * @param cancellation asked for each row
   */
  public SlabFileRepair(Supplier<ByteSource> opener, CancellationToken cancellation) {
    salvage = SlabSalvage.of(opener, null, null, cancellation);
    String name = salvage.name();
    SlabPatient patient = new SlabPatient(name, Ulid.ZERO, null, salvage, NONE);
    for (Problem problem : salvage.problems()) {
      steps.add(
          new RepairStep(
              name, problem.section(), problem.offset(), problem.problem(), patient.remedy()));
    }
    patient.lost(losses);
  }

  /** What is lost. */
  public RepairReport report() {
    long rows = Math.max(0, salvage.rows());
    List<String> notes =
        salvage.deletes().complete()
            ? List.of()
            : List.of("deletes that the slab carries cannot be read");
    return new RepairReport(
        "",
        steps,
        losses.all(),
        losses.records(),
        rows - losses.records(),
        List.of(),
        notes,
        false,
        -1,
        List.of(),
        List.of());
  }

  /** What the slab says of its index; its name is not known. */
  public IndexSpec spec() {
    SlabManifest said = salvage.manifest();
    if (said == null) {
      throw new CorruptException(
          salvage.name(), -1, "no manifest that can be read", "one: without it no row has a shape");
    }
    List<String> indexed = said.columns().stream().map(c -> c.field()).distinct().toList();
    String text = said.textIndex() == null ? null : said.textIndex().field();
    // Without a schema the text field has no column: one that has says that there is a schema.
    boolean all =
        !(text != null && indexed.contains(text))
            && said.fields().stream()
                .allMatch(f -> indexed.contains(f) || f.equals(text) || !counts(f));
    return new IndexSpec(
        "slab",
        said.dimension(),
        said.metric(),
        said.vectorType(),
        all ? null : indexed,
        said.textIndex(),
        0);
  }

  /** True when a readable row has a value in a field that a column would hold. */
  private boolean counts(String field) {
    for (int row = 0; row < salvage.rows(); row++) {
      MetaValue value =
          salvage.unreadable().contains(row) ? null : salvage.slab().metadata(row).get(field);
      if (value != null && MetaValue.counts(value)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes the readable rows and deletes as a new slab.
   *
   * @param name of the new object, which must not be there
   * @return its id
   * @throws ConflictException when no row can be read
   */
  public Ulid write(ObjectStore store, String name, Environment environment) {
    SlabManifest said = salvage.manifest();
    IndexSpec spec = spec();
    SlabInput rows = salvage.readable(NONE);
    if (rows.rows() == 0) {
      throw new ConflictException(
          "no row of " + salvage.name() + " can be read whole", "nothing was written");
    }
    Ulid id = environment.newId();
    ReadableDeletes deletes = salvage.deletes();
    List<Tombstone> ids = new ArrayList<>(deletes.tombstones().ids());
    salvage.lost(
        NONE,
        row -> {
          if (row.id() != null && row.lsn() >= 0) {
            ids.add(new Tombstone(row.id(), row.lsn()));
          }
        });
    SlabRequest request =
        new SlabRequest(
            id,
            environment.now(),
            spec,
            said.namespace(),
            said.level(),
            List.of(said.id()),
            SlabTombstones.sorted(ids, deletes.tombstones().ranges(), said.lsnAsOf()));
    try (ObjectUpload upload = store.upload(name)) {
      new FormatSlabs().write(upload, request, rows);
      upload.commit();
    }
    return id;
  }

  @Override
  public void close() {
    salvage.close();
  }
}
