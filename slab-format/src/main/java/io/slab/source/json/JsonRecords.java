package io.slab.source.json;

import io.slab.ingest.ReadFailure;
import io.slab.source.FieldMap;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;

/** Opens readers of records in JSON. */
public final class JsonRecords {
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

  private static RecordReader open(
      String part, String namespace, RecordBlocks blocks, FieldMap fields, ReadOptions options) {
    return BlockRecordReader.open(
        part, namespace, blocks, () -> new JsonRecordParser(fields, options), options.threads());
  }

  private static InputStream stream(String part, Input input) {
    try {
      return input.open();
    } catch (IOException e) {
      throw ReadFailure.of(part, e);
    }
  }
}
