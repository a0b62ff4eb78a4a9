package io.slab.bench.fuzz;

import io.slab.bytes.Crc;
import io.slab.filter.Filter;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterRules;
import io.slab.manifest.DeletionVector;
import io.slab.manifest.IndexJson;
import io.slab.manifest.ManifestJson;
import io.slab.manifest.SettingsLog;
import io.slab.memtable.DecodedBatch;
import io.slab.model.IndexSpec;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.VectorType;
import io.slab.store.Retry;
import io.slab.testkit.MemoryStore;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalRecord;
import io.slab.wal.WalSalvage;
import io.slab.wal.WalWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Objects of an index. */
final class IndexInputs {
  private static final IndexSpec HYBRID =
      new IndexSpec("fuzz", 2, Metric.DOTPRODUCT, VectorType.HYBRID, null, 1);

  /** The index of spec/kit. */
  private static final IndexSpec KIT =
      new IndexSpec("kit", 3, Metric.COSINE, VectorType.DENSE, null, 1);

  private static final byte[] HEAD =
      "{\"crc32c\":\"00000000\"".getBytes(StandardCharsets.ISO_8859_1);

  private IndexInputs() {}

  static void log(byte[] bytes) {
    WalSalvage.of(3, bytes);
    WalSalvage.read("fuzz.wal", 3, bytes);
    DecodedBatch.of("fuzz.wal", WalReader.decode("fuzz.wal", 3, bytes), KIT);
  }

  /** Records one after the other: op, flags, length, payload. */
  static void operation(byte[] bytes) {
    List<WalRecord> records = new ArrayList<>();
    for (int at = 0; at + 3 <= bytes.length && records.size() < 16; ) {
      int length = Math.min(Byte.toUnsignedInt(bytes[at + 2]), bytes.length - at - 3);
      byte[] payload = Arrays.copyOfRange(bytes, at + 3, at + 3 + length);
      records.add(
          new WalRecord(Byte.toUnsignedInt(bytes[at]), Byte.toUnsignedInt(bytes[at + 1]), payload));
      at += 3 + length;
    }
    byte[] object =
        WalWriter.encode(new WalObject(7, Ulid.of(1, 2, 3), Ulid.of(1, 2, 4), Ulid.ZERO, records));
    DecodedBatch.of("fuzz.wal", WalReader.decode("fuzz.wal", 7, object), HYBRID);
  }

  /** What follows the checksum is the input. */
  private static byte[] sealed(byte[] rest) {
    byte[] all = Arrays.copyOf(HEAD, HEAD.length + rest.length);
    System.arraycopy(rest, 0, all, HEAD.length, rest.length);
    String digits = HexFormat.of().toHexDigits(Crc.of(all, 0, all.length));
    System.arraycopy(digits.getBytes(StandardCharsets.ISO_8859_1), 0, all, 11, 8);
    return all;
  }

  static void manifest(byte[] bytes) {
    ManifestJson.decode("fuzz.json", 7, sealed(bytes));
  }

  static void settings(byte[] bytes) {
    byte[] json = sealed(bytes);
    MemoryStore store = new MemoryStore(() -> 1);
    store.create("config/00000000000000000007.json", json);
    try {
      new SettingsLog(store, Retry.NEVER).newest();
    } finally {
      IndexJson.decode(IndexJson.NAME, json);
    }
  }

  static void deletes(byte[] bytes) {
    if (bytes.length > 0) {
      byte[] bitmap = Arrays.copyOfRange(bytes, 1, bytes.length);
      DeletionVector.decode("fuzz.dv", bitmap, 1 << 20, Byte.toUnsignedInt(bytes[0]));
      DeletionVector.decodeFile("fuzz.dv", Ulid.ZERO, 7, 1 << 20, 3, bytes);
    }
  }

  static void filter(byte[] bytes) {
    Filter filter = FilterParser.parse(new String(bytes, StandardCharsets.UTF_8));
    FilterRules.require(filter);
    FilterEvaluator.matches(filter, Metadata.EMPTY);
    Filter again = FilterParser.parse(filter.toJson());
    if (!again.toJson().equals(filter.toJson())) {
      throw new IllegalStateException(filter.toJson() + " becomes " + again.toJson());
    }
  }
}
