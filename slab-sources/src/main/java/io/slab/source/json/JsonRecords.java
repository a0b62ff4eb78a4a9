package io.slab.source.json;

import io.slab.error.CorruptException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.source.CellTypes;
import io.slab.source.FieldMap;
import io.slab.source.ReadFailure;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.RowNumbers;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Opens readers of records in JSON. */
public final class JsonRecords {
  /** The member that holds a document, with the other parts of its record in it. */
  public static final String DOCUMENT = RecordMembers.SOURCE;

  /** Opens a stream. */
  @FunctionalInterface
  public interface Input {
    InputStream open() throws IOException;
  }

  private JsonRecords() {}

  /**
   * One record on each line; empty lines, a byte order mark and carriage returns are passed over.
   *
   * @param part what positions call the part
   * @param namespace of records that name none, or null
   */
  public static RecordReader lines(
      String part, String namespace, Input input, FieldMap fields, ReadOptions options) {
    return open(part, namespace, new LineBlocks(stream(part, input)), fields, options);
  }

  /** As {@link #lines}, of lines that are cut already. */
  static RecordReader lines(
      String part, String namespace, LineBlocks lines, FieldMap fields, ReadOptions options) {
    return open(part, namespace, lines, fields, options);
  }

  /** Records in a text of any other layout. */
  public static RecordReader stream(
      String part,
      String namespace,
      Input input,
      JsonLayout layout,
      FieldMap fields,
      ReadOptions options) {
    try {
      List<String> namespaces = null;
      if (layout == JsonLayout.ENVELOPES) {
        // An envelope mostly names its namespace after the records.
        try (JsonWindow text = new JsonWindow(input.open(), part)) {
          namespaces = StreamBlocks.envelopeNamespaces(text);
        }
      }
      JsonWindow text = new JsonWindow(input.open(), part);
      return open(part, namespace, new StreamBlocks(text, layout, namespaces), fields, options);
    } catch (IOException e) {
      throw ReadFailure.of(part, e);
    }
  }

  /**
   * Records in one object that holds a list for each of their parts.
   *
   * @param only names of the lists that are read, in this order
   */
  public static RecordReader columns(
      String part,
      String namespace,
      Input input,
      List<String> only,
      FieldMap fields,
      ReadOptions options) {
    try {
      List<ColumnBlocks.Column> all;
      try (JsonWindow text = new JsonWindow(input.open(), part)) {
        all = ColumnBlocks.find(text);
      }
      List<ColumnBlocks.Column> columns =
          all.stream().filter(column -> only.contains(column.name())).toList();
      boolean chroma = ChromaColumns.are(all.stream().map(ColumnBlocks.Column::name).toList());
      RecordBlocks blocks = ColumnBlocks.open(part, input, columns, chroma);
      return open(part, namespace, blocks, fields, options);
    } catch (IOException e) {
      throw ReadFailure.of(part, e);
    }
  }

  /**
   * The first records of a text in which they stand one after the other or in a list, as trees;
   * fewer where the text has fewer, or is damaged there.
   *
   * @param most records
   */
  public static List<JsonNode> first(String part, Input input, int most) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    try (RecordBlocks blocks =
        new StreamBlocks(new JsonWindow(input.open(), part), JsonLayout.RECORDS, null)) {
      RecordBlock block = blocks.next(null);
      for (int i = 0; block != null && i < block.count() && i < most; i++) {
        byte[] text = Arrays.copyOfRange(block.bytes(), block.start(i), block.end(i));
        records.add(Json.parseStored(part, text));
      }
    } catch (CorruptException e) {
      // What was read before is what there is.
    }
    return records;
  }

  /**
   * The first row of a table.
   *
   * @param delimiter between cells
   */
  public static List<String> csvHeader(String part, Input input, char delimiter) {
    try (CsvRows rows = new CsvRows(input.open(), part, delimiter)) {
      return CsvBlocks.header(rows);
    } catch (IOException e) {
      throw ReadFailure.of(part, e);
    }
  }

  /**
   * The first rows of a table as they are, the one with the names included.
   *
   * @param most rows
   */
  public static List<List<String>> csvRows(String part, Input input, char delimiter, int most) {
    List<List<String>> all = new ArrayList<>();
    try (CsvRows rows = new CsvRows(input.open(), part, delimiter)) {
      all.add(CsvBlocks.header(rows));
      while (all.size() < most && rows.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < rows.cells(); i++) {
          row.add(rows.shown(i));
        }
        all.add(row);
      }
      return all;
    } catch (IOException e) {
      throw ReadFailure.of(part, e);
    }
  }

  /**
   * Goes through all rows of a table.
   *
   * @param wanted columns whose kind matters
   * @param cells told what they are
   * @return number of rows, without the one with the names
   */
  public static long csvSurvey(
      String part, Input input, char delimiter, Collection<String> wanted, CellTypes cells) {
    try (CsvRows rows = new CsvRows(input.open(), part, delimiter)) {
      List<String> header = CsvBlocks.header(rows);
      CellTypes.Table table = new CellTypes.Table(header, wanted);
      long count = CsvBlocks.survey(rows, table, header.size());
      cells.add(part, table);
      return count;
    } catch (IOException e) {
      throw ReadFailure.of(part, e);
    }
  }

  /**
   * One record in each row of a table whose first row names the columns.
   *
   * @param cells what the columns are that are no part of a record
   * @param ids of the rows where no column has them, else null
   */
  public static RecordReader csv(
      String part,
      String namespace,
      Input input,
      char delimiter,
      FieldMap fields,
      CellTypes cells,
      RowNumbers.Range ids,
      ReadOptions options) {
    try {
      CsvRows rows = new CsvRows(input.open(), part, delimiter);
      return open(
          part, namespace, CsvBlocks.open(rows, fields, cells, ids), fields, false, options);
    } catch (IOException e) {
      throw ReadFailure.of(part, e);
    }
  }

  /**
   * What each line says about one row of a matrix: {@code {"id": .., "metadata": {..}}}. The
   * records have no values.
   */
  public static RecordReader rowLines(String part, Input input, ReadOptions options) {
    return lines(part, null, input, FieldMap.USUAL.withExtras(FieldMap.Extras.METADATA), options);
  }

  private static RecordReader open(
      String part, String namespace, RecordBlocks blocks, FieldMap fields, ReadOptions options) {
    return open(part, namespace, blocks, fields, true, options);
  }

  private static RecordReader open(
      String part,
      String namespace,
      RecordBlocks blocks,
      FieldMap fields,
      boolean matches,
      ReadOptions options) {
    return BlockRecordReader.open(
        part, namespace, blocks, () -> new JsonRecordParser(fields, matches, options), options);
  }

  private static InputStream stream(String part, Input input) {
    try {
      return input.open();
    } catch (IOException e) {
      throw ReadFailure.of(part, e);
    }
  }
}
