package io.slab.cli.launch;

import io.slab.cli.output.Doc;
import io.slab.cli.output.JsonText;
import io.slab.model.Version;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bill of materials of a distribution as CycloneDX 1.6: each jar with its version, its place in
 * Maven's registry and its checksum. Written here, because the plugin that writes one does not work
 * without a network. The same jars give the same bytes.
 */
final class SoftwareBill {
  private static final Pattern FILE = Pattern.compile("(.+?)-(\\d.*)\\.jar");

  /** Of jars that do not say it themselves. */
  private static final Map<String, String> GROUPS =
      Map.of("picocli", "info.picocli", "zstd-jni", "com.github.luben");

  private SoftwareBill() {}

  /** The bill of all jars of a folder. */
  static String of(Path libraries) throws IOException {
    List<Path> jars;
    try (Stream<Path> walk = Files.walk(libraries)) {
      jars = walk.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
    }
    List<Doc> components = new ArrayList<>();
    for (Path jar : jars) {
      components.add(component(jar));
    }
    Doc slab =
        new Doc().put("type", "application").put("name", "slab").put("version", Version.NUMBER);
    return JsonText.of(
            new Doc()
                .put("bomFormat", "CycloneDX")
                .put("specVersion", "1.6")
                .put("version", 1)
                .put("metadata", new Doc().put("component", slab))
                .put("components", components))
        + "\n";
  }

  private static Doc component(Path jar) throws IOException {
    String file = jar.getFileName().toString();
    Matcher name = FILE.matcher(file);
    String artifact = name.matches() ? name.group(1) : file;
    String version = name.matches() ? name.group(2) : null;
    String group = group(jar, artifact);
    Doc doc = new Doc().put("type", "library");
    if (group != null) {
      doc.put("group", group);
    }
    doc.put("name", artifact).put("version", version);
    if (group != null) {
      doc.put("purl", "pkg:maven/" + group + "/" + artifact + "@" + version);
    }
    return doc.put("hashes", List.of(new Doc().put("alg", "SHA-256").put("content", hash(jar))));
  }

  /** What the jar says of itself; null where nothing is known. */
  private static String group(Path jar, String artifact) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (Enumeration<JarEntry> all = file.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        if (entry.getName().endsWith("/" + artifact + "/pom.properties")) {
          Properties properties = new Properties();
          try (InputStream in = file.getInputStream(entry)) {
            properties.load(in);
          }
          return properties.getProperty("groupId");
        }
      }
    }
    return GROUPS.get(artifact);
  }

  private static String hash(Path jar) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(jar)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
