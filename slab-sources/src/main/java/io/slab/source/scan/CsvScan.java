package io.slab.source.scan;

import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.source.CellTypes;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Extras;
import io.slab.source.FieldMap.Role;
import io.slab.source.RecordReader;
import io.slab.source.RowNumbers;
import io.slab.source.ScanOptions;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.json.JsonRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Recognises a table in text by its first row. */
final class CsvScan {
  private static final char[] DELIMITERS = {',', '\t', ';', '|'};

  private final SourceFiles files;
  private final FieldMap fields;
  private final RowNumbers numbers;
  private final CellTypes cells;

  CsvScan(SourceFiles files, ScanOptions options) {
    this.files = files;
    fields = options.fields();
    numbers = options.numbers();
    cells = options.cells();
  }

  /**
   * Looks at a file.
   *
   * @return null when its first row does not name an id
   * @throws InvalidInputException when it has no vectors
   */
  Found scan(SourceFiles.Entry file, String namespace) {
    String name = files.describe(file.path());
    JsonRecords.Input input = () -> Unpacked.open(files, file.path());
    for (char delimiter : DELIMITERS) {
      List<String> header = JsonRecords.csvHeader(name, input, delimiter);
      if (header.size() > 1 && fields.find(Role.ID, header) != null) {
        return found(file, name, namespace, delimiter, header);
      }
    }
    Found numbered = numbers.tables() ? numbered(file, name, namespace, input) : null;
    if (numbered == null) {
      requireNoVectors(name, input);
    }
    return numbered;
  }

  /** A table without ids whose rows are numbered, or null where it has no vectors either. */
  private Found numbered(
      SourceFiles.Entry file, String name, String namespace, JsonRecords.Input input) {
    for (char delimiter : DELIMITERS) {
      List<String> header = JsonRecords.csvHeader(name, input, delimiter);
      boolean vectors =
          fields.find(Role.VALUES, header) != null || fields.find(Role.SPARSE, header) != null;
      if (vectors || fields.texts() && header.size() > 1) {
        return found(file, name, namespace, delimiter, header);
      }
    }
    return null;
  }

  /** A table that has vectors and no ids is refused by its columns. */
  private void requireNoVectors(String name, JsonRecords.Input input) {
    for (char delimiter : DELIMITERS) {
      List<List<String>> rows;
      try {
        rows = JsonRecords.csvRows(name, input, delimiter, OtherNames.ROWS);
      } catch (CorruptException e) {
        // Text with a quote that stays open is no table.
        continue;
      }
      if (rows.getFirst().size() > 1 && OtherNames.hasVectors(rows, fields)) {
        throw OtherNames.refusal(name, rows, fields);
      }
    }
  }

  private static void requireDifferent(String name, List<String> header) {
    Set<String> seen = new TreeSet<>();
    for (String column : header) {
      if (!column.isEmpty() && !seen.add(column)) {
        throw new InvalidInputException(
            name + ":1 names the column '" + column + "' twice: which of them counts is not known",
            "give the columns names that differ");
      }
    }
  }

  private void requireMapped(String name, List<String> header) {
    for (String column : fields.names().values()) {
      if (!header.contains(column)) {
        throw new InvalidInputException(
            name + " has no column '" + column + "'",
            "its columns are " + String.join(", ", header));
      }
    }
  }

  private Found found(
      SourceFiles.Entry file, String name, String namespace, char delimiter, List<String> header) {
    boolean vectors =
        fields.find(Role.VALUES, header) != null || fields.find(Role.SPARSE, header) != null;
    if (!vectors && !fields.texts()) {
      JsonRecords.Input input = () -> Unpacked.open(files, file.path());
      throw OtherNames.refusal(
          name, JsonRecords.csvRows(name, input, delimiter, OtherNames.ROWS), fields);
    }
    boolean metadata = fields.find(Role.METADATA, header) != null;
    requireDifferent(name, header);
    requireMapped(name, header);
    Extras extras =
        fields.extras() != Extras.AUTO
            ? fields.extras()
            : metadata ? Extras.IGNORE : Extras.METADATA;
    FieldMap map = fields.among(header).withExtras(extras);
    Set<String> others = new TreeSet<>();
    header.stream()
        .filter(column -> map.role(column, true) == null && !column.isEmpty())
        .forEach(others::add);
    JsonRecords.Input again = () -> Unpacked.open(files, file.path());
    RowNumbers.Range ids = null;
    boolean own = fields.find(Role.ID, header) != null;
    if (!own || extras == Extras.METADATA && !others.isEmpty()) {
      long rows = JsonRecords.csvSurvey(name, again, delimiter, others, cells);
      ids = own ? null : numbers.take(rows);
    }
    SourcePart part = part(file, name, namespace, delimiter, map, ids);
    List<String> notices = new ArrayList<>(JsonScan.notices(others, extras));
    if (ids != null) {
      notices.add("the id of a row is its number");
    }
    if (header.getFirst().isEmpty()) {
      notices.add("the first column has no name and is left out, as row labels are");
    }
    if (extras == Extras.METADATA && !others.isEmpty()) {
      notices.add(
          "a column whose cells are all numbers, or all true and false, is stored as such, any other as text"
              + " (lists as lists)");
    }
    return new Found(Shape.CSV, part, notices);
  }

  private SourcePart part(
      SourceFiles.Entry file,
      String name,
      String namespace,
      char delimiter,
      FieldMap map,
      RowNumbers.Range ids) {
    return new SourcePart(
        name,
        namespace,
        file.bytes(),
        ids == null ? -1 : ids.rows(),
        options -> {
          Unpacked[] last = new Unpacked[1];
          RecordReader text =
              JsonRecords.csv(
                  name,
                  namespace,
                  () -> last[0] = Unpacked.open(files, file.path()),
                  delimiter,
                  map,
                  cells,
                  ids,
                  options);
          Unpacked opened = last[0];
          return opened.packed() ? new PackedReader(text, opened::fileBytes) : text;
        },
        ids);
  }
}
