package io.slab.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalKindsTest {
  private static SourceProblem problem(int line, String message) {
    return new SourceProblem("f:" + line, line - 1, -1, null, null, message);
  }

  @Test
  void reasonsThatDifferInNumbersAndQuotedTextsAreOneKind() {
    RefusalKinds kinds = new RefusalKinds();
    kinds.add(problem(1, "Field 'a' has 3 parts"));
    kinds.add(problem(2, "no id"));
    kinds.add(problem(3, "Field 'b 7' has 12 parts"));
    kinds.add(problem(4, "Field '' has 0 parts"));
    kinds.add(problem(5, "Field 'c' has 3 parts"));
    kinds.add(problem(6, "it's 'x"));
    assertEquals(
        List.of(
            new RefusalKinds.Kind("Field 'a' has 3 parts", null, 4, List.of("f:1", "f:3", "f:4")),
            new RefusalKinds.Kind("no id", null, 1, List.of("f:2")),
            new RefusalKinds.Kind("it's 'x", null, 1, List.of("f:6"))),
        kinds.all());
  }

  @Test
  void theNumberOfKindsIsBounded() {
    RefusalKinds kinds = new RefusalKinds();
    for (int i = 0; i < 3 * RefusalKinds.MAX_KINDS; i++) {
      kinds.add(problem(i + 1, "reason " + "x".repeat(i)));
    }
    List<RefusalKinds.Kind> all = kinds.all();
    assertEquals(RefusalKinds.MAX_KINDS + 1, all.size());
    assertEquals(RefusalKinds.OTHERS, all.getLast().reason());
    assertEquals(2 * RefusalKinds.MAX_KINDS, all.getLast().count());
  }
}
