package io.slab.spec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.ann.Rotation;
import io.slab.ann.SplitMix64;
import io.slab.bytes.BitPacking;
import io.slab.bytes.ByteCursor;
import io.slab.bytes.ByteWriter;
import io.slab.bytes.Crc;
import io.slab.bytes.XxHash64;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.filter.FilterEvaluator;
import io.slab.filter.FilterParser;
import io.slab.filter.FilterProblem;
import io.slab.format.LedgerSum;
import io.slab.format.section.RoaringBlob;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.model.MetadataSize;
import io.slab.model.Metric;
import io.slab.model.SparseVector;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.testkit.spec.JsonRecords;
import io.slab.testkit.spec.Kit;
import io.slab.vector.CanonicalScore;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/** The check values of spec/kit/vectors.json. */
class KitVectorsTest {
  private static final JsonNode VECTORS = Kit.load("vectors.json");

  private static byte[] bytes(JsonNode value, String member) {
    return HexFormat.of().parseHex(value.get(member).stringValue());
  }

  private static long hex(JsonNode value, String member) {
    return Long.parseUnsignedLong(value.get(member).stringValue(), 16);
  }

  @Test
  void checksums() {
    for (JsonNode value : VECTORS.get("crc32c")) {
      assertEquals(value.get("crc").stringValue(), crc(Crc.of(segment(value))));
    }
    for (JsonNode value : VECTORS.get("crc32cWithContext")) {
      Ulid id = Ulid.read(MemorySegment.ofArray(bytes(value, "id")), 0);
      long position = value.get("position").longValue();
      int number = (int) value.get("number").longValue();
      assertEquals(
          value.get("crc").stringValue(), crc(Crc.of(id, position, number, segment(value))));
    }
    for (JsonNode value : VECTORS.get("xxh64")) {
      byte[] in = bytes(value, "bytes");
      assertEquals(hex(value, "hash"), XxHash64.hash(in, 0, in.length, hex(value, "seed")));
    }
    for (JsonNode value : VECTORS.get("splitmix64")) {
      for (int n = 0; n < value.get("outputs").size(); n++) {
        String output = HexFormat.of().toHexDigits(SplitMix64.at(hex(value, "seed"), n));
        assertEquals(value.get("outputs").get(n).stringValue(), output);
      }
    }
  }

  private static MemorySegment segment(JsonNode value) {
    return MemorySegment.ofArray(bytes(value, "bytes"));
  }

  private static String crc(int crc) {
    return HexFormat.of().toHexDigits(crc);
  }

  @Test
  void ulids() {
    for (JsonNode value : VECTORS.get("ulid")) {
      Ulid id = Ulid.parse(value.get("text").stringValue());
      assertEquals(Ulid.read(segment(value), 0), id);
      assertEquals(value.get("text").stringValue(), id.toString());
    }
    for (JsonNode text : VECTORS.get("ulidRefused")) {
      assertThrows(IllegalArgumentException.class, () -> Ulid.parse(text.stringValue()));
    }
  }

  @Test
  void uvarints() {
    for (JsonNode value : VECTORS.get("uvarint")) {
      ByteCursor in = new ByteCursor("uvarint", bytes(value, "bytes"));
      assertEquals(value.get("value").stringValue(), Long.toUnsignedString(in.uvarint("value")));
      in.end("value");
    }
    for (JsonNode text : VECTORS.get("uvarintRefused")) {
      ByteCursor in = new ByteCursor("uvarint", HexFormat.of().parseHex(text.stringValue()));
      assertThrows(CorruptException.class, () -> in.uvarint("value"), text.stringValue());
    }
  }

  @Test
  void packing() {
    for (JsonNode value : VECTORS.get("packing")) {
      int width = value.get("width").intValue();
      ByteWriter packed = new ByteWriter();
      BitPacking.Writer writer =
          new BitPacking.Writer(width, words -> packed.bytes(words.toArray(JAVA_BYTE)));
      int i = 0;
      for (JsonNode number : value.get("numbers")) {
        long expected = Long.parseUnsignedLong(number.stringValue());
        assertEquals(expected, BitPacking.get(segment(value), width, i++));
        writer.add(expected);
      }
      writer.finish();
      assertEquals(BitPacking.byteLength(i, width), segment(value).byteSize());
      assertArrayEquals(bytes(value, "bytes"), packed.toBytes());
    }
  }

