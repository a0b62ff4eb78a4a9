package io.slab.check;

import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.Section;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFile;
import io.slab.format.section.ColumnType;
import io.slab.format.section.MetaRowsReader;
import io.slab.inspect.SlabManifestView;
import io.slab.json.JsonNode;
import io.slab.model.Metadata;
import io.slab.model.RecordRules;
import io.slab.model.Utf8;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Checks the metadata of the rows, and that the fields and columns of the slab's manifest are those
 * that the rows have. What is in a column, {@link ColumnCheck} compares.
 */
final class MetadataCheck {
  private final SlabFile file;
  private final SlabManifestView manifest;
  private final int rows;
  private final RuleFindings rules;
  private final LedgerCheck ledger;
  private final Findings findings;

  /**
   * Of one slab.
   *
   * @param rows as ROW_LSN has them
   * @param rules gets the metadata that a rule of records refuses
   * @param ledger gets the metadata of each row
   */
  MetadataCheck(
      SlabFile file,
      SlabManifestView manifest,
      int rows,
      RuleFindings rules,
      LedgerCheck ledger,
      Findings findings) {
    this.file = file;
    this.manifest = manifest;
    this.rows = rows;
    this.rules = rules;
    this.ledger = ledger;
    this.findings = findings;
  }

  void run() {
    List<String> fields = manifest.texts("fields");
    MetaRowsReader reader =
        new MetaRowsReader(
            file.require(SectionKind.META_ROWS),
            file.require(SectionKind.META_BLOCKS),
            rows,
            fields);
    Map<ExpectedColumn.Key, ExpectedColumn> expected = new HashMap<>();
    TreeSet<String> used = new TreeSet<>(Utf8.ORDER);
    for (int row = 0; row < rows; row++) {
      Metadata metadata = reader.row(row);
      used.addAll(metadata.fields().keySet());
      ExpectedColumn.add(expected, row, metadata);
      rules.add(row, RecordRules.metadata(metadata));
      ledger.metadata(row, metadata);
    }
    if (!List.copyOf(used).equals(fields)) {
      error("its fields are " + fields + ", the metadata rows have " + used);
      // Field ids then mean other names, so the columns cannot agree either.
      return;
    }
    // Asked once: each call makes all of them from the manifest, and there may be thousands.
    List<SlabManifestView.Column> columns = manifest.columns();
    if (known(columns)) {
      compare(columns, expected);
      owners(columns.size());
    }
  }

  /** False when the list of columns says nothing that columns could be compared by. */
  private boolean known(List<SlabManifestView.Column> columns) {
    if (!wellFormed(columns)) {
      error("its columns are not numbered from 0 with a field and a type each");
      return false;
    }
    for (SlabManifestView.Column column : columns) {
      if (ColumnType.ofLabel(column.type()) == null) {
        String problem = "column type " + column.type() + ", expected a type this version knows";
        findings.unsupported(file.name(), SectionKind.MANIFEST.name(), -1, problem);
        return false;
      }
    }
    return true;
  }

  private boolean wellFormed(List<SlabManifestView.Column> columns) {
    JsonNode list = manifest.json().get("columns");
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).id() != i) {
        return false;
      }
    }
    return list != null && list.isArray() && list.size() == columns.size();
  }

  private void compare(
      List<SlabManifestView.Column> columns, Map<ExpectedColumn.Key, ExpectedColumn> expected) {
    TreeSet<String> indexed = new TreeSet<>(Utf8.ORDER);
    for (SlabManifestView.Column column : columns) {
      indexed.add(column.field());
      ExpectedColumn wanted =
          expected.remove(new ExpectedColumn.Key(column.field(), column.type()));
      if (wanted == null) {
        error("a column for " + column.field() + " (" + column.type() + "), which no row has");
      } else {
        ColumnCheck.check(file, column, wanted, rows, findings);
      }
    }
    // Fields that the schema leaves out have no column at all.
    for (ExpectedColumn.Key key : expected.keySet()) {
      if (indexed.contains(key.field())) {
        error("no column for the " + key.type() + " values of the indexed field " + key.field());
      }
    }
  }

  /** Each section of a column has a column in the manifest. */
  private void owners(int columns) {
    for (DirectoryEntry entry : file.entries()) {
      boolean column = entry.knownKind() != null && entry.knownKind().perColumn();
      if (column && entry.column() >= columns) {
        findings.error(
            file.name(), entry.label(), entry.offset(), "belongs to no column of the manifest");
      }
    }
  }

  private void error(String problem) {
    Section section = file.find(SectionKind.MANIFEST);
    findings.error(
        file.name(),
        SectionKind.MANIFEST.name(),
        section == null ? -1 : section.entry().offset(),
        problem);
  }
}
