package io.slab.search;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.slab.model.Metadata;
import io.slab.model.VectorRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatchChoiceTest {
  private static Match match(String id, float score, float x, float y, String group) {
    Metadata metadata = group == null ? Metadata.EMPTY : Metadata.EMPTY.with("g", group);
    return new Match(id, score, new VectorRecord(id, new float[] {x, y}, null, metadata));
  }

  private static String ids(List<Match> matches) {
    return String.join(" ", matches.stream().map(Match::id).toList());
  }

  private static final List<Match> NEAREST =
      List.of(
          match("a", 0.9f, 1, 0, "one"),
          match("b", 0.89f, 1, 0.01f, "one"),
          match("c", 0.5f, 0, 1, "two"),
          match("d", 0.4f, 0.01f, 1, null),
          match("e", 0.1f, -1, 0, null));

  @Test
  void theFirstOfEachValueStays() {
    assertEquals("a c d e", ids(MatchChoice.firstOfEach(NEAREST, "g", 9)));
    assertEquals("a c", ids(MatchChoice.firstOfEach(NEAREST, "g", 2)));
    assertEquals("a b c d e", ids(MatchChoice.firstOfEach(NEAREST, "other", 9)));
    assertEquals("", ids(MatchChoice.firstOfEach(List.of(), "g", 9)));
  }

  @Test
  void likeMatchesWaitForOthers() {
    assertEquals("a b c", ids(MatchChoice.diverse(NEAREST, 1, 3)));
    assertEquals("a c e", ids(MatchChoice.diverse(NEAREST, 0.5, 3)));
    assertEquals("a c e", ids(MatchChoice.diverse(NEAREST, 0, 3)));
    assertEquals("a c b e d", ids(MatchChoice.diverse(NEAREST, 0.6, 9)));
    assertEquals("", ids(MatchChoice.diverse(List.of(), 0.5, 3)));
  }

  @Test
  void smallerScoresMayBeTheBetterOnes() {
    List<Match> distances =
        List.of(
            match("a", 0, 1, 0, null), match("b", 0.1f, 1, 0.01f, null), match("c", 4, 0, 1, null));
    assertEquals("a b c", ids(MatchChoice.diverse(distances, 0.9, 3)));
    assertEquals("a c b", ids(MatchChoice.diverse(distances, 0.3, 3)));
  }
}
