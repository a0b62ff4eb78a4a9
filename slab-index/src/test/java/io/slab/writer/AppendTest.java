package io.slab.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.error.InvalidInputException;
import io.slab.manifest.Appends;
import io.slab.manifest.BuiltSlabs;
import io.slab.memtable.WriteOp;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.namespace.AsOf;
import io.slab.namespace.NamespaceAdmin;
import io.slab.namespace.NamespaceHandle;
import io.slab.namespace.PastStates;
import io.slab.snapshot.Oracle;
import io.slab.writer.CommitResult.State;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Slabs that are appended to a namespace with records, beside others. Each handle is a process.
 * What must be there is what a log would hold in which the rows stand where the append began.
 */
class AppendTest extends AppendFixture {
  @Test
  void rowsJoinTheRecordsAndReplaceThoseOfTheirIds() {
    fill();
    assertCommits(built());
  }

  @Test
  void anEmptyOrNewNamespaceIsFilled() {
    assertCommits(built());
    AppendTest emptied = new AppendTest();
    emptied.write(emptied.before, upserts(0, 30), true);
    emptied.write(emptied.before, List.of(new WriteOp.DeleteAll()), true);
    emptied.assertCommits(emptied.built());
  }

  /** A flush of a namespace without slabs says that all was deleted before it. */
  @Test
  void writesIntoANewNamespaceMeanwhileDeleteNothing() {
    BuiltSlabs built = built();
    write(after, upserts(58, 62), true);
    write(after, List.of(new WriteOp.DeleteId("r058")), true);
    compact();
    assertCommits(built);
  }

  @Test
  void whatIsWrittenLaterWins() {
    for (boolean flush : new boolean[] {false, true}) {
      for (boolean compact : new boolean[] {false, true}) {
        AppendTest test = new AppendTest();
        test.fill();
        BuiltSlabs built = test.built();
        test.write(test.after, upserts(25, 27), flush);
        test.write(test.after, List.of(new WriteOp.DeleteId("r040")), flush);
        test.write(test.after, List.of(new WriteOp.DeleteId("r059")), flush);
        test.write(test.after, List.of(new WriteOp.DeleteByPrefix("r05")), flush);
        test.write(test.after, List.of(new WriteOp.DeleteByFilter("{\"n\":33}")), flush);
        test.write(test.after, upserts(52, 53), flush);
        if (compact) {
          test.compact();
        }
        test.assertCommits(built);
      }
    }
  }

  @Test
  void updatesThatAreNotFlushedChangeTheRows() {
    fill();
    BuiltSlabs built = built();
    Metadata changed = Metadata.of(Map.of("t", new MetaValue.Str("x")));
    write(after, List.of(new WriteOp.PartialUpdate("r055", null, null, changed)), false);
    write(after, List.of(new WriteOp.UpdateByFilter("{\"n\":{\"$gt\":35}}", changed)), false);
    write(after, List.of(new WriteOp.DeleteByFilter("{\"t\":\"x\",\"n\":41}")), false);
    assertCommits(built);
  }

  @Test
  void updatesThatWereFlushedEndIt() {
    Metadata changed = Metadata.of(Map.of("t", new MetaValue.Str("x")));
    for (WriteOp update :
        List.of(
            new WriteOp.PartialUpdate("r055", null, null, changed),
            new WriteOp.UpdateByFilter("{\"n\":1}", changed))) {
      AppendTest test = new AppendTest();
      test.fill();
      BuiltSlabs built = test.built();
      test.write(test.after, List.of(update), true);
      test.assertRefused(State.OVERTAKEN, built);
    }
    // Of another record it is none of its business.
    fill();
    BuiltSlabs built = built();
    write(after, List.of(new WriteOp.PartialUpdate("r001", null, null, changed)), true);
    assertCommits(built);
  }

  @Test
  void whatDeletesOrReplacesEverythingEndsIt() {
    for (int kind = 0; kind < 5; kind++) {
      AppendTest test = new AppendTest();
      test.fill();
      BuiltSlabs built = test.built();
      switch (kind) {
        case 0, 1 -> test.write(test.after, List.of(new WriteOp.DeleteAll()), kind == 1);
        case 2 ->
            test.process(handle -> {
              new NamespaceAdmin(handle).drop();
              test.after.add(new WriteOp.DeleteAll());
              return null;
            });
        case 3 ->
            test.process(handle -> {
              long newest = handle.newest().id();
              return new Restore(handle)
                  .run(new PastStates(handle).find(AsOf.parse("manifest:" + newest)));
            });
        default -> test.process(h -> new BulkLoad(h).commitReplacing(replacing(h)));
      }
      if (kind == 4) {
        test.after.add(new WriteOp.DeleteAll());
        rows(70, 72).records().forEach(r -> test.after.add(new WriteOp.Upsert(r)));
      }
      test.assertRefused(State.OVERTAKEN, built);
    }
  }

  private static BuiltSlabs replacing(NamespaceHandle handle) {
    BulkLoad load = new BulkLoad(handle);
    return load.build(load.beginReplacing(), rows(70, 72), () -> false);
  }

  /** The one that began later wins, whichever is committed first. */
  @Test
  void twoAppendsTakeTheirPlaces() {
    for (boolean firstFirst : new boolean[] {false, true}) {
      for (boolean compact : new boolean[] {false, true}) {
        AppendTest test = new AppendTest();
        test.fill();
        BuiltSlabs first = test.built();
        BuiltSlabs second = test.build(test.begin(), 35, 70);
        Oracle both = test.with();
        rows(35, 70).records().forEach(r -> both.apply(List.of(new WriteOp.Upsert(r))));
        assertTrue(test.commit(firstFirst ? first : second).committed());
        if (compact) {
          test.compact();
        }
        assertTrue(test.commit(firstFirst ? second : first).committed());
        test.assertFresh(both);
        test.assertProved(both);
        test.compact();
        test.collectEverythingOld();
        test.assertFresh(both);
        test.assertProved(both);
      }
    }
  }

  @Test
  void anIdInTwoPartsIsRefused() {
    fill();
    BuiltSlabs order = begin();
    BuiltSlabs built = BuiltSlabs.merge(List.of(build(order, 20, 45), build(order, 44, 60)));
    assertThrows(InvalidInputException.class, () -> commit(built));
    assertFresh(without());
  }

  /** Without a row there is nothing to name, and it ends all the same. */
  @Test
  void anAppendOfNothingChangesNothing() {
    fill();
    BuiltSlabs order = begin();
    assertTrue(commit(order).committed());
    assertFresh(without());
    assertEquals(Long.MAX_VALUE, (long) process(h -> Appends.first(h.newest())));
  }

  @Test
  void ordersOfOtherKindsAreRefused() {
    fill();
    BuiltSlabs built = built();
    assertThrows(IllegalArgumentException.class, () -> process(h -> new BulkLoad(h).commit(built)));
    BuiltSlabs replacing = process(handle -> new BulkLoad(handle).beginReplacing());
    assertThrows(IllegalArgumentException.class, () -> commit(replacing));
    assertFalse(process(h -> h.newest().slabs()).isEmpty());
  }
}
