package io.slab.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftwareBillTest {
  @TempDir Path folder;

  @Test
  void namesEachJarWithItsPlaceAndChecksumTheSameEachTime() throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("some-thing-1.2.3.jar"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("META-INF/maven/org.some/some-thing/pom.properties"));
      zip.write("groupId=org.some\n".getBytes());
    }
    new ZipOutputStream(Files.newOutputStream(folder.resolve("picocli-4.7.7.jar"))).close();
    String bill = SoftwareBill.of(folder);
    assertTrue(bill.contains("\"purl\":\"pkg:maven/org.some/some-thing@1.2.3\""), bill);
    assertTrue(bill.contains("\"purl\":\"pkg:maven/info.picocli/picocli@4.7.7\""), bill);
    assertTrue(bill.contains("\"alg\":\"SHA-256\""), bill);
    assertEquals(bill, SoftwareBill.of(folder));
  }
}
