package io.slab.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.SlabException;
import io.slab.json.Json;
import io.slab.json.RecordJson;
import io.slab.model.IndexSpec;
import io.slab.model.Metric;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.model.VectorType;
import io.slab.source.ReadOptions;
import io.slab.source.RecordReader;
import io.slab.source.ScanOptions;
import io.slab.source.Source;
import io.slab.source.SourcePart;
import io.slab.source.scan.SourceScanner;
import io.slab.testkit.RandomRecords;
import io.slab.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written comes back bit for bit, and damage never as an answer. */
class RoundTripIT {
  @TempDir Path folder;

  private static List<VectorRecord> records(IndexSpec spec, long seed, int count) {
    List<VectorRecord> records = new ArrayList<>();
    for (VectorRecord record : new RandomRecords(new Random(seed), spec).list(count)) {
      if (RecordRules.find(record, spec) == null) {
        records.add(record);
      }
    }
    return records;
  }

  private static List<VectorRecord> read(Path place, int threads) {
    Source source = SourceScanner.scan(place.toString(), ScanOptions.defaults());
    List<VectorRecord> records = new ArrayList<>();
    for (SourcePart part : source.parts()) {
      try (RecordReader reader = part.open(ReadOptions.defaults().withThreads(threads))) {
        while (reader.next()) {
          assertEquals(null, reader.problem());
          records.add(reader.record());
        }
      }
    }
    return records;
  }

  private static void same(List<VectorRecord> expected, List<VectorRecord> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < found.size(); i++) {
      VectorRecord a = expected.get(i);
      VectorRecord b = found.get(i);
      assertEquals(a.id(), b.id());
      assertArrayEquals(bits(a.values()), bits(b.values()));
      same(a.sparse(), b.sparse());
      assertEquals(
          Json.text(out -> RecordJson.write(out, a.metadata())),
          Json.text(out -> RecordJson.write(out, b.metadata())));
    }
  }

  private static int[] bits(float[] values) {
    if (values == null) {
      return null;
    }
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private static void same(SparseVector a, SparseVector b) {
    assertEquals(a == null, b == null);
    if (a != null) {
      assertArrayEquals(a.indices(), b.indices());
      assertArrayEquals(bits(a.weights()), bits(b.weights()));
    }
  }

  private static void write(RecordWriter writer, List<VectorRecord> records) throws IOException {
    try (writer) {
      for (VectorRecord record : records) {
        writer.write(record);
      }
      writer.finish();
    }
  }

  @Test
  void everyFormatBringsRecordsBack() throws IOException {
    long seed = Seeds.of("RoundTripIT.everyFormatBringsRecordsBack");
    for (VectorType type : VectorType.values()) {
      Metric metric = type.hasSparse() ? Metric.DOTPRODUCT : Metric.COSINE;
      IndexSpec spec = new IndexSpec("i", type.hasDense() ? 37 : 0, metric, type, null, 0);
      List<VectorRecord> records = records(spec, seed, 500);
      assertTrue(records.size() > 300, "records " + records.size());
      Path lines = folder.resolve(type + ".jsonl");
      write(new JsonlWriter(Files.newOutputStream(lines), null), records);
      same(records, read(lines, 1));
      Path parquet = folder.resolve(type + ".parquet");
      write(new ParquetWriter(parquet, type), records);
      same(records, read(parquet, 1));
      same(records, read(parquet, 2));
      if (type.hasDense()) {
        Path matrix = Files.createDirectory(folder.resolve(type + ".npy"));
        write(new NpyWriter(matrix, 37), records);
        same(records, read(matrix, 1));
      }
    }
  }

  @Test
  void damageIsNeverReadAsSomethingElse() throws IOException {
    long seed = Seeds.of("RoundTripIT.damageIsNeverReadAsSomethingElse");
    IndexSpec spec = new IndexSpec("i", 19, Metric.DOTPRODUCT, VectorType.HYBRID, null, 0);
    List<VectorRecord> records = records(spec, seed, 60);
    Path file = folder.resolve("a.parquet");
    write(new ParquetWriter(file, VectorType.HYBRID), records);
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      byte[] bad = good.clone();
      int flips = 1 + random.nextInt(3);
      for (int i = 0; i < flips; i++) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      int size = random.nextInt(5) == 0 ? random.nextInt(bad.length) : bad.length;
      Files.write(file, Arrays.copyOf(bad, size));
      try {
        Source source = SourceScanner.scan(file.toString(), ScanOptions.defaults());
        try (RecordReader reader = source.parts().getFirst().open(ReadOptions.defaults())) {
          while (reader.next()) {
            reader.raw();
          }
        }
      } catch (SlabException e) {
        refused++;
      }
    }
    assertTrue(refused > 700, "refused " + refused);
    Files.write(file, Arrays.copyOf(good, good.length - 1));
    assertThrows(SlabException.class, () -> read(file, 1));
  }
}