  @Test
  void roaring() {
    for (JsonNode value : VECTORS.get("roaring")) {
      MutableRoaringBitmap members = new MutableRoaringBitmap();
      for (JsonNode range : value.get("members")) {
        members.add(range.get(0).longValue(), range.get(1).longValue() + 1);
      }
      int rows = value.get("rows").intValue();
      ImmutableRoaringBitmap found =
          RoaringBlob.map("bitmap", 0, segment(value), members.getCardinality(), rows);
      assertEquals(members, found.toMutableRoaringBitmap());
    }
    for (JsonNode value : VECTORS.get("roaringRefused")) {
      int rows = value.get("rows").intValue();
      for (int cardinality = 0; cardinality <= 20; cardinality++) {
        int claimed = cardinality == 20 ? 4_999 : cardinality;
        assertThrows(
            CorruptException.class,
            () -> RoaringBlob.map("bitmap", 0, segment(value), claimed, rows),
            value.get("what").stringValue());
      }
    }
  }

  @Test
  void ledgers() {
    for (JsonNode value : VECTORS.get("ledger")) {
      LedgerSum sum = new LedgerSum();
      for (JsonNode row : value.get("rows")) {
        byte[] id = Utf8.bytes(row.get("id").stringValue());
        long key = sum.id(id, Long.parseUnsignedLong(row.get("lsn").stringValue()));
        sum.dense(key, Kit.floats(row.get("values")));
        sum.sparse(key, sparse(row));
        sum.metadata(key, JsonRecords.metadata(row.get("metadata")));
      }
      assertEquals(value.get("ledger").stringValue(), sum.ledger().toString());
    }
  }

  private static SparseVector sparse(JsonNode row) {
    if (!row.has("indices")) {
      return null;
    }
    int[] indices = new int[row.get("indices").size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = (int) row.get("indices").get(i).longValue();
    }
    return new SparseVector(indices, Kit.floats(row.get("weights")));
  }

  @Test
  void rotations() {
    for (JsonNode value : VECTORS.get("rotation")) {
      float[] values = Kit.floats(value.get("values"));
      Rotation rotation = new Rotation(values.length, hex(value, "seed"));
      float[] turned = Arrays.copyOf(values, rotation.padded());
      rotation.apply(turned);
      assertArrayEquals(Kit.floats(value.get("rotated")), turned);
    }
  }

  @Test
  void scores() {
    for (JsonNode value : VECTORS.get("scores")) {
      Metric metric = Metric.ofLabel(value.get("metric").stringValue());
      float[] query = Kit.floats(value.get("query"));
      float[] values = Kit.floats(value.get("values"));
      float score = (float) CanonicalScore.dense(metric, query, values);
      String bits = HexFormat.of().toHexDigits(Float.floatToIntBits(score));
      assertEquals(value.get("score").stringValue(), bits, value.toString());
    }
    for (JsonNode value : VECTORS.get("order")) {
      order(value);
    }
  }

  private record Scored(String id, float score) {}

  private static void order(JsonNode value) {
    Metric metric = Metric.ofLabel(value.get("metric").stringValue());
    float[] query = Kit.floats(value.get("query"));
    List<Scored> scored = new ArrayList<>();
    for (JsonNode record : value.get("records")) {
      float[] values = Kit.floats(record.get("values"));
      float score = (float) CanonicalScore.dense(metric, query, values);
      scored.add(new Scored(record.get("id").stringValue(), score));
    }
    // 0.0 and -0.0 are equal, which Float.compare does not know.
    Comparator<Scored> near =
        (a, b) -> a.score() == b.score() ? 0 : Float.compare(a.score(), b.score());
    near = metric.largerIsNearer() ? near.reversed() : near;
    scored.sort(near.thenComparing(Scored::id, Utf8.ORDER));
    List<String> ids = new ArrayList<>();
    value.get("ids").forEach(id -> ids.add(id.stringValue()));
    assertEquals(ids, scored.stream().map(Scored::id).toList());
  }

  @Test
  void filters() {
    for (JsonNode value : VECTORS.get("filters")) {
      boolean matches =
          FilterEvaluator.matches(
              FilterParser.parse(Json.text(value.get("filter"))),
              JsonRecords.metadata(value.get("metadata")));
      assertEquals(value.get("matches").booleanValue(), matches, value.toString());
    }
    for (JsonNode value : VECTORS.get("filterProblems")) {
      List<FilterProblem> problems = FilterParser.problems(value.get("filter"));
      assertEquals(1, problems.size(), value.toString());
      assertEquals(value.get("path").stringValue(), problems.getFirst().path());
      assertEquals(value.get("message").stringValue(), problems.getFirst().message());
    }
    VECTORS.get("filterTextRead").forEach(text -> FilterParser.parse(text.stringValue()));
    for (JsonNode text : VECTORS.get("filterTextRefused")) {
      assertThrows(
          InvalidInputException.class,
          () -> FilterParser.parse(text.stringValue()),
          text.stringValue());
    }
  }

  @Test
  void compactJson() {
    for (JsonNode value : VECTORS.get("compactJson")) {
      long size = MetadataSize.bytes(JsonRecords.metadata(value.get("metadata")));
      assertEquals(value.get("bytes").longValue(), size, value.toString());
    }
  }
}
