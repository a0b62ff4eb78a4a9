package io.slab.queries;

import io.slab.error.InvalidInputException;
import io.slab.model.IndexSpec;
import io.slab.model.QueryRules;
import io.slab.model.RecordRules;
import io.slab.source.ReadFailure;
import io.slab.source.json.BadRecordException;
import io.slab.source.json.BlockReader;
import io.slab.source.json.LineBlock;
import io.slab.source.matrix.NpyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/**
 * Streams the queries of a file, whose form its first bytes tell: a NumPy matrix (see {@link
 * NpyReader}), one query for each row; or JSON lines {@code {"id", "text" or "vector" or "values",
 * "sparse_values", "top_k", "filter", "namespace"}} in which everything but one of the vectors, or
 * a text in their place, may be left out; a text and a vector together ask an index with a text
 * index by both. Unlike ingest it stops at the first line that is wrong: a batch of queries with
 * holes would be misread. One thread only.
 */
public final class QueryFileReader implements AutoCloseable {
  private final String name;
  private final IndexSpec spec;
  private final QueryParser parser;
  private final NpyReader matrix;
  private final BlockReader blocks;
  private LineBlock block;
  private int at;
  private long number;

  /**
   * @param in the file, closed with this reader
   * @param name what errors call the file
   * @param spec the index that the queries are for
   * @throws InvalidInputException when a matrix has another dimension than the index
   */
  public QueryFileReader(InputStream in, String name, IndexSpec spec) {
    this.name = name;
    this.spec = spec;
    parser = new QueryParser(spec);
    PushbackInputStream input = new PushbackInputStream(in, NpyReader.MAGIC.length);
    matrix = isMatrix(input) ? new NpyReader(input, name) : null;
    blocks = matrix == null ? new BlockReader(input) : null;
    if (matrix != null && matrix.dimension() != spec.dimension()) {
      throw new InvalidInputException(
          name + ": " + RecordRules.dimensionMismatch(matrix.dimension(), spec.dimension()));
    }
  }

  private boolean isMatrix(PushbackInputStream input) {
    try {
      byte[] start = input.readNBytes(NpyReader.MAGIC.length);
      input.unread(start);
      return Arrays.equals(start, NpyReader.MAGIC);
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }

  /**
   * The next query, or null at the end.
   *
   * @throws InvalidInputException naming file, line and what is wrong
   */
  public FileQuery next() {
    return matrix != null ? nextRow() : nextLine();
  }

  private FileQuery nextRow() {
    float[] vector = matrix.next();
    if (vector == null) {
      return null;
    }
    number++;
    String problem = QueryRules.problem(vector, null, spec);
    if (problem != null) {
      throw new InvalidInputException(name + ": row " + (number - 1) + ": " + problem);
    }
    return new FileQuery(number, null, null, vector, null, 0, null, null);
  }

  private FileQuery nextLine() {
    while (hasBlock()) {
      byte[] bytes = block.bytes();
      int start = at;
      int end = BlockReader.firstNewline(bytes, start, block.size());
      at = end + 1;
      number++;
      if (block.overlong() || end - start > blocks.maxLine()) {
        throw bad("Line is longer than the limit of " + blocks.maxLine() + " bytes");
      }
      if (!isBlank(bytes, start, end)) {
        try {
          return parser.parse(number, bytes, start, end);
        } catch (BadRecordException e) {
          throw bad(e.getMessage());
        }
      }
    }
    return null;
  }

  private InvalidInputException bad(String message) {
    return new InvalidInputException(name + ":" + number + ": " + message);
  }

  private boolean hasBlock() {
    if (block != null && at < block.size()) {
      return true;
    }
    try {
      block = blocks.next(block == null ? null : block.bytes());
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
    at = block == null ? 0 : block.textStart();
    return block != null;
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    if (matrix != null) {
      matrix.close();
      return;
    }
    try {
      blocks.close();
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }
}
