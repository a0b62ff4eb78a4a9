package io.slab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.slab.manifest.DeletionVector;
import io.slab.model.Ulid;
import io.slab.testkit.spec.PythonReader;
import io.slab.testkit.spec.SpecTables;
import io.slab.wal.WalLayout;
import io.slab.wal.WalObject;
import io.slab.wal.WalRecord;
import io.slab.wal.WalWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** spec/slab.magic, as file(1) reads it. */
class FileMagicTest {
  @TempDir Path folder;

  private static String file(String... arguments) {
    List<String> command = new ArrayList<>(List.of("file", "-b"));
    command.addAll(List.of(arguments));
    try {
      PythonReader.Run run = PythonReader.execute(command);
      assertEquals(0, run.status(), run.out() + run.err());
      return run.out().strip();
    } catch (IOException e) {
      System.out.println("skipped: no program 'file' here: " + e.getMessage());
      return abort("no program 'file'");
    }
  }

  private static String named(Path path, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("-m", SpecTables.folder().resolve("slab.magic").toString()));
    arguments.add(path.toString());
    return file(arguments.toArray(String[]::new));
  }

  @Test
  void filesAreNamed() throws IOException {
    file("--version");
    Path slab = SpecTables.folder().resolve("golden/one.slab");
    assertEquals("Slab vector search file, version 1.0", named(slab));
    assertEquals("application/x-slab", named(slab, "--mime-type"));
    WalRecord delete = new WalRecord(WalLayout.OP_DELETE, 0, new byte[] {1, 'a'});
    Ulid id = new Ulid(1, 2);
    byte[] object = WalWriter.encode(new WalObject(9, id, id, id, List.of(delete, delete)));
    Path wal = Files.write(folder.resolve("w"), object);
    assertEquals("Slab write-ahead log object, version 1.0, 2 operations", named(wal));
    byte[] bitmap = new byte[5_000];
    Path deletes =
        Files.write(folder.resolve("d"), DeletionVector.encodeFile(id, 12, 34_567, bitmap));
    assertEquals("Slab deletion vector, version 1.0, 34567 dead rows", named(deletes));
    byte[] foreign = object.clone();
    foreign[3] = 'w';
    assertTrue(!named(Files.write(folder.resolve("x"), foreign)).contains("Slab"));
  }
}
