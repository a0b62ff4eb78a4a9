package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.error.InvalidInputException;
import io.slab.index.SlabIndex;
import io.slab.memtable.WriteOp;
import io.slab.model.Environment;
import io.slab.s3.S3Store;
import io.slab.snapshot.Snapshot;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.testkit.s3.S3Server;
import io.slab.verify.Checker;
import io.slab.writer.NamespaceWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record that breaks a rule comes in by no way, and leaves nothing behind. */
class RulesAtEveryDoorIT {
  @TempDir Path folder;
  private final Shell shell = new Shell();

  @ParameterizedTest
  @EnumSource(Rule.class)
  void isRefusedAtEveryDoor(Rule rule) throws IOException {
    Path place = folder.resolve("rules");
    ObjectStore store = new LocalStore(place);
    fill(store, rule);
    for (RuleDoor door : RuleDoor.values()) {
      if (!door.canExpress(rule)) {
        continue;
      }
      String what = rule + " by " + door;
      if (door.isLibrary()) {
        library(door, rule, store, what);
      } else {
        Path files = Files.createDirectories(folder.resolve(door.name()));
        Shell.Result result = door.open(rule, shell, place.toString(), files);
        assertTrue(result.code() != 0, what + ": " + result.out() + result.err());
        assertTrue(says(rule, result.err()), what + ": " + result.err());
      }
      assertSound(rule, store, what);
    }
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void isRefusedOnS3(Rule rule) throws IOException {
    var address = S3Server.newPlace();
    ObjectStore store = S3Store.open(address, S3Server.settings());
    fill(store, rule);
    for (RuleDoor door : RuleDoor.values()) {
      if (door.isLibrary() && door.canExpress(rule)) {
        library(door, rule, store, rule + " by " + door);
      }
    }
    assertSound(rule, store, rule.toString());
  }

  private static void fill(ObjectStore store, Rule rule) {
    try (SlabIndex index = SlabIndex.create(store, rule.spec(), false, Environment.system());
        NamespaceWriter writer = index.writer("")) {
      writer.append(List.of(new WriteOp.Upsert(rule.good())));
    }
  }

  private static void library(RuleDoor door, Rule rule, ObjectStore store, String what) {
    try (SlabIndex index = SlabIndex.open(store, Environment.system())) {
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> door.open(rule, index), what);
      boolean bytes = rule == Rule.ID_SURROGATE && door == RuleDoor.BULK_LOAD;
      assertTrue(
          e.getMessage().contains(bytes ? "its bytes are no UTF-8" : rule.message()),
          what + ": " + e.getMessage());
    }
  }

  /** A format may say that it has no such thing before the rule is asked. */
  private static boolean says(Rule rule, String text) {
    List<String> others =
        switch (rule) {
          case VALUES_NAN, VALUES_INFINITE, SPARSE_NAN, NUMBER_NAN ->
              List.of("finite", "1e39", "1e999", "beyond");
          // What tells the shape of a file does not take it for a record.
          case ID_SURROGATE -> List.of("unpaired surrogate", "without vectors");
          case FIELD_SURROGATE, TEXT_SURROGATE, LIST_SURROGATE -> List.of("surrogate");
          case ID_EMPTY -> List.of("Record has no 'id'");
          case VALUES_MISSING, SPARSE_MISSING -> List.of("without vectors");
          default -> List.of();
        };
    return text.contains(rule.message()) || others.stream().anyMatch(text::contains);
  }

  private static void assertSound(Rule rule, ObjectStore store, String what) {
    try (SlabIndex index = SlabIndex.open(store, Environment.system())) {
      for (String name : index.namespaces()) {
        try (Snapshot snapshot = index.snapshot(name)) {
          assertEquals(name.equals("__default__") ? 1 : 0, snapshot.count(), what + ": " + name);
        }
      }
      try (Snapshot snapshot = index.snapshot("")) {
        var found = snapshot.find("a");
        assertEquals(rule.good().metadata(), found.metadata(), what);
      }
    }
    var report = Checker.index(store, CheckLevel.CHECKSUMS);
    assertEquals("ok", report.status(), what + ": " + report.problems());
  }
}
