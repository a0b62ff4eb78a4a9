package io.slab.check;

import io.slab.bytes.XxHash64;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.BloomReader;
import io.slab.format.section.IdTopReader;
import io.slab.format.section.RawVectorsReader;
import io.slab.format.section.RowLsnReader;
import io.slab.format.section.SparsePostingsReader;
import io.slab.format.section.SparseRowsReader;
import io.slab.format.section.StringBlocksReader;
import io.slab.inspect.SlabManifestView;
import io.slab.json.Json;
import io.slab.model.IndexSpec;
import io.slab.model.Limits;
import io.slab.model.Metric;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.text.TextTotals;
import java.lang.foreign.ValueLayout;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Checks that the parts of a slab agree with each other, once all its checksums were found right:
 * what a faulty writer could have got wrong. One problem for each section and kind of disagreement.
 */
final class ContentCheck {
  private static final int CACHED_BLOCKS = 4;

  private final SlabFile file;
  private final Findings findings;
  private final RuleFindings rules;
  private SlabManifestView manifest;

  /** As the manifest has it, for the rules of records; null when it is no possible one. */
  private IndexSpec spec;

  private int rows;

  private final LedgerCheck ledger = new LedgerCheck();

  /** True when every part of every row was read. */
  private boolean complete;

  private ContentCheck(SlabFile file, IntPredicate dead, Findings findings) {
    this.file = file;
    this.findings = findings;
    this.rules = new RuleFindings(dead);
  }

  /**
   * Runs all checks.
   *
   * @param entry what the manifest of a namespace says about the slab, or null
   * @param dead true for rows of which the rules of records are not asked
   * @return what is wrong with the ledger; null for nothing, or where more is wrong
   */
  static String check(SlabFile file, ExpectedSlab entry, IntPredicate dead, Findings findings) {
    ContentCheck check = new ContentCheck(file, dead, findings);
    check.run();
    if (entry != null && check.manifest != null) {
      check.compare(entry);
    }
    return check.complete ? check.ledger.problem(check.manifest.text("ledger")) : null;
  }

  private void compare(ExpectedSlab entry) {
    long min = manifest.number("lsnMin");
    long max = manifest.number("lsnMax");
    if (min != entry.lsnMin() || max != entry.lsnMax()) {
      error(
          SectionKind.MANIFEST,
          "LSNs "
              + min
              + " to "
              + max
              + ", the namespace's manifest says "
              + entry.lsnMin()
              + " to "
              + entry.lsnMax());
    }
  }

  private void run() {
    int before = findings.size();
    if (!part(SectionKind.MANIFEST, this::manifest)) {
      return;
    }
    boolean ids = part(SectionKind.ID_BLOCKS, this::ids);
    if (ids) {
      part(SectionKind.ID_TOP, () -> top(idReader()));
      part(SectionKind.ID_BLOOM, () -> bloom(idReader()));
    }
    part(SectionKind.ROW_LSN, this::sequenceNumbers);
    if (findings.size() == before) {
      ledger.ids(idReader(), new RowLsnReader(file.require(SectionKind.ROW_LSN), rows));
    }
    // What is wrong with the ids is no fault of the tombstones.
    TombstoneCheck tombstones = new TombstoneCheck(file, manifest, ids ? idReader() : null);
    part(SectionKind.TOMBSTONES, tombstones::ids);
    part(SectionKind.TOMBSTONE_LSN, tombstones::lsns);
    part(SectionKind.RANGE_TOMBSTONES, tombstones::ranges);
    part(SectionKind.RAW_VECTORS, this::vectors);
    part(SectionKind.SPARSE_ROWS, this::sparse);
    part(
        SectionKind.META_ROWS,
        () -> new MetadataCheck(file, manifest, rows, rules, ledger, findings).run());
    complete = findings.size() == before;
    if (complete || !ids) {
      rules.report(file.name(), ids ? idReader() : null, findings);
    }
  }

  private StringBlocksReader idReader() {
    return new StringBlocksReader(
        file.require(SectionKind.ID_BLOCKS), Limits.MAX_ID_BYTES, CACHED_BLOCKS);
  }

