package io.slab;

import io.slab.testkit.PackageDocs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Packages of all modules; this one is built first. */
class PackageDocsTest {
  @Test
  void everyPackageSaysWhatLivesThere() throws IOException {
    // It has one benchmark in a package of the library, for what is not public there.
    PackageDocs.check(
        Path.of(System.getProperty("slab.root")), "bench/jmh/src/main/java/io/slab/ann");
  }
}
