package io.slab.check;

import io.slab.ann.AnnIndex;
import io.slab.error.SlabException;
import io.slab.format.SlabManifest;
import io.slab.format.SlabReader;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.store.ByteSource;
import io.slab.store.KeptBytes;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Opens a slab by the very code that a query opens it with, so that a slab that no query can read
 * is never called good. Then compares what the slab says about itself with the manifest that names
 * it and the index that it lies in.
 */
final class SlabOpening {
  private static final String SECTION = "MANIFEST";

  private final String name;
  private final SlabReader slab;
  private final SlabManifest manifest;
  private final Findings findings;

  private SlabOpening(String name, SlabReader slab, Findings findings) {
    this.name = name;
    this.slab = slab;
    this.manifest = slab.manifest();
    this.findings = findings;
  }

  /**
   * Notes why a slab cannot be opened, or what it contradicts.
   *
   * @param entry what the manifest of a namespace says about the slab, or null
   * @param spec the index that it lies in, or null
   */
  static void check(ByteSource source, ExpectedSlab entry, IndexSpec spec, Findings findings) {
    try {
      long hotOffset = entry == null ? -1 : entry.hotOffset();
      SlabReader slab = SlabReader.open(new Borrowed(source), hotOffset, spec);
      SlabOpening opening = new SlabOpening(source.name(), slab, findings);
      AnnIndex.of(slab);
      if (entry != null) {
        opening.compare(entry);
      }
      if (spec != null) {
        opening.schema(spec);
      }
    } catch (SlabException e) {
      findings.failure(source.name(), null, e);
    }
  }

  private void compare(ExpectedSlab entry) {
    expect("level", manifest.level(), entry.level());
    expect("lsnMin", manifest.lsnMin(), entry.lsnMin());
    expect("lsnMax", manifest.lsnMax(), entry.lsnMax());
    expect("lsnAsOf", manifest.lsnAsOf(), entry.lsnAsOf());
    expect("tombstones", slab.tombstones().count(), entry.tombstones());
    expect("ledger", manifest.ledger(), entry.ledger());
    expect("algorithm", manifest.algorithm(), entry.algorithm());
    expect("vintage", manifest.vintage(), entry.vintage());
  }

  private void expect(String member, Object found, Object expected) {
    if (!found.equals(expected)) {
      error(member + " " + found + ", the namespace's manifest says " + expected);
    }
  }

  /** Every field that the schema indexes has columns, and no other one. */
  private void schema(IndexSpec spec) {
    Set<String> columns =
        manifest.columns().stream()
            .map(SlabManifest.Column::field)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String field : manifest.fields()) {
      if (spec.indexes(field) != columns.contains(field)
          && (columns.contains(field) || counts(field))) {
        error(
            columns.contains(field)
                ? "a column of " + field + ", which the schema of the index leaves out"
                : "no column of " + field + ", which the schema of the index indexes");
      }
    }
  }

  /** True when a row has a value in the field that a column would hold. */
  private boolean counts(String field) {
    for (int row = 0; row < slab.rows(); row++) {
      MetaValue value = slab.metadata(row).get(field);
      if (value != null && MetaValue.counts(value)) {
        return true;
      }
    }
    return false;
  }

  private void error(String problem) {
    findings.error(name, SECTION, -1, problem);
  }

  /** A source that the caller opened and will close. */
  private record Borrowed(ByteSource source) implements ByteSource {
    @Override
    public String name() {
      return source.name();
    }

    @Override
    public long length() {
      return source.length();
    }

    @Override
    public boolean mapped() {
      return source.mapped();
    }

    @Override
    public MemorySegment read(long offset, long length) {
      return source.read(offset, length);
    }

    @Override
    public KeptBytes kept() {
      return source.kept();
    }

    @Override
    public void close() {}
  }
}
