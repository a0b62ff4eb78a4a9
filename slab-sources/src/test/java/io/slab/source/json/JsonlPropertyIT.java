package io.slab.source.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.json.Json;
import io.slab.json.JsonNode;
import io.slab.json.RecordJson;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.MetadataSize;
import io.slab.model.RecordRules;
import io.slab.model.SparseVector;
import io.slab.model.VectorRecord;
import io.slab.source.Note;
import io.slab.testkit.Breadth;
import io.slab.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random records written by Jackson and read by hand, and random damage beside Jackson's verdict.
 */
class JsonlPropertyIT {
  private static final IndexSpec SPEC = JsonlFixture.HYBRID;

  private static SplittableRandom random(String test) {
    long seed = Seeds.of("JsonlPropertyIT." + test);
    return new SplittableRandom(seed);
  }

  static VectorRecord record(SplittableRandom random) {
    Map<String, MetaValue> fields = new TreeMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      fields.put("f" + text(random, 8), value(random));
    }
    float[] values = new float[SPEC.dimension()];
    for (int i = 0; i < values.length; i++) {
      values[i] = finite(random);
    }
    return new VectorRecord(
        "i" + text(random, 20).replace("\0", ""), values, sparse(random), Metadata.of(fields));
  }

  private static float finite(SplittableRandom random) {
    float value = Float.intBitsToFloat(random.nextInt());
    return Float.isFinite(value) ? value : 0.1f;
  }

  private static SparseVector sparse(SplittableRandom random) {
    int count = random.nextInt(5);
    if (count == 0) {
      return null;
    }
    int[] indices = new int[count];
    float[] weights = new float[count];
    int index = random.nextInt(0x1000_0000);
    for (int i = 0; i < count; i++) {
      indices[i] = index;
      weights[i] = finite(random);
      index += random.nextInt(1, 0x3000_0000);
    }
    return new SparseVector(indices, weights);
  }

  private static MetaValue value(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> new MetaValue.Str(text(random, 40));
      case 1 -> new MetaValue.Num(number(random));
      case 2 -> new MetaValue.Bool(random.nextBoolean());
      case 3 -> new MetaValue.StrList(List.of());
      default -> new MetaValue.StrList(List.of(text(random, 5), "", text(random, 5)));
    };
  }

  private static double number(SplittableRandom random) {
    double value =
        switch (random.nextInt(3)) {
          case 0 -> random.nextInt(-1000, 1000);
          case 1 -> random.nextLong();
          default -> Double.longBitsToDouble(random.nextLong());
        };
    return Double.isFinite(value) ? value : 0.5;
  }

  private static String text(SplittableRandom random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(6)) {
            case 0 -> random.nextInt(0x80);
            case 1 -> random.nextInt(0x80, 0xD800);
            case 2 -> random.nextInt(0xE000, 0x110000);
            default -> random.nextInt('a', 'z');
          });
    }
    return text.toString();
  }

  private static void assertSame(VectorRecord expected, VectorRecord actual) {
    assertEquals(expected.id(), actual.id());
    assertEquals(expected.metadata(), actual.metadata());
    assertArrayEquals(expected.values(), actual.values());
    if (expected.sparse() == null) {
      assertNull(actual.sparse());
    } else {
      assertArrayEquals(expected.sparse().indices(), actual.sparse().indices());
      assertArrayEquals(expected.sparse().weights(), actual.sparse().weights());
    }
  }

  /** A stream that gives what it has in pieces of random length. */
  static InputStream pieces(byte[] bytes, SplittableRandom random) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, random.nextInt(1, 700)));
      }

      @Override
      public int available() {
        return random.nextBoolean() ? 0 : super.available();
      }
    };
  }

  @Test
  void whatRecordJsonWritesIsReadBackFromBlocksOfAnySize() throws IOException {
    SplittableRandom random = random("whatRecordJsonWritesIsReadBack");
    List<VectorRecord> records = new ArrayList<>();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      VectorRecord record = record(random);
      records.add(record);
      byte[] line = Json.bytes(json -> RecordJson.write(json, record));
      assertEquals(
          Json.bytes(json -> RecordJson.write(json, record.metadata())).length,
          MetadataSize.bytes(record.metadata()));
      file.write(line);
      file.write(random.nextInt(3) == 0 ? new byte[] {'\r', '\n'} : new byte[] {'\n'});
      offsets.add((long) file.size());
    }
    for (int block : new int[] {1, 7, 64, 1000, 1 << 16, 1 << 20}) {
      BlockReader blocks =
          new BlockReader(pieces(file.toByteArray(), random), block, BlockReader.MAX_LINE_BYTES);
      try (IndexLines reader = new IndexLines(blocks, "f", SPEC)) {
        for (int i = 0; i < records.size(); i++) {
          assertTrue(reader.next());
          assertNull(reader.problem(), () -> reader.problem().toString());
          assertEquals(i + 1, reader.line());
          // The end of a line may be two bytes.
          assertEquals(offsets.get(i), reader.bytesRead(), 2);
          assertSame(records.get(i), reader.record());
        }
        assertTrue(!reader.next());
      }
    }
  }

  /** All that the hand-written parser takes, Jackson takes too and sees the same in it. */
  @Test
  void damagedLinesNeverPassUnnoticed() {
    SplittableRandom random = random("damagedLinesNeverPassUnnoticed");
    int accepted = 0;
    for (int i = 0; i < Breadth.of(15_000, 1_000_000); i++) {
      VectorRecord record = record(random);
      byte[] line = Json.bytes(json -> RecordJson.write(json, record));
      for (int hits = random.nextInt(1, 3); hits > 0; hits--) {
        line = damage(line, random);
      }
      for (byte b : line) {
        // A newline would make two lines of it.
        if (b == '\n') {
          line = new byte[] {'{'};
        }
      }
      try (IndexLines reader = new IndexLines(new ByteArrayInputStream(line), "f", SPEC)) {
        if (!reader.next()) {
          continue;
        }
        if (reader.record() == null) {
          assertNotNull(reader.problem().message());
          continue;
        }
        accepted++;
        VectorRecord read = reader.record();
        JsonNode tree;
        try {
          tree = Json.parse("line", new String(line, StandardCharsets.UTF_8));
        } catch (InvalidInputException e) {
          // A member that is passed over may hold a number that a tree cannot.
          assertTrue(e.getMessage().contains("beyond the range"), e.getMessage());
          continue;
        }
        if (reader.notes().stream().anyMatch(note -> note.kind() != Note.Kind.VALUES_ROUNDED)) {
          continue;
        }
        assertEquals(tree.get("id").stringValue(), read.id());
        float value = read.values()[1];
        assertEquals((float) tree.get("values").get(1).doubleValue(), value, Math.ulp(value));
        assertNull(RecordRules.problem(read, SPEC));
      }
    }
    assertTrue(accepted > 500);
  }

  private static byte[] damage(byte[] line, SplittableRandom random) {
    int at = random.nextInt(line.length);
    byte[] changed = line.clone();
    switch (random.nextInt(3)) {
      case 0 -> changed[at] = (byte) random.nextInt(256);
      case 1 -> changed[at] = (byte) "{}[]\",:0123456789eE+-.\\untf ".charAt(random.nextInt(28));
      default -> {
        byte[] shorter = new byte[line.length - 1];
        System.arraycopy(line, 0, shorter, 0, at);
        System.arraycopy(line, at + 1, shorter, at, shorter.length - at);
        return shorter.length == 0 ? line : shorter;
      }
    }
    return changed;
  }
}
