package io.slab.export;

import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.VectorRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Dense vectors as a NumPy matrix of float32 and everything else as JSON lines beside it, one for
 * each row, as {@code ingest --metadata} reads them.
 */
public final class NpyWriter implements RecordWriter {
  /** Name of the matrix in its folder. */
  public static final String MATRIX = "vectors.npy";

  /** Name of the lines beside it. */
  public static final String LINES = "metadata.jsonl";

  /** Longest header; the number of rows is known at the end only. */
  private static final int HEADER = 128;

  private final int dimension;
  private final FileChannel matrix;
  private final OutputStream lines;
  private final ByteBuffer buffer;
  private long rows;

  /**
   * @param folder exists
   * @param dimension of every record
   */
  public NpyWriter(Path folder, int dimension) throws IOException {
    this.dimension = dimension;
    matrix =
        FileChannel.open(
            folder.resolve(MATRIX), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    lines = new BufferedOutputStream(Files.newOutputStream(folder.resolve(LINES)), 1 << 16);
    buffer = ByteBuffer.allocate(Math.max(1 << 20, 4 * dimension)).order(ByteOrder.LITTLE_ENDIAN);
    matrix.position(HEADER);
  }

  @Override
  public void write(VectorRecord record) throws IOException {
    if (buffer.remaining() < 4 * dimension) {
      drain();
    }
    for (float value : record.values()) {
      buffer.putFloat(value);
    }
    rows++;
    VectorRecord rest = new VectorRecord(record.id(), null, record.sparse(), record.metadata());
    lines.write(Json.bytes(json -> RecordJson.write(json, rest)));
    lines.write('\n');
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      matrix.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void finish() throws IOException {
    drain();
    lines.flush();
    String shape =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + dimension + "), }";
    String text = shape + " ".repeat(HEADER - 11 - shape.length()) + "\n";
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0).putShort((short) text.length());
    header.put(text.getBytes(StandardCharsets.US_ASCII)).flip();
    matrix.write(header, 0);
    matrix.force(true);
  }

  @Override
  public void close() throws IOException {
    try (lines) {
      matrix.close();
    }
  }
}
