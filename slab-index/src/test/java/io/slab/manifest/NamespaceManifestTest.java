package io.slab.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.bytes.Crc;
import io.slab.error.CorruptException;
import io.slab.error.InvalidInputException;
import io.slab.error.UnsupportedException;
import io.slab.manifest.CommitRules.CommitState;
import io.slab.manifest.NamespaceManifest.Edit;
import io.slab.manifest.NamespaceManifest.WalCommit;
import io.slab.model.IndexSpec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Metric;
import io.slab.model.Ulid;
import io.slab.model.Utf8;
import io.slab.model.VectorType;
import io.slab.model.Vintage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

class NamespaceManifestTest {
  private static final Ulid INDEX = new Ulid(1, 2);
  private static final Ulid OTHER = new Ulid(3, 4);
  private static final IndexSpec INDEX_SPEC =
      new IndexSpec("i", 3, Metric.COSINE, VectorType.DENSE, null, 1);

  private static final Ulid SLAB = new Ulid(77, 88);

  private static final Ulid FILED = new Ulid(1, 9);

  private static Ulid commit(long n) {
    return new Ulid(1, n);
  }

  private static NamespaceManifest first() {
    return NamespaceManifest.first(
        "n", commit(1), commit(1000), 5, "test", new TreeMap<>(Map.of("memtableRecords", 10L)));
  }

  private static NamespaceManifest chain(int manifests, int walEach) {
    NamespaceManifest m = first();
    for (int i = 2; i <= manifests; i++) {
      long through = m.walFlushedThrough() + walEach;
      List<WalCommit> flushed = new ArrayList<>();
      for (long w = m.walFlushedThrough() + 1; w <= through; w++) {
        flushed.add(new WalCommit(w, commit(1000 + w)));
      }
      m = m.next(commit(i), 6, "test", new Edit("flush", false, 9, through, List.of(), flushed));
    }
    return m;
  }

  private static String file() {
    return NamespaceNames.deletesFile(FILED, 2, commit(2));
  }

  private static NamespaceManifest full() {
    byte[] dead = DeletionVector.encode(MutableRoaringBitmap.bitmapOf(1, 5, 9));
    List<ColumnStatistics> columns =
        List.of(
            new ColumnStatistics("a", "number", 4, -1.5, 1e300),
            new ColumnStatistics("b", "string", 3, "x", "y\"\u00e9"),
            new ColumnStatistics("b", "boolean", 1, null, null));
    SlabEntry inline =
        new SlabEntryBuilder(SLAB)
            .rows(0, 10)
            .file(1000, 64)
            .lsns(1L << 60, (1L << 60) + 5)
            .search("exact", Vintage.FIRST, List.of())
            .columns(columns)
            .deletes(new SlabDeletes(3, dead, null))
            .build();
    String file = file();
    SlabEntry filed =
        new SlabEntryBuilder(FILED)
            .rows(1, 10)
            .file(1000, 64)
            .lsns(1, 2)
            .search("exact", new io.slab.model.Vintage(4, 7), List.of())
            .deletes(new SlabDeletes(3, null, file))
            .build();
    return first()
        .next(
            commit(2),
            6,
            "test",
            new Edit(
                "flush",
                false,
                9,
                1,
                List.of(inline, filed),
                List.of(new WalCommit(1, commit(1001)))));
  }

  @Test
  void roundTripsAsJson() {
    for (NamespaceManifest m : List.of(first(), full(), chain(300, 5))) {
      byte[] bytes = ManifestJson.encode(m);
      NamespaceManifest back = ManifestJson.decode("m", m.id(), bytes);
      assertArrayEquals(bytes, ManifestJson.encode(back));
      assertEquals(m.history(), back.history());
      assertEquals(m.walHistory(), back.walHistory());
      assertEquals(m.thresholds(), back.thresholds());
      assertEquals(m.slabs().size(), back.slabs().size());
    }
    assertEquals(256, chain(300, 5).history().size());
    assertEquals(1024, chain(300, 5).walHistory().size());
  }

  @Test
  void everyChangedByteIsNoticed() {
    byte[] bytes = ManifestJson.encode(full());
    for (int i = 0; i < bytes.length; i++) {
      byte[] bad = bytes.clone();
      bad[i] ^= 1;
      assertThrows(CorruptException.class, () -> ManifestJson.decode("m", 2, bad));
    }
    assertThrows(CorruptException.class, () -> ManifestJson.decode("m", 3, bytes));
  }

  private static byte[] reseal(String json) {
    byte[] bytes = Utf8.bytes(json);
    System.arraycopy(Utf8.bytes("00000000"), 0, bytes, 11, 8);
    System.arraycopy(Utf8.bytes(Crc.hex(Crc.of(bytes, 0, bytes.length))), 0, bytes, 11, 8);
    return bytes;
  }

