package io.slab.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import io.slab.testkit.Layers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The layers of this module, lowest first, and what it may use of the others. */
class LayeringTest {
  private static final Set<String> PUBLIC = Set.of("io.slab", "io.slab.error", "io.slab.model");

  /**
   * What else single packages are for: small objects of a store, models for texts, readers of
   * imports.
   */
  private static final Map<String, Set<String>> MORE =
      Map.of(
          "io.slab.serve.jobs",
          Set.of("io.slab.store"),
          "io.slab.serve.data",
          Set.of("io.slab.embed"),
          "io.slab.serve.imports",
          Set.of(
              "io.slab.store",
              "io.slab.source",
              "io.slab.source.scan",
              "io.slab.ingest",
              "io.slab.writer"));

  @Test
  void everyPackageUsesOnlyLayersBelowIt() {
    Layers.check(
        "serve.api serve.proto",
        "serve.json",
        "serve.jobs",
        "serve.catalog",
        "serve.data serve.gateway serve.backup serve.imports",
        "serve.rest serve.grpc",
        "serve");
  }

  @Test
  void ofTheLibraryOnlyWhatIsPublicIsUsed() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass from : Layers.importer().importPath(Path.of("target", "classes"))) {
      from.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getPackageName())
          .filter(name -> name.startsWith("io.slab") && !name.startsWith("io.slab.serve"))
          .filter(name -> !PUBLIC.contains(name))
          .filter(name -> !MORE.getOrDefault(from.getPackageName(), Set.of()).contains(name))
          .forEach(name -> wrong.add(from.getName() + " uses " + name));
    }
    assertEquals(Set.of(), wrong);
  }
}
