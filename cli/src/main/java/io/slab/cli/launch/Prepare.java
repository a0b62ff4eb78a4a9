package io.slab.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prepares the starts of a distribution on one machine, once: {@code Prepare HOME START JAVA}. Each
 * step may fail: what is left is slower and works; what failed is said on stdout.
 */
public final class Prepare {
  private static final Comparator<Path> OWN_FIRST =
      Comparator.comparing((Path jar) -> !jar.getFileName().toString().startsWith("slab-"))
          .thenComparing(Comparator.naturalOrder());

  private final Path home;
  private final Path start;
  private final Path java;
  private final List<Path> jars;
  private Path zstd;

  private Prepare(Path home, Path start, Path java) throws IOException {
    this.home = home;
    this.start = start;
    this.java = java;
    this.jars = jars(home.resolve("lib"));
  }

  /**
   * @param args the folder of the distribution, the folder for what is made (it is emptied), and
   *     the program that starts Java
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path start = Path.of(args[1]);
    AotCache.delete(start);
    Files.createDirectories(start);
    new Prepare(Path.of(args[0]), start, Path.of(args[2])).run();
  }

  private void run() throws IOException, InterruptedException {
    jars.replaceAll(this::prepared);
    String classPath = joined(jars);
    // What only S3 needs comes last, and only when it is needed: a cache suits every longer path.
    String s3 =
        jars(home.resolve("lib/s3")).stream().map(jar -> ":" + jar).collect(Collectors.joining());
    new StartSettings()
        .with("made_for", home)
        .with("java", java)
        .with("classpath", classPath)
        .with("s3", s3)
        .with("serve", serve())
        .with("zstd", zstd)
        .with("aot", cache(classPath, Training.class, "slab.aot"))
        .with("aot_s3", cache(classPath + s3, TrainingS3.class, "slab-s3.aot"))
        .write(start);
  }

  /** What the server alone needs, as a class path to be added. */
  private String serve() throws IOException {
    return jars(home.resolve("lib/serve")).stream()
        .map(jar -> ":" + jar)
        .collect(Collectors.joining());
  }

  /**
   * The jars of a folder: our own first, since a class is looked for in each jar before its own.
   */
  private static List<Path> jars(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(".jar")).sorted(OWN_FIRST).toList());
    }
  }

  private static String joined(List<Path> jars) {
    return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  /** The jar to use for one of the distribution: a rewritten copy, or itself. */
  private Path prepared(Path jar) {
    String name = jar.getFileName().toString();
    boolean compression = name.startsWith("zstd-jni-");
    if (!compression && !name.startsWith("picocli-")) {
      return jar;
    }
    try {
      if (compression) {
        zstd = NativeLibrary.unpack(jar, start);
        if (zstd == null) {
          return jar;
        }
      }
      Path modern = start.resolve(name);
      Modernize.rewrite(jar, modern);
      return modern;
    } catch (IOException | RuntimeException e) {
      System.out.println(jar + " is used as it is: " + e);
      return jar;
    }
  }

  private Path cache(String classPath, Class<?> training, String name) throws InterruptedException {
    Path cache = start.resolve(name);
    try {
      return AotCache.make(java, LaunchConfig.shortFlags(), classPath, training, cache)
          ? cache
          : null;
    } catch (IOException e) {
      System.out.println("no " + name + ": " + e);
      return null;
    }
  }
}