  @Test
  void impossibleContentIsRefusedThoughTheChecksumIsRight() {
    String json = Utf8.string(ManifestJson.encode(full()));
    for (String[] change :
        new String[][] {
          {"\"rows\":10", "\"rows\":-1"},
          {"\"rows\":10", "\"rows\":2"},
          {"\"rows\":10", "\"rows\":9999999999"},
          {"\"state\":\"live\"", "\"state\":\"odd\""},
          {"\"walFlushedThrough\":\"1\"", "\"walFlushedThrough\":\"2\""},
          {"[\"1\",\"", "[\"3\",\""},
          {".dv\"", ".dv/../x\""},
          {"\"inline\":\"", "\"inline\":\"*"},
          {"\"lsnFlushed\":\"9\"", "\"lsnFlushed\":\"09\""},
          {"\"timeMs\":6", "\"timeMs\":6.0"},
          {"\"timeMs\":6", "\"timeMs\":6e0"},
          {"\"level\":1", "\"level\":-0"},
          {",\"optional\":[]", ""},
          {"\"checkpoints\":[],", ""},
          {"\"writer\":\"test\",", ""},
          {"==\"", "\""},
          {"==\"", "=\""},
          {",\"deletes\":{\"cardinality\":3,\"inline\"", ",\"gone\":{\"inline\""},
          {"\"inline\":", "\"file\":\"" + file() + "\",\"inline\":"},
          {"\"inline\":", "\"elsewhere\":"},
          {"\"file\":\"" + FILED, "\"file\":\"" + commit(8)},
          {"-2-", "-02-"},
          {"\"vintage\":{\"sections\":4,\"index\":7}", "\"vintage\":null"},
          {"\"min\":-1.5", "\"min\":null"},
          {"\"namespace\":\"n\"", "\"namespace\":\"\\ud800\""},
        }) {
      assertTrue(json.contains(change[0]), change[0]);
      byte[] bad = reseal(json.replace(change[0], change[1]));
      assertThrows(CorruptException.class, () -> ManifestJson.decode("m", 2, bad), change[1]);
    }
    for (String[] change :
        new String[][] {
          {"\"version\":[1,0]", "\"version\":[2,0]"},
          {"\"required\":[]", "\"required\":[\"x\"]"},
        }) {
      byte[] newer = reseal(json.replace(change[0], change[1]));
      assertThrows(UnsupportedException.class, () -> ManifestJson.decode("m", 2, newer));
    }
  }

  @Test
  void theRulesFollowTheHistories() {
    NamespaceManifest m = chain(300, 5);
    assertEquals(CommitState.COMMITTED, CommitRules.manifest(m, 299, commit(299)));
    assertEquals(CommitState.LOST, CommitRules.manifest(m, 45, commit(7777)));
    assertEquals(CommitState.UNKNOWN, CommitRules.manifest(m, 44, commit(7777)));
    assertEquals(CommitState.LOOK, CommitRules.manifest(m, 301, commit(7777)));
    long through = m.walFlushedThrough();
    assertEquals(CommitState.COMMITTED, CommitRules.wal(m, through, commit(1000 + through)));
    assertEquals(CommitState.LOOK, CommitRules.wal(m, through + 1, commit(7777)));
    assertEquals(CommitState.LOST, CommitRules.wal(m, through - 1023, commit(7777)));
    assertEquals(CommitState.UNKNOWN, CommitRules.wal(m, through - 1024, commit(7777)));
  }

