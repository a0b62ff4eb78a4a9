package io.slab.source.scan;

import io.slab.error.MissingException;
import io.slab.model.MetaValue;
import io.slab.source.FieldMap;
import io.slab.source.Note;
import io.slab.source.Rounding;
import io.slab.source.RowNumbers;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the files of a Delta Lake table that its log names. */
final class DeltaScan {
  private final SourceFiles files;
  private final FieldMap fields;

  DeltaScan(SourceFiles files, FieldMap fields) {
    this.files = files;
    this.fields = fields;
  }

  /**
   * A file of the newest version.
   *
   * @param place what folders and log say about its rows
   */
  record LiveFile(String path, Found found, Place place) {}

  /**
   * Looks at the files of the newest version.
   *
   * @param there files under the folder by path; those of the newest version are taken out
   * @throws MissingException when one is not there
   */
  List<LiveFile> scan(FolderWalk.Table table, Map<String, SourceFiles.Entry> there) {
    DeltaLog log = DeltaLog.read(files, table.folder());
    List<DeltaLog.Add> live = new ArrayList<>(log.live());
    live.sort(Comparator.comparing(DeltaLog.Add::path, NaturalOrder.NAMES));
    List<LiveFile> all = new ArrayList<>();
    for (DeltaLog.Add add : live) {
      Place place = table.place();
      for (Map.Entry<String, String> value : add.values().entrySet()) {
        MetaValue typed = value(value.getValue(), log.type(value.getKey()));
        place = place.with(value.getKey(), typed, fields, add.path());
      }
      SourceFiles.Entry file = file(table, add, there);
      all.add(new LiveFile(file.path(), found(file, place, rounded(add, log)), place));
    }
    return all;
  }

  /** What happens to numbers that a 64-bit float does not hold, by column. */
  private static Map<String, Note> rounded(DeltaLog.Add add, DeltaLog log) {
    Map<String, Note> rounded = new TreeMap<>();
    for (Map.Entry<String, String> value : add.values().entrySet()) {
      String type = log.type(value.getKey());
      if (value.getValue() == null || type == null || !type.matches("long|decimal.*")) {
        continue;
      }
      try {
        BigDecimal exact = new BigDecimal(value.getValue());
        Note.Kind kind = Rounding.of(exact, exact.doubleValue());
        if (kind != null) {
          rounded.put(value.getKey(), new Note(kind, value.getKey()));
        }
      } catch (NumberFormatException e) {
        // It is stored as the text that it is.
      }
    }
    return rounded;
  }

  private Found found(SourceFiles.Entry file, Place place, Map<String, Note> rounded) {
    ParquetScan scan = new ParquetScan(files, place.fields(fields), RowNumbers.usual());
    Found rows = scan.scan(file, place.namespace());
    return new Found(
        Shape.DELTA,
        PlacedReader.part(rows.part(), place, fields.extras(), rounded),
        rows.notices());
  }

  private SourceFiles.Entry file(
      FolderWalk.Table table, DeltaLog.Add add, Map<String, SourceFiles.Entry> there) {
    String prefix = table.folder().isEmpty() ? "" : table.folder() + "/";
    SourceFiles.Entry file = there.remove(prefix + Place.decoded(add.path(), add.path()));
    if (file == null) {
      // Some writers do not encode names.
      file = there.remove(prefix + add.path());
    }
    if (file == null) {
      throw new MissingException(
          files.describe(prefix + TableFormats.DELTA_LOG),
          -1,
          "the file " + add.path() + ", which is not there",
          "every file of the newest version of the table",
          "copy the whole folder of the table");
    }
    return file;
  }

  /**
   * A value that is the same in a whole file: the log has its text, the table's schema its type.
   */
  private static MetaValue value(String text, String type) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    if ("boolean".equals(type)) {
      return new MetaValue.Bool(Boolean.parseBoolean(text));
    }
    boolean number = type != null && type.matches("byte|short|integer|long|float|double|decimal.*");
    try {
      return number ? new MetaValue.Num(Double.parseDouble(text)) : new MetaValue.Str(text);
    } catch (NumberFormatException e) {
      return new MetaValue.Str(text);
    }
  }
}
