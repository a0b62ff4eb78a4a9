package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The bill of materials names what is published, in the version of the build. */
class BillOfMaterialsTest {
  private static final Path ROOT = Path.of(System.getProperty("slab.root"));
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(slab-[^<]+)</artifactId>");
  private static final Pattern OWN = Pattern.compile("\\n  <(artifactId|version)>([^<]+)<");

  private static String pom(String module) throws IOException {
    return Files.readString(ROOT.resolve(module).resolve("pom.xml"));
  }

  private static String own(String pom, String element) {
    Matcher matcher = OWN.matcher(pom);
    while (matcher.find()) {
      if (matcher.group(1).equals(element)) {
        return matcher.group(2);
      }
    }
    throw new AssertionError("no " + element);
  }

  @Test
  void namesEveryModuleThatIsPublished() throws IOException {
    Set<String> published = new TreeSet<>();
    Matcher modules = MODULE.matcher(pom(""));
    while (modules.find()) {
      String pom = pom(modules.group(1));
      if (!pom.contains("<maven.deploy.skip>true") && !pom.contains("<packaging>pom")) {
        published.add(own(pom, "artifactId"));
      }
    }
    String bill = pom("slab-bom");
    Set<String> named = new TreeSet<>();
    Matcher artifacts = ARTIFACT.matcher(bill);
    while (artifacts.find()) {
      named.add(artifacts.group(1));
    }
    named.remove("slab-bom");
    assertEquals(published, named);
    assertEquals(own(pom(""), "version"), own(bill, "version"));
  }
}