  @Test
  void deletionVectorFilesAreCheckedInFull() {
    MutableRoaringBitmap dead = MutableRoaringBitmap.bitmapOf(0, 3, 99);
    byte[] bytes = DeletionVector.encodeFile(SLAB, 4, 3, DeletionVector.encode(dead));
    assertEquals(dead, DeletionVector.decodeFile("d", SLAB, 4, 100, 3, bytes));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] bad = bytes.clone();
      bad[bit >> 3] ^= (byte) (1 << (bit & 7));
      assertThrows(
          io.slab.error.SlabException.class,
          () -> DeletionVector.decodeFile("d", SLAB, 4, 100, 3, bad));
    }
    assertThrows(
        CorruptException.class, () -> DeletionVector.decodeFile("d", SLAB, 5, 100, 3, bytes));
    assertThrows(
        CorruptException.class, () -> DeletionVector.decodeFile("d", SLAB, 4, 99, 3, bytes));
    assertThrows(
        CorruptException.class, () -> DeletionVector.decodeFile("d", commit(1), 4, 100, 3, bytes));
  }

  @Test
  void namespaceNamesSurviveEveryDisk() {
    for (String name :
        List.of("a", "A", "a/b", ".", "..", "x.y", "\u00e9\u20ac", "%", " ", "__default__")) {
      String encoded = NamespaceNames.encode(name);
      assertTrue(encoded.matches("[a-z0-9._%A-F-]+"), encoded);
      assertEquals(name, NamespaceNames.decode(encoded));
    }
    assertEquals("%41", NamespaceNames.encode("A"));
    assertEquals("%2E%2E", NamespaceNames.encode(".."));
    assertEquals("ns/__default__/", new NamespaceNames("").folder());
    assertNull(NamespaceNames.decode("%4"));
    assertNull(NamespaceNames.decode("A"));
    assertNull(NamespaceNames.decode("%61"));
    assertThrows(InvalidInputException.class, () -> new NamespaceNames("\u00e9".repeat(43)));
    assertEquals(255, new NamespaceNames("x".repeat(255)).folder().length() - 4);
  }

  @Test
  void boundsOnlyEverClaimTooMuch() {
    StatisticsCollector collector = new StatisticsCollector();
    String longText = "m".repeat(63) + "\u00e9z";
    collector.add(
        Metadata.of(
            Map.of(
                "n", new MetaValue.Num(-0.0),
                "s", new MetaValue.Str(longText),
                "l", new MetaValue.StrList(List.of("b", "a")))));
    List<ColumnStatistics> result = collector.result();
    assertEquals(List.of("l", "n", "s"), result.stream().map(ColumnStatistics::field).toList());
    assertEquals("a", result.get(0).min());
    assertEquals(0.0, result.get(1).min());
    assertTrue(Utf8.compare((String) result.get(2).min(), longText) <= 0);
    assertTrue(Utf8.compare((String) result.get(2).max(), longText) >= 0);
    assertEquals("m".repeat(63), result.get(2).min());
    assertEquals("m".repeat(62) + "n", result.get(2).max());
    String highest = Character.toString(Character.MAX_CODE_POINT).repeat(17);
    assertNull(StatisticsCollector.upper(highest));
  }

  @Test
  void indexJsonRoundTrips() {
    for (IndexSpec spec :
        List.of(
            new IndexSpec("i", 3, Metric.COSINE, VectorType.DENSE, null, 1),
            new IndexSpec("i", 0, Metric.DOTPRODUCT, VectorType.SPARSE, List.of("a", "b"), 1))) {
      assertEquals(spec, IndexJson.decode("index.json", IndexJson.encode(spec, INDEX)));
    }
    assertFalse(
        Arrays.equals(IndexJson.encode(INDEX_SPEC, INDEX), IndexJson.encode(INDEX_SPEC, OTHER)));
  }

  @Test
  void aFlippedBitOfIndexJsonIsNoticed() {
    byte[] whole = IndexJson.encode(INDEX_SPEC, INDEX);
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] bad = whole.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(CorruptException.class, () -> IndexJson.decode("index.json", bad), "bit " + bit);
    }
    for (int length = 0; length < whole.length; length++) {
      byte[] bad = Arrays.copyOf(whole, length);
      assertThrows(CorruptException.class, () -> IndexJson.decode("index.json", bad));
    }
  }

  @Test
  void indexJsonWithoutAChecksumIsRefused() {
    String whole = Utf8.string(IndexJson.encode(INDEX_SPEC, INDEX));
    String stripped = whole.replaceFirst("\"crc32c\":\"........\",", "");
    String first = stripped.replaceFirst("\"id\":\"[^\"]*\",", "");
    for (String without : List.of(stripped, first, " " + whole, "{", "")) {
      CorruptException e =
          assertThrows(
              CorruptException.class,
              () -> IndexJson.decode("index.json", Utf8.bytes(without)),
              without);
      assertEquals("no checksum at the beginning", e.found());
    }
    String noId = whole.replaceFirst("\"id\":\"[^\"]*\",", "");
    CorruptException e =
        assertThrows(
            CorruptException.class, () -> IndexJson.decode("index.json", SealedJson.seal(noId)));
    assertEquals("no member 'id'", e.found());
  }

  @Test
  void indexJsonOfANewerVersionIsUnsupported() {
    String whole = Utf8.string(IndexJson.encode(INDEX_SPEC, INDEX));
    for (String newer :
        List.of(
            whole.replace("[1,0]", "[2,0]"),
            whole.replace("\"required\":[]", "\"required\":[\"vectors\"]"))) {
      assertThrows(
          UnsupportedException.class,
          () -> IndexJson.decode("index.json", SealedJson.seal(newer)),
          newer);
    }
    String odd = whole.replace("cosine", "odd");
    assertThrows(
        CorruptException.class, () -> IndexJson.decode("index.json", SealedJson.seal(odd)));
  }

  @Test
  void privateNamesAreLikeOtherUnknownOnes() {
    String whole = Utf8.string(IndexJson.encode(INDEX_SPEC, INDEX));
    String ignored =
        whole
            .replace("\"optional\":[]", "\"optional\":[\"x-mine\",\"later\"]")
            .replace("\"createdMs\"", "\"x-mine\":{},\"later\":1,\"createdMs\"");
    assertEquals(INDEX_SPEC, IndexJson.decode("index.json", SealedJson.seal(ignored)));
    for (String names : List.of("\"x-mine\"", "\"later\"", "\"x-mine\",\"later\"")) {
      String required = whole.replace("\"required\":[]", "\"required\":[" + names + "]");
      UnsupportedException e =
          assertThrows(
              UnsupportedException.class,
              () -> IndexJson.decode("index.json", SealedJson.seal(required)));
      // A newer version may know the other one.
      assertEquals(!names.contains("later"), e.hint() != null, names);
    }
  }
}
