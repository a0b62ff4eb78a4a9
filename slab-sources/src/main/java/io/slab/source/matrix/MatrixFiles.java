package io.slab.source.matrix;

import io.slab.model.Limits;
import io.slab.source.FieldMap;
import io.slab.source.ReadFailure;
import io.slab.source.RecordReader;
import io.slab.source.RowNumbers;
import io.slab.source.SourceFiles;
import io.slab.store.ByteSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;

/** Opens matrices as records. */
public final class MatrixFiles {
  /** Forms of a matrix, besides that of NumPy. */
  public enum Form {
    NPY(null),
    SAFETENSORS(null),
    FVECS(NpyHeader.Type.FLOAT32),
    BVECS(NpyHeader.Type.UINT8),
    IVECS(NpyHeader.Type.INT32);

    private final NpyHeader.Type type;

    Form(NpyHeader.Type type) {
      this.type = type;
    }
  }

  private MatrixFiles() {}

  /**
   * The ids that a file of tensors gives to the rows of its vectors.
   *
   * @return null when it has none
   */
  public static List<String> tensorIds(SourceFiles files, String path, FieldMap fields) {
    try (ByteSource source = files.open(path)) {
      return SafetensorsHeader.ids(source, fields);
    }
  }

  private static MatrixRows rows(SourceFiles files, String path, Form form, String array) {
    if (form == Form.SAFETENSORS) {
      return MatrixRows.safetensors(files.open(path), array);
    }
    if (form != Form.NPY) {
      return MatrixRows.vecs(files.open(path), form.type);
    }
    try (InputStream start = new BufferedInputStream(files.stream(path), 1 << 12)) {
      return MatrixRows.npy(
          files.open(path), start, NpyHeader.Wanted.vectors(Limits.MAX_DIMENSION));
    } catch (IOException e) {
      throw ReadFailure.of(files.describe(path), e);
    }
  }

  /**
   * Number of rows of a matrix.
   *
   * @param array name of the tensor in a file of several, or null
   * @throws io.slab.error.SlabException when it is none
   */
  public static long count(SourceFiles files, String path, Form form, String array) {
    try (MatrixRows rows = rows(files, path, form, array)) {
      return rows.rows();
    }
  }

  /** Rows whose ids are their numbers. */
  public static RecordReader numbered(
      SourceFiles files,
      String path,
      Form form,
      String array,
      String namespace,
      RowNumbers.Range ids) {
    MatrixRows rows = rows(files, path, form, array);
    return new MatrixReader(files.describe(path), namespace, rows, RowIds.numbers(ids));
  }

  /** Rows with ids from a list. */
  public static RecordReader listed(
      SourceFiles files,
      String path,
      Form form,
      String array,
      String namespace,
      Iterator<String> ids) {
    return new MatrixReader(
        files.describe(path), namespace, rows(files, path, form, array), RowIds.list(ids));
  }

  /**
   * Rows with ids and metadata from a reader of records without values.
   *
   * @param lines closed with the reader
   */
  public static RecordReader described(
      SourceFiles files,
      String path,
      Form form,
      String array,
      String namespace,
      RecordReader lines) {
    return new MatrixReader(
        files.describe(path), namespace, rows(files, path, form, array), RowIds.lines(lines));
  }
}
