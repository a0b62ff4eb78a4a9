package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.source.FieldMap;
import io.slab.source.ForeignFile;
import io.slab.source.ReadFailure;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.RowNumbers;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.json.JsonRecords;
import io.slab.source.matrix.MatrixFiles;
import io.slab.source.matrix.MatrixFiles.Form;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Recognises matrices, and the file of ids that lies beside one. */
final class MatrixScan {
  /** Files beside a matrix that say what its rows are, likeliest first. */
  private static final List<String> SIDES =
      List.of(
          "metadata.jsonl",
          "records.jsonl",
          "lines.jsonl",
          "ids.jsonl",
          "ids.json",
          "ids.txt",
          "ids.csv");

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final SourceFiles files;
  private final FieldMap fields;
  private final RowNumbers numbers;

  /**
   * @param fields names of tensors in a file of several
   * @param numbers ids of rows that have none
   */
  MatrixScan(SourceFiles files, FieldMap fields, RowNumbers numbers) {
    this.files = files;
    this.fields = fields;
    this.numbers = numbers;
  }

  /** Looks at a NumPy file; what lies beside it in its folder is taken for its ids. */
  Found npy(SourceFiles.Entry file, String namespace) {
    return beside(file, Form.NPY, namespace);
  }

  /** Looks at a file of tensors, likewise. */
  Found safetensors(SourceFiles.Entry file, String namespace) {
    return beside(file, Form.SAFETENSORS, namespace);
  }

  private Found beside(SourceFiles.Entry file, Form form, String namespace) {
    Shape shape = form == Form.NPY ? Shape.NPY : Shape.SAFETENSORS;
    String side = side(files, file.path());
    List<String> own =
        form == Form.SAFETENSORS ? MatrixFiles.tensorIds(files, file.path(), fields) : null;
    if (own != null && side == null) {
      return withOwn(file, form, shape, namespace, own);
    }
    if (side == null) {
      return numbered(file, form, shape, namespace);
    }
    SourcePart part =
        new SourcePart(
            files.describe(file.path()),
            namespace,
            file.bytes(),
            MatrixFiles.count(files, file.path(), form, array()),
            options -> open(file.path(), form, namespace, side, options));
    Shape withIds = form == Form.NPY ? Shape.NPY_IDS : shape;
    return new Found(withIds, part, List.of("the ids of the rows are in " + side));
  }

  /** The name of the tensor with the vectors, where the user gave one. */
  private String array() {
    return fields.names().get(FieldMap.Role.VALUES);
  }

  /** A file of tensors that has the ids of its rows, too. */
  private Found withOwn(
      SourceFiles.Entry file, Form form, Shape shape, String namespace, List<String> ids) {
    String name = files.describe(file.path());
    long rows = MatrixFiles.count(files, file.path(), form, array());
    if (rows != ids.size()) {
      throw new InvalidInputException(
          name + " has " + rows + " rows and " + ids.size() + " ids", "one for each row is wanted");
    }
    SourcePart part =
        new SourcePart(
            name,
            namespace,
            file.bytes(),
            rows,
            options ->
                MatrixFiles.listed(files, file.path(), form, array(), namespace, ids.iterator()));
    return new Found(shape, part, List.of("the ids of the rows are in the file"));
  }

  private Found numbered(SourceFiles.Entry file, Form form, Shape shape, String namespace) {
    long rows = MatrixFiles.count(files, file.path(), form, array());
    RowNumbers.Range ids = numbers.take(rows);
    SourcePart part =
        new SourcePart(
            files.describe(file.path()),
            namespace,
            file.bytes(),
            rows,
            options -> MatrixFiles.numbered(files, file.path(), form, array(), namespace, ids),
            ids);
    return new Found(shape, part, List.of("the id of a row is its number"));
  }

  /** Looks at a file of rows behind their lengths; null when its name has another ending. */
  Found vecs(SourceFiles.Entry file, String namespace) {
    Form form = form(file.path());
    if (form == null) {
      return null;
    }
    return numbered(file, form, Shape.valueOf(form.name()), namespace);
  }

  private Form form(String path) {
    String name = files.describe(path).replaceFirst("\\.(gz|zst)$", "");
    for (Form form : Form.values()) {
      if (form.ordinal() > Form.SAFETENSORS.ordinal()
          && name.endsWith("." + form.name().toLowerCase(Locale.ROOT))) {
        return form;
      }
    }
    return null;
  }

  /** The file that goes with the matrices of a folder, or null. */
  static String side(SourceFiles files, String path) {
    if (path.isEmpty()) {
      return null;
    }
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    for (String name : SIDES) {
      SourceFiles.Entry entry = files.entry(folder + name);
      if (entry != null && !entry.folder()) {
        return folder + name;
      }
    }
    return null;
  }

  /** True for the name of a file that may say what the rows of the matrix beside it are. */
  static boolean isSide(String name) {
    return SIDES.contains(name);
  }

  private RecordReader open(
      String path, Form form, String namespace, String side, ReadOptions options) {
    if (side.endsWith(".jsonl")) {
      RecordReader lines =
          JsonRecords.rowLines(
              files.describe(side),
              () -> Unpacked.open(files, side),
              options.withThreads(1).forIndex(null));
      return MatrixFiles.described(files, path, form, array(), namespace, lines);
    }
    try {
      return MatrixFiles.listed(files, path, form, array(), namespace, ids(side).iterator());
    } catch (IOException e) {
      throw ReadFailure.of(files.describe(side), e);
    }
  }

  private List<String> ids(String side) throws IOException {
    List<String> ids = new ArrayList<>();
    if (side.endsWith(".json")) {
      JsonNode list = JsonFile.read(files, side);
      if (!list.isArray()) {
        throw ForeignFile.corrupt(files.describe(side), 0, "no list", "a list of ids");
      }
      for (JsonNode id : list) {
        if (!id.isString() && !id.isIntegralNumber()) {
          throw new InvalidInputException(
              files.describe(side) + ": element " + ids.size() + " is no id");
        }
        ids.add(id.isString() ? id.stringValue() : Json.text(id));
      }
      return ids;
    }
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Unpacked.open(files, side), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(BYTE_ORDER_MARK) && ids.isEmpty()) {
          line = line.substring(1);
        }
        boolean header = ids.isEmpty() && side.endsWith(".csv") && line.strip().equals("id");
        if (!line.isBlank() && !header) {
          ids.add(line.strip());
        }
      }
    }
    return ids;
  }
}
