package io.slab.source.scan;

import io.slab.error.InvalidInputException;
import io.slab.model.Limits;
import io.slab.source.FieldMap;
import io.slab.source.FieldMap.Role;
import io.slab.source.ReadFailure;
import io.slab.source.RowNumbers;
import io.slab.source.Shape;
import io.slab.source.SourceFiles;
import io.slab.source.SourcePart;
import io.slab.source.matrix.MatrixFiles;
import io.slab.source.matrix.MatrixFiles.Form;
import io.slab.source.matrix.NpyHeader;
import io.slab.source.matrix.NpzFile;
import io.slab.source.matrix.NpzFile.Array;
import io.slab.store.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Recognises a NumPy archive: one array of two dimensions holds the vectors, one may hold ids. */
final class NpzScan {
  private final SourceFiles files;
  private final FieldMap fields;
  private final RowNumbers numbers;

  NpzScan(SourceFiles files, FieldMap fields, RowNumbers numbers) {
    this.files = files;
    this.fields = fields;
    this.numbers = numbers;
  }

  /** Looks at an archive. */
  Found scan(SourceFiles.Entry file, String namespace) throws IOException {
    String name = files.describe(file.path());
    NpzFile.Input input = () -> files.stream(file.path());
    List<Array> arrays = NpzFile.arrays(name, input);
    Array values = values(name, arrays);
    Array ids = ids(name, arrays);
    Member member = new Member(name, input, values.name());
    long rows;
    try (InputStream in = member.stream("")) {
      rows = NpyHeader.read(in, name, NpyHeader.Wanted.vectors(Limits.MAX_DIMENSION)).rows();
    }
    if (ids != null && ids.shape().getFirst() != rows) {
      throw new InvalidInputException(
          name + " has " + rows + " rows in " + values + " and other ids in " + ids,
          "one id for each row is wanted; --map id=NAME names another array");
    }
    Set<String> others = new TreeSet<>();
    arrays.stream().filter(a -> a != values && a != ids).forEach(a -> others.add(a.name()));
    List<String> notices = new ArrayList<>(JsonScan.notices(others, FieldMap.Extras.IGNORE));
    notices.add(
        ids == null ? "the id of a row is its number" : "the ids of the rows are in " + ids.name());
    return new Found(Shape.NPZ, part(file, namespace, member, ids, rows), notices);
  }

  private SourcePart part(
      SourceFiles.Entry file, String namespace, Member member, Array ids, long rows) {
    if (ids == null) {
      RowNumbers.Range range = numbers.take(rows);
      return new SourcePart(
          member.name,
          namespace,
          file.bytes(),
          rows,
          options -> MatrixFiles.numbered(member, "", Form.NPY, null, namespace, range),
          range);
    }
    return new SourcePart(
        member.name,
        namespace,
        file.bytes(),
        rows,
        options ->
            MatrixFiles.listed(
                member,
                "",
                Form.NPY,
                null,
                namespace,
                NpzFile.ids(member.name, member.input, ids).iterator()));
  }

  private Array values(String name, List<Array> arrays) {
    List<Array> matrices = arrays.stream().filter(a -> a.shape().size() == 2).toList();
    String said = fields.find(Role.VALUES, matrices.stream().map(Array::name).toList());
    boolean only = matrices.size() == 1 && !fields.names().containsKey(Role.VALUES);
    for (Array array : matrices) {
      if (only || array.name().equals(said)) {
        return array;
      }
    }
    throw new InvalidInputException(
        name
            + ": one array of two dimensions holds the vectors, and it has "
            + (arrays.isEmpty() ? "none" : shown(arrays)),
        "--map values=NAME names the one that is meant");
  }

  private Array ids(String name, List<Array> arrays) {
    String wanted = fields.find(Role.ID, arrays.stream().map(Array::name).toList());
    if (wanted == null && fields.names().containsKey(Role.ID)) {
      throw new InvalidInputException(
          name + " has no array '" + fields.names().get(Role.ID) + "'",
          "its arrays are " + shown(arrays));
    }
    for (Array array : arrays) {
      if (array.name().equals(wanted)) {
        if (!array.isIds()) {
          throw new InvalidInputException(
              name + ": the ids in " + array + " are no list of texts or whole numbers",
              "save them as numpy.array(ids, dtype=str)");
        }
        return array;
      }
    }
    return null;
  }

  private static String shown(List<Array> arrays) {
    return TreeScan.some(arrays.stream().map(Array::toString).toList());
  }

  /** One array, as the file that it is inside. */
  private record Member(String name, NpzFile.Input input, String array) implements SourceFiles {
    @Override
    public String location() {
      return name;
    }

    @Override
    public String describe(String path) {
      return name;
    }

    @Override
    public Entry entry(String path) {
      return new Entry("", false, -1);
    }

    @Override
    public List<Entry> list(String folder) {
      return List.of();
    }

    @Override
    public InputStream stream(String path) throws IOException {
      return NpzFile.open(name, input, array);
    }

    @Override
    public ByteSource open(String path) {
      try {
        return TemporaryFile.map(name, stream(path), length());
      } catch (IOException e) {
        throw ReadFailure.of(name, e);
      }
    }

    /** What the header says; of a matrix that no file can hold, nothing. */
    private long length() throws IOException {
      try (InputStream in = stream("")) {
        NpyHeader header = NpyHeader.read(in, name, NpyHeader.Wanted.vectors(Limits.MAX_DIMENSION));
        return Math.addExact(header.dataOffset(), header.dataBytes());
      } catch (ArithmeticException e) {
        return Long.MAX_VALUE;
      }
    }
  }
}
