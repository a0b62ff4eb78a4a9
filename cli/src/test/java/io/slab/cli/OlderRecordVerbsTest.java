package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.manifest.NamespaceNames;
import io.slab.manifest.ObjectSequence;
import io.slab.memtable.WriteOp;
import io.slab.memtable.WriteOpCodec;
import io.slab.model.MetaValue;
import io.slab.model.Metadata;
import io.slab.model.Ulid;
import io.slab.model.VectorRecord;
import io.slab.store.LocalStore;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalReader;
import io.slab.wal.WalWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verbs make of a record that an older writer let in, and how it is mended. */
class OlderRecordVerbsTest {
  @TempDir Path folder;
  private final Shell shell = new Shell();

  private static void log(Path index, VectorRecord record) {
    LocalStore store = new LocalStore(index);
    ObjectSequence sequence = new ObjectSequence(store, new NamespaceNames("").walFolder(), ".wal");
    long last = sequence.listAfter(-1).getLast();
    byte[] bytes = store.read(sequence.name(last), WalLayout.MAX_BYTES);
    Ulid before = WalReader.decode(sequence.name(last), last, bytes).commit();
    WalObject object =
        new WalObject(
            last + 1,
            new Ulid(1, 1),
            new Ulid(1, 2),
            before,
            List.of(WriteOpCodec.encode(new WriteOp.Upsert(record))));
    store.create(sequence.name(last + 1), WalWriter.encode(object));
  }

  @Test
  void isNamedByVerifyAndByExport() throws Exception {
    Path index = folder.resolve("i");
    shell.ok("create", index, "-d", 2, "-m", "euclidean");
    Path lines = folder.resolve("a.jsonl");
    Files.writeString(lines, "{\"id\":\"a\",\"values\":[1,2]}\n{\"id\":\"b\",\"values\":[3,4]}\n");
    shell.ok("ingest", index, lines);
    Metadata fields = Metadata.of(Map.of("n", new MetaValue.Num(Double.NaN)));
    log(index, new VectorRecord("odd", new float[] {1, Float.NaN}, null, fields));
    for (String when : List.of("in the log", "in a slab")) {
      Shell.Result verify = shell.run("verify", index);
      assertEquals(0, verify.code(), when + verify.out() + verify.err());
      String said = verify.out() + verify.err();
      assertTrue(said.contains("record 'odd': Vector values must be finite"), said);
      assertTrue(said.contains("delete it, or upsert it anew"), said);
      String found = shell.ok("query", index, "--vector", "[1,2]", "-o", "tsv");
      assertEquals(3, found.lines().count(), when + found);
      assertFalse(found.contains("odd"), when + found);
      Shell.Result export = shell.run("export", index, "--out", folder.resolve(when + ".jsonl"));
      assertEquals(0, export.code(), export.err());
      assertTrue(
          export.err().contains("1 record that an import refuses or changes, the first: record"),
          export.err());
      assertTrue(export.out().contains("ruleBreaking"), export.out());
      shell.ok("flush", index);
    }
    Shell.Result query = shell.run("query", index, "--id", "odd");
    assertTrue(query.code() != 0 && query.err().contains("finite"), query.err());
    shell.ok("delete", index, "--ids", "odd");
    shell.ok("flush", index);
    Shell.Result verify = shell.run("verify", index);
    assertFalse((verify.out() + verify.err()).contains("odd"), verify.out() + verify.err());
  }
}
