package io.slab.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.CommitRules.CommitState;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.model.Ulid;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who may commit what, and what became of it, by one manifest alone. */
class CommitRulesTest {
  private static final NamespaceNames NAMES = new NamespaceNames("ns");
  private static final Ulid OURS = new Ulid(5, 5);
  private static final String SLAB = NamespaceNames.slabFile(OURS);

  private final NamespaceManifest first =
      NamespaceManifest.first("ns", new Ulid(1, 1), new Ulid(2, 2), 0, "test", new TreeMap<>());

  private NamespaceManifest next(Ulid commit) {
    return first.next(commit, 0, "test", Edit.unchanged(first, NamespaceManifest.GC));
  }

  @Test
  void aFileThatIsCondemnedOrGoneIsNotNamed() {
    NamespaceManifest free = next(OURS);
    NamespaceManifest condemned = free.withCondemned(List.of(SLAB));
    String file = NAMES.folder() + SLAB;
    assertTrue(CommitRules.mayName(free, NAMES, List.of(file), Set.of(file)));
    assertFalse(CommitRules.mayName(condemned, NAMES, List.of(file), Set.of(file)));
    assertFalse(CommitRules.mayName(free, NAMES, List.of(file), Set.of()));
  }

  @Test
  void theHistoryTellsWhatBecameOfACommit() {
    NamespaceManifest newest = next(OURS);
    assertEquals(CommitState.COMMITTED, CommitRules.manifest(newest, 2, OURS));
    assertEquals(CommitState.LOST, CommitRules.manifest(newest, 2, new Ulid(6, 6)));
    assertEquals(CommitState.LOOK, CommitRules.manifest(newest, 3, new Ulid(6, 6)));
  }
}