  /** Runs one part; what it throws becomes a problem of this part, and the others go on. */
  private boolean part(SectionKind kind, Runnable check) {
    int before = findings.size();
    try {
      check.run();
    } catch (SlabException e) {
      findings.failure(file.name(), kind.name(), e);
    }
    return findings.size() == before;
  }

  private void error(SectionKind kind, String problem) {
    Section section = file.find(kind);
    findings.error(
        file.name(), kind.name(), section == null ? -1 : section.entry().offset(), problem);
  }

  private void manifest() {
    Section section = file.require(SectionKind.MANIFEST);
    byte[] bytes = section.all().toArray(ValueLayout.JAVA_BYTE);
    manifest = new SlabManifestView(Json.parseStored(section.resource(), bytes));
    expect("format", manifest.text("format"), "slab");
    expect("id", manifest.text("id"), file.id().toString());
    long claimed = manifest.number("rows");
    long counted = file.require(SectionKind.ROW_LSN).entry().items();
    expect("rows", Long.toString(claimed), Long.toString(counted));
    rows = Math.toIntExact(Math.clamp(counted, 0, Integer.MAX_VALUE - 8));
    for (SectionKind kind :
        List.of(
            SectionKind.ID_BLOCKS,
            SectionKind.RAW_VECTORS,
            SectionKind.SPARSE_ROWS,
            SectionKind.META_ROWS)) {
      Section other = file.find(kind);
      if (other != null && other.entry().items() != counted) {
        error(kind, other.entry().items() + " items, ROW_LSN has " + counted + " rows");
      }
    }
    spec = spec();
    if (manifest.number("lsnMin") > manifest.number("lsnMax")) {
      error(SectionKind.MANIFEST, "lsnMin is greater than lsnMax");
    }
  }

  private IndexSpec spec() {
    try {
      return new IndexSpec(
          "slab",
          Math.toIntExact(manifest.number("dimension")),
          metric(),
          VectorType.ofLabel(manifest.text("vectorType")),
          null,
          manifest.textIndex(),
          0);
    } catch (IllegalArgumentException | ArithmeticException | SlabException e) {
      // What is wrong with it, a later check tells.
      return null;
    }
  }

  private void expect(String member, String found, String expected) {
    if (!expected.equals(found)) {
      error(SectionKind.MANIFEST, member + " is " + found + ", expected " + expected);
    }
  }

  private void ids() {
    StringBlocksReader ids = idReader();
    ids.verify();
    for (int row = 0; row < ids.items(); row++) {
      String problem = idProblem(ids.get(row));
      if (problem != null) {
        error(SectionKind.ID_BLOCKS, "the id of rank " + row + " " + problem);
        break;
      }
    }
    ids.positions();
  }

  static String idProblem(byte[] id) {
    if (id.length == 0) {
      return "is empty";
    }
    for (byte b : id) {
      if (b == 0) {
        return "holds a NUL";
      }
    }
    try {
      Utf8.decode(id, 0, id.length);
      return null;
    } catch (CharacterCodingException e) {
      return "is not UTF-8";
    }
  }

  private void top(StringBlocksReader ids) {
    IdTopReader top = new IdTopReader(file.require(SectionKind.ID_TOP), ids.blocks());
    for (int block = 0; block < ids.blocks(); block++) {
      if (Utf8.compareBytes(top.first(block), ids.block(block).get(0)) != 0) {
        error(SectionKind.ID_TOP, "block " + block + " begins with another id in ID_BLOCKS");
        return;
      }
    }
  }

  private void bloom(StringBlocksReader ids) {
    Section section = file.find(SectionKind.ID_BLOOM);
    if (section == null) {
      return;
    }
    BloomReader bloom = new BloomReader(section, ids.items());
    long lost = 0;
    for (int row = 0; row < ids.items(); row++) {
      lost += bloom.mayContain(XxHash64.hash(ids.get(row))) ? 0 : 1;
    }
    if (lost > 0) {
      error(SectionKind.ID_BLOOM, lost + " of " + ids.items() + " ids are not in the filter");
    }
  }

