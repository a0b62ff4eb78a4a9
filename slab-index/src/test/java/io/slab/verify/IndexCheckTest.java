package io.slab.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.check.CheckLevel;
import io.slab.check.CheckReport;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.error.CorruptException;
import io.slab.error.SlabException;
import io.slab.error.UnsupportedException;
import io.slab.manifest.NamespaceManifest;
import io.slab.manifest.SealedJson;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.store.ObjectInfo;
import io.slab.testkit.HeapObject;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Corrupt twins of one small index directory: each damage gives exactly the problem it should. */
class IndexCheckTest extends CheckedIndex {
  @Test
  void aGoodIndexHasNoProblems() {
    for (CheckLevel level : CheckLevel.values()) {
      CheckReport report = check(level);
      assertEquals("ok", report.status(), report.problems().toString());
      // index.json, config, 2 manifests, 2 slabs, 1 deletion vector, WAL 2 and 3 (0 and 1 too).
      assertEquals(level == CheckLevel.QUICK ? 9 : 11, report.objectsChecked());
      assertEquals(0, report.recordsAtRisk());
      assertTrue(report.bytesRead() > 1000);
    }
  }

  @Test
  void whatIsNotComparedIsSaid() {
    CheckReport same = Checker.index(store, store, CheckLevel.QUICK, "");
    assertTrue(
        same.problems().stream().noneMatch(p -> p.problem().contains("compared")),
        () -> same.problems().toString());
    change(walName(2), bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    CheckReport damaged = Checker.index(store, store, CheckLevel.QUICK, "");
    Problem last = damaged.problems().getLast();
    assertTrue(last.problem().startsWith("not compared with "), last.toString());
    assertEquals(Severity.ERROR, last.severity());
    store.delete("index.json");
    CheckReport lost = Checker.index(store, store, CheckLevel.QUICK, "");
    assertTrue(lost.problems().getLast().problem().startsWith("not compared with "));
  }

  @Test
  void missingObjects() {
    store.delete(NAMES.slab(SLAB_A));
    error(NAMES.slab(SLAB_A), "missing, though " + manifestName(2));
    assertEquals(ROWS - 3, check(CheckLevel.QUICK).recordsAtRisk());
    build();
    store.delete(NAMES.deletesFolder() + deletes);
    error(NAMES.deletesFolder() + deletes, "missing, though");
    build();
    store.delete(walName(2));
    error(walName(2), "missing: a hole before 3");
    build();
    store.delete("index.json");
    error("index.json", "missing");
  }

  @Test
  void theNewestWalObjectMayNeverBeDeleted() {
    store.delete(walName(3));
    store.delete(walName(2));
    assertEquals("ok", check(CheckLevel.CHECKSUMS).status());
    store.delete(walName(1));
    error(NAMES.walFolder(), "must never be deleted");
  }

  @Test
  void damagedSlabs() {
    change(NAMES.slab(SLAB_A), bytes -> Arrays.copyOf(bytes, bytes.length - 7));
    error(NAMES.slab(SLAB_A), "bytes, " + manifestName(2) + " says");
    build();
    store.delete(NAMES.slab(SLAB_A));
    build();
    flip(NAMES.slab(SLAB_A), 4096);
    assertEquals("ok", check(CheckLevel.QUICK).status());
    Problem problem = only(CheckLevel.CHECKSUMS, Severity.ERROR, NAMES.slab(SLAB_A), "CRC-32C");
    assertEquals("RAW_VECTORS", problem.section());
    assertEquals(4096, problem.offset());
    assertEquals(ROWS, check(CheckLevel.CHECKSUMS).recordsAtRisk());
  }

  @Test
  void aSlabUnderAnotherSlabsName() {
    byte[] other = store.read(NAMES.slab(SLAB_B), 1 << 20);
    change(NAMES.slab(SLAB_A), bytes -> other);
    error(NAMES.slab(SLAB_A), "slab id " + SLAB_B + ", the manifest names " + SLAB_A);
  }

  @Test
  void damagedWal() {
    flip(walName(3), 81);
    error(walName(3), "found");
    flip(walName(3), 81);
    flip(walName(0), 81);
    assertEquals("ok", check(CheckLevel.QUICK).status(), "what was flushed is not read");
    only(CheckLevel.CHECKSUMS, Severity.ERROR, walName(0), "found");
  }

  @Test
  void aBrokenChain() {
    store.delete(walName(3));
    wal(3, new Ulid(5, 5));
    assertEquals(64, error(walName(3), "names the predecessor").offset());
    store.delete(walName(3));
    wal(3, Ulid.ZERO);
    assertEquals("ok", check(CheckLevel.QUICK).status(), "an unknown predecessor is allowed");
  }

  @Test
  void damagedManifests() {
    flip(manifestName(2), 60);
    error(manifestName(2), "crc32c");
    flip(manifestName(2), 60);
    flip(manifestName(1), -5);
    error(manifestName(1), "crc32c");
  }

  @Test
  void damagedDeletionVector() {
    flip(NAMES.deletesFolder() + deletes, 50);
    Problem problem = error(NAMES.deletesFolder() + deletes, "CRC");
    assertEquals("deletes of " + SLAB_B, problem.section());
  }

  @Test
  void orphansAreWarnings() {
    slab(new Ulid(3, 3));
    Problem problem =
        only(
            CheckLevel.QUICK, Severity.WARNING, NAMES.slab(new Ulid(3, 3)), "no manifest names it");
    assertNull(problem.suggestion());
    assertEquals("warnings", check(CheckLevel.QUICK).status());
    store.delete(NAMES.slab(new Ulid(3, 3)));
    store.create(NAMES.deletesFolder() + "x.dv", new byte[1]);
    only(
        CheckLevel.QUICK, Severity.WARNING, NAMES.deletesFolder() + "x.dv", "no manifest names it");
    store.delete(NAMES.deletesFolder() + "x.dv");
    store.create(NAMES.walFolder() + "readme", new byte[1]);
    only(CheckLevel.QUICK, Severity.WARNING, NAMES.walFolder() + "readme", "not the name");
    store.delete(NAMES.walFolder() + "readme");
    store.create("ns/UPPER/wal/x", new byte[1]);
    only(CheckLevel.QUICK, Severity.WARNING, "ns/UPPER", "not the folder of any namespace");
  }

  @Test
  void oneProblemDoesNotEndTheRun() {
    store.delete(NAMES.slab(SLAB_A));
    flip(walName(2), 20);
    flip(NAMES.slab(SLAB_B), 4096);
    flip(SETTINGS, 0);
    List<Problem> problems = check(CheckLevel.CHECKSUMS).problems();
    assertEquals(
        List.of(SETTINGS, NAMES.slab(SLAB_A), NAMES.slab(SLAB_B), walName(2)),
        problems.stream().map(Problem::object).toList());
  }

  @Test
  void singleObjectsAreCheckedOffline() {
    for (String folder :
        List.of(
            NAMES.manifestFolder(), NAMES.walFolder(), NAMES.slabFolder(), NAMES.deletesFolder())) {
      for (ObjectInfo info : store.list(folder, null)) {
        try (var source = store.open(info.name())) {
          CheckReport report = Checker.object(source, CheckLevel.CHECKSUMS);
          assertEquals("ok", report.status(), report.problems().toString());
          assertEquals(1, report.objectsChecked());
        }
        byte[] damaged = store.read(info.name(), 1 << 20);
        damaged[damaged.length - 2] ^= 1;
        CheckReport report =
            Checker.object(HeapObject.source(info.name(), damaged, true), CheckLevel.CHECKSUMS);
        assertEquals(1, report.problems().size(), info.name() + report.problems());
      }
    }
    byte[] copy = store.read(walName(3), 1 << 20);
    assertEquals(
        "ok", Checker.object(HeapObject.source("copy", copy, true), CheckLevel.QUICK).status());
    assertEquals(
        "errors",
        Checker.object(HeapObject.source("x", new byte[] {1, 2}, true), CheckLevel.QUICK).status());
  }

  @Test
  void indexJsonIsDecodedAsOpeningDoes() {
    byte[] good = store.read("index.json", 1 << 20);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      replace("index.json", bad);
      CheckReport report = check(CheckLevel.QUICK);
      assertEquals("errors", report.status(), "byte " + at);
      assertEquals("index.json", report.problems().getFirst().object());
    }
    String whole = Utf8.string(good);
    replace("index.json", Utf8.bytes(whole.replaceFirst("\"crc32c\":\"........\",", "")));
    assertEquals(CorruptException.class, queried().getClass());
    only(CheckLevel.QUICK, Severity.ERROR, "index.json", "no checksum at the beginning");
    for (String[] change :
        new String[][] {
          {"[1,0]", "[2,0]", "u"},
          {"\"required\":[]", "\"required\":[\"x\"]", "u"},
          {"cosine", "manhattan", "c"},
          {"dense", "dens", "c"},
          {"\"dimension\":3", "\"dimension\":0", "c"},
          {"\"dimension\":3", "\"dimension\":\"3\"", "c"},
          {"\"dimension\":3,", "", "c"},
          {"null", "7", "c"},
          {"slab-index", "slab-indices", "c"}
        }) {
      replace("index.json", SealedJson.seal(whole.replace(change[0], change[1])));
      SlabException e = queried();
      boolean unsupported = change[2].equals("u");
      assertEquals(
          unsupported ? UnsupportedException.class : CorruptException.class,
          e.getClass(),
          change[1]);
      CheckReport report = check(CheckLevel.QUICK);
      assertEquals(1, report.problems().size(), report.problems().toString());
      assertEquals(unsupported, report.unsupported(), change[1]);
    }
  }

  @Test
  void settingsAreDecodedAsReadingThemDoes() {
    byte[] good = store.read(SETTINGS, 1 << 20);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      replace(SETTINGS, bad);
      error(SETTINGS, "");
    }
    replace(SETTINGS, good);
    store.create("config/00000000000000000007.json", good);
    error("config/00000000000000000007.json", "id 1");
    store.delete("config/00000000000000000007.json");
    store.create("config/readme", good);
    only(CheckLevel.QUICK, Severity.WARNING, "config/readme", "not the name");
  }

  @Test
  void aManifestOfAnotherNamespace() {
    NamespaceManifest foreign =
        NamespaceManifest.first("Other", new Ulid(9, 1), commit(0), 0, "test", new TreeMap<>());
    store.list(NAMES.manifestFolder(), null).forEach(object -> store.delete(object.name()));
    commit(foreign);
    assertEquals(CorruptException.class, queried().getClass());
    assertEquals("errors", check(CheckLevel.QUICK).status());
  }
}
