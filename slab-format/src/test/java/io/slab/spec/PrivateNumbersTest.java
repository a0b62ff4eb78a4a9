package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.Problem;
import io.slab.error.UnsupportedException;
import io.slab.format.SlabReader;
import io.slab.format.file.SectionKind;
import io.slab.format.file.SlabFormat;
import io.slab.testkit.TestSlabs;
import io.slab.testkit.spec.SlabEditor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * What a reader says of numbers that no version knows: not "update slab". That it takes and refuses
 * them like other unknown ones is in {@link BadSlabsIT}.
 */
class PrivateNumbersTest {
  private static final byte[] GOOD = BadSlabsIT.good();

  private static void refused(UnaryOperator<SlabEditor> change, Consumer<SlabReader> use) {
    byte[] bytes = change.apply(new SlabEditor(GOOD)).sealDirectory().bytes();
    UnsupportedException e =
        assertThrows(
            UnsupportedException.class,
            () -> {
              try (SlabReader slab = TestSlabs.open(bytes)) {
                use.accept(slab);
              }
            });
    assertTrue(e.hint() != null && e.hint().contains("private"), e.getMessage() + ": " + e.hint());
  }

  private static String problem(UnaryOperator<SlabEditor> change) {
    byte[] bytes = change.apply(new SlabEditor(GOOD)).sealDirectory().bytes();
    Problem first = TestSlabs.problems(bytes).getFirst();
    assertTrue(first.unsupported(), first.toString());
    return first.problem();
  }

  private static SlabEditor critical(SlabEditor e, int kind) {
    int entry = e.entry(SectionKind.ID_BLOOM);
    return e.u16(entry, kind).u8(entry + 7, SlabFormat.FLAG_CRITICAL).sortDirectory();
  }

  private static SlabEditor feature(SlabEditor e, int bit) {
    return e.u64(e.trailer() + 48, 1L << bit);
  }

  @Test
  void errorsSayWhoKnowsThem() {
    refused(e -> critical(e, 0x8000), SlabReader::rows);
    refused(e -> feature(e, 48), SlabReader::rows);
    refused(e -> e.u16(e.entry(SectionKind.META_BLOCKS) + 40, 0x8000), slab -> slab.metadata(0));
    refused(e -> e.u8(e.entry(SectionKind.META_ROWS) + 6, 0x80), slab -> slab.metadata(0));
    refused(
        e ->
            e.replace(e.entry(SectionKind.MANIFEST), "\"cosine\"", "\"x-mine\"")
                .sealSection(e.entry(SectionKind.MANIFEST)),
        SlabReader::rows);
  }

  @Test
  void aCheckSaysItToo() {
    assertTrue(problem(e -> critical(e, 0x8000)).contains("private"));
    assertTrue(problem(e -> critical(e, 0x7FFF)).contains("newer version"));
    assertTrue(problem(e -> feature(e, 63)).contains("private"));
    assertTrue(problem(e -> feature(e, 47)).contains("newer version"));
  }

  @Test
  void aNewerVersionIsStillTheAdviceForOthers() {
    byte[] bytes = critical(new SlabEditor(GOOD), 0x7FFF).sealDirectory().bytes();
    assertEquals(
        null, assertThrows(UnsupportedException.class, () -> TestSlabs.open(bytes)).hint());
  }
}