  private void sequenceNumbers() {
    RowLsnReader lsns = new RowLsnReader(file.require(SectionKind.ROW_LSN), rows);
    lsns.verifyPadding();
    long min = manifest.number("lsnMin");
    long max = manifest.number("lsnMax");
    long asOf = manifest.json().get("lsnAsOf") == null ? max : manifest.number("lsnAsOf");
    long outside = 0;
    long later = 0;
    long smallest = -1;
    for (int row = 0; row < rows; row++) {
      long lsn = lsns.lsn(row);
      outside += lsn < min || lsn > max ? 1 : 0;
      later += lsn > asOf ? 1 : 0;
      smallest = row == 0 || Long.compareUnsigned(lsn, smallest) < 0 ? lsn : smallest;
    }
    if (rows > 0 && smallest != lsns.base()) {
      error(
          SectionKind.ROW_LSN,
          "the base "
              + Long.toUnsignedString(lsns.base())
              + " is not the smallest LSN, "
              + Long.toUnsignedString(smallest));
    }
    if (outside > 0) {
      error(
          SectionKind.ROW_LSN,
          outside + " rows have LSNs outside of " + min + " to " + max + " (manifest)");
    } else if (later > 0) {
      error(SectionKind.ROW_LSN, later + " rows have LSNs above " + asOf + " (lsnAsOf)");
    }
  }

  private void vectors() {
    Section section = file.find(SectionKind.RAW_VECTORS);
    long dimension = manifest.number("dimension");
    if (section == null) {
      if (dimension > 0) {
        error(SectionKind.RAW_VECTORS, "missing, though the dimension is " + dimension);
      }
      return;
    }
    RawVectorsReader vectors =
        new RawVectorsReader(
            section,
            file.find(SectionKind.INVERSE_NORMS),
            rows,
            Math.clamp(dimension, 0, Limits.MAX_DIMENSION),
            metric());
    float[] values = new float[vectors.dimension()];
    for (int row = 0; spec != null && row < rows; row++) {
      vectors.copy(row, values);
      rules.add(row, RecordRules.dense("", values, spec));
      ledger.dense(row, values);
    }
    part(SectionKind.INVERSE_NORMS, vectors::verifyNorms);
  }

  private Metric metric() {
    String label = manifest.text("metric");
    for (Metric metric : Metric.values()) {
      if (metric.label().equals(label)) {
        return metric;
      }
    }
    throw new UnsupportedException(
        file.name() + " MANIFEST", -1, "metric " + label, "a known metric");
  }

  private void texts(TextTotals found) {
    if (manifest.textIndex() != null && spec != null) {
      expect("textIndex.texts", "" + manifest.textTotal("texts"), "" + found.texts());
      expect("textIndex.terms", "" + manifest.textTotal("terms"), "" + found.terms());
    }
  }

  private void sparse() {
    Section section = file.find(SectionKind.SPARSE_ROWS);
    if (section == null) {
      return;
    }
    SparseRowsReader sparse = new SparseRowsReader(section, rows);
    sparse.verify();
    boolean texts = manifest.textIndex() != null;
    TextTotals totals = TextTotals.NONE;
    for (int row = 0; spec != null && row < rows; row++) {
      SparseVector values = sparse.row(row);
      totals = texts ? totals.plus(values) : totals;
      rules.add(row, RecordRules.storedSparse(values, spec));
      ledger.sparse(row, values);
    }
    texts(totals);
    Section dictionary = file.find(SectionKind.SPARSE_DICT);
    if (dictionary == null && file.find(SectionKind.SPARSE_POSTINGS) != null) {
      error(SectionKind.SPARSE_POSTINGS, "no SPARSE_DICT to go with it");
    }
    if (dictionary != null) {
      part(
          SectionKind.SPARSE_POSTINGS,
          () ->
              new SparsePostingsReader(dictionary, file.require(SectionKind.SPARSE_POSTINGS), rows)
                  .verify(sparse));
    }
  }
}
