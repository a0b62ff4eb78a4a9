package io.slab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The layers of the library: a package may use its own layer's packages and those of layers above
 * it in this list, and nothing below. A new package must be added here, which is the moment to
 * think about where it belongs.
 */
class LayeringTest {
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("io.slab.error", "io.slab.model", "io.slab.io"),
          Set.of("io.slab.json"),
          Set.of("io.slab.vector"),
          Set.of("io.slab.filter"),
          Set.of("io.slab.store", "io.slab.store.s3"),
          Set.of("io.slab.cache"),
          Set.of("io.slab.format", "io.slab.format.section"),
          Set.of("io.slab.ann"),
          Set.of("io.slab.wal", "io.slab.manifest"),
          Set.of("io.slab.lsm"),
          Set.of("io.slab.bulk"),
          Set.of("io.slab.index"),
          Set.of("io.slab.query"),
          Set.of("io.slab.inspect"),
          Set.of("io.slab.estimate"),
          Set.of("io.slab.source"),
          Set.of("io.slab.ingest"),
          Set.of("io.slab.source.json", "io.slab.source.matrix"),
          Set.of("io.slab.source.parquet"),
          Set.of("io.slab.source.scan"),
          Set.of("io.slab.export"),
          Set.of("io.slab.migrate"),
          Set.of("io.slab.check"),
          Set.of("io.slab.copy"),
          Set.of("io.slab.bench"));

  private static int layer(String packageName) {
    for (int i = 0; i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(packageName)) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void everyPackageUsesOnlyLayersAboveIt() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.slab");
    assertTrue(classes.size() > 20, "classes found: " + classes.size());
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : classes) {
      int own = layer(from.getPackageName());
      if (own < 0) {
        wrong.add(from.getPackageName() + " is in no layer");
      }
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getPackageName();
        if (target.startsWith("io.slab") && layer(target) > own) {
          wrong.add(from.getName() + " uses " + dependency.getTargetClass().getName());
        }
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }
}
