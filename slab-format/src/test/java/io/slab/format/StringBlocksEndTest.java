package io.slab.format;

import static io.slab.format.file.SectionKind.COLUMN_DICT;
import static io.slab.format.file.SectionKind.ID_BLOCKS;
import static io.slab.format.file.SectionKind.TOMBSTONES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.CorruptException;
import io.slab.filter.Filter;
import io.slab.filter.FilterParser;
import io.slab.format.file.DirectoryEntry;
import io.slab.format.file.SectionKind;
import io.slab.model.Utf8;
import io.slab.testkit.SlabSurgeon;
import io.slab.testkit.TestSlabs;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The strings of a section end where the section ends, and its raw length is theirs (8.3): each
 * reader of the section, and a check, refuses a byte more.
 */
class StringBlocksEndTest {
  private static final byte[] GOOD = golden("cosine");
  private static final byte[] NUMBERED = golden("cells");

  private static byte[] golden(String name) {
    return GoldenSlabs.all().stream()
        .filter(golden -> golden.name().equals(name))
        .findFirst()
        .orElseThrow()
        .build();
  }

  private static DirectoryEntry entry(byte[] slab, SectionKind kind) {
    return SlabSurgeon.sections(slab).stream()
        .filter(e -> e.kind() == kind.code() && (kind != COLUMN_DICT || e.codec() != 0))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] changed(
      byte[] slab, SectionKind kind, UnaryOperator<SlabSurgeon.Part> change) {
    return SlabSurgeon.change(slab, entry(slab, kind), change::apply);
  }

  private static SlabSurgeon.Part longer(SlabSurgeon.Part part) {
    byte[] bytes = Arrays.copyOf(part.bytes(), part.bytes().length + 1);
    return new SlabSurgeon.Part(part.spec(), bytes, part.rawLength() + 1, part.items());
  }

  private static void refused(byte[] slab, java.util.function.Consumer<SlabReader> read) {
    assertFalse(TestSlabs.problems(slab).isEmpty());
    try (SlabReader reader = TestSlabs.open(slab)) {
      assertThrows(CorruptException.class, () -> read.accept(reader));
    }
  }

  @Test
  void goodOnesAreRead() {
    assertEquals(List.of(), TestSlabs.problems(GOOD));
    assertEquals(List.of(), TestSlabs.problems(NUMBERED));
  }

  @Test
  void aByteAfterTheLastIdIsRefused() {
    byte[] slab = changed(GOOD, ID_BLOCKS, StringBlocksEndTest::longer);
    refused(slab, reader -> reader.rowId(0));
    refused(slab, reader -> reader.find(Utf8.bytes("doc#1")));
  }

  @Test
  void aByteAfterTheLastNumberIsRefused() {
    refused(changed(NUMBERED, ID_BLOCKS, StringBlocksEndTest::longer), reader -> reader.rowAt(0));
  }

  @Test
  void aByteAfterTheLastTombstoneIsRefused() {
    refused(changed(GOOD, TOMBSTONES, StringBlocksEndTest::longer), SlabReader::tombstones);
  }

  @Test
  void aByteAfterTheLastStringOfADictionaryIsRefused() {
    Filter filter = FilterParser.parse("{\"any\":\"x\"}");
    byte[] slab = changed(GOOD, COLUMN_DICT, StringBlocksEndTest::longer);
    assertFalse(TestSlabs.problems(slab).isEmpty());
    try (SlabReader damaged = TestSlabs.open(slab);
        SlabReader good = TestSlabs.open(GOOD)) {
      assertEquals(good.matching(filter), damaged.matching(filter));
      assertEquals(1, damaged.leftOut().size());
    }
  }

  /** An id with NUL, and one that is no UTF-8, is found by a check and is no answer. */
  @Test
  void whatIsNoIdIsNotHandedOut() {
    for (int wrong : new int[] {0, 0xFF}) {
      byte[] slab =
          changed(
              golden("one"),
              ID_BLOCKS,
              part -> {
                byte[] bytes = part.bytes().clone();
                bytes[bytes.length - 1] = (byte) wrong;
                return part.bytes(bytes);
              });
      refused(slab, reader -> reader.rowId(0));
      refused(slab, reader -> reader.idAt(0));
      refused(slab, reader -> reader.record(0));
    }
  }

  @Test
  void aRawLengthThatIsNotThatOfTheBlocksIsFound() {
    byte[] slab =
        changed(
            GOOD,
            ID_BLOCKS,
            part ->
                new SlabSurgeon.Part(
                    part.spec(), part.bytes(), part.rawLength() + 1, part.items()));
    assertTrue(TestSlabs.problems(slab).getFirst().problem().contains("raw length"));
  }
}
