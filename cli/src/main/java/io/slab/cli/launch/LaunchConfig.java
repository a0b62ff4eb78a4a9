package io.slab.cli.launch;

import io.slab.cli.verb.VerbName;
import io.slab.s3.S3Address;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How Java is started for which verb: the only place that says so. The build writes {@link #shell}
 * for the launcher, and {@link Prepare} and {@link PrepareServe} train the JVM's caches with the
 * same flags; a cache made with others would be ignored.
 */
public final class LaunchConfig {
  /**
   * The methods that are compiled at their first calls even in a short command, in the notation of
   * {@code -XX:CompileCommand}: loops over vectors and bitmaps.
   */
  public static final List<String> COMPILED_AT_ONCE =
      List.of(
          "io.slab.vector.ScalarKernel::*",
          "io.slab.ann.Scalar*::*",
          "io.slab.ann.Fine*::*",
          "io.slab.format.section.RoaringCheck::*",
          "org.roaringbitmap.buffer.Mappeable*::*");

  /** Verbs whose work is worth the optimising compiler and the vector instructions. */
  public static final Set<VerbName> LONG =
      EnumSet.of(
          VerbName.INGEST,
          VerbName.FLUSH,
          VerbName.COMPACT,
          VerbName.ERASE,
          VerbName.VERIFY,
          VerbName.REPAIR,
          VerbName.BENCH,
          VerbName.COPY,
          VerbName.EXPORT,
          VerbName.MIGRATE,
          VerbName.PULL,
          VerbName.SERVE,
          VerbName.MCP,
          VerbName.SHELL);

  /**
   * What every command has. A cache of classes is good only for starts with the same exports as
   * those it was made with, so that short commands have the one that long ones need. It is mapped
   * where it was made for (no relocation); a cache that does not suit the machine any more (other
   * limits of memory) is left out in silence, for what the JVM says about it would come on stdout.
   */
  private static final List<String> COMMON_FLAGS =
      List.of(
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:ArchiveRelocationMode=0",
          "-Xlog:aot=off,cds=off",
          "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED",
          "-XX:-UsePerfData");

  /** Where {@link io.slab.cli.Main} is told that it can have the vector module. */
  private static final String VECTOR = "-Dslab.vector=true";

  private static final List<String> LONG_FLAGS =
      List.of(
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:+EnableVectorSupport",
          // Much garbage, short-lived, and no one waits for a pause to end: the collector with the
          // cheapest barriers.
          "-XX:+UseParallelGC",
          VECTOR);

  /**
   * Where the user says nothing: the collector would take gigabytes for new objects where there are
   * some to be had; a small nursery costs no time (bench/README.md).
   */
  private static final String LONG_DEFAULTS = "-XX:MaxNewSize=128m";

  /**
   * Of the server besides. Netty reaches into the JVM for its buffers, of which the JVM would tell
   * on stderr. What the user did not ask for is left out of the start: events for the flight
   * recorder, a search for OpenSSL, and the compiling of methods only because the training ran
   * them, or before a few thousand calls; a server that works has soon made those.
   */
  private static final List<String> SERVE_FLAGS =
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-AOTReplayTraining",
          "-XX:CompileThresholdScaling=3",
          "-Dio.netty.jfr.enabled=false",
          "-Dcom.linecorp.armeria.tlsEngineType=jdk");

  private LaunchConfig() {}

  /**
   * Flags of a short command, which is over before an optimising compiler has paid for itself, and
   * before most methods are worth compiling at all: the quick compiler alone, and for a quarter of
   * the usual candidates. Nothing is compiled only because it was hot when the cache was made.
   */
  public static List<String> shortFlags() {
    List<String> flags = new ArrayList<>(COMMON_FLAGS);
    flags.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:CompileThresholdScaling=4",
            "-XX:-AOTReplayTraining",
            "-XX:CompileCommand=quiet"));
    for (String methods : COMPILED_AT_ONCE) {
      flags.add("-XX:CompileCommand=CompileThresholdScaling," + methods + ",0.01");
    }
    flags.add("-Djdk.reflect.useNativeAccessorOnly=true");
    return flags;
  }

  /** Flags of a long command, with the same cache. */
  public static List<String> longFlags() {
    List<String> flags = new ArrayList<>(COMMON_FLAGS);
    flags.addAll(LONG_FLAGS);
    return flags;
  }

  /**
   * Flags that the server's cache is made with: those of the server, but without the vector module,
   * whose classes no cache can hold.
   */
  static List<String> serveTraining() {
    List<String> flags = new ArrayList<>(longFlags());
    flags.remove(VECTOR);
    flags.addAll(SERVE_FLAGS);
    return flags;
  }

  /** All of it as text that a POSIX shell reads. */
  public static String shell() {
    return """
    # Made by the build from io.slab.cli.launch.LaunchConfig; do not edit.
    short_flags='%s'
    long_flags='%s'
    long_defaults='%s'
    serve_flags='%s'
    # True for a verb of long work.
    is_long() {
      case $1 in
        %s) return 0 ;;
      esac
      return 1
    }
    # True for an address on S3.
    is_s3() {
      case $1 in
        %s) return 0 ;;
      esac
      return 1
    }
    """
        .formatted(
            String.join(" ", shortFlags()),
            String.join(" ", longFlags()),
            LONG_DEFAULTS,
            String.join(" ", SERVE_FLAGS),
            String.join(" | ", longWords()),
            String.join(" | ", S3Address.SCHEMES.stream().map(LaunchConfig::anyCase).toList()));
  }

  private static List<String> longWords() {
    List<String> words = new ArrayList<>();
    for (VerbName verb : LONG) {
      words.add(verb.word);
      if (verb.alias != null) {
        words.add(verb.alias);
      }
    }
    return words;
  }

  /** A pattern for what begins with a scheme, its letters in either case. */
  private static String anyCase(String scheme) {
    StringBuilder pattern = new StringBuilder();
    for (char c : scheme.toCharArray()) {
      pattern.append(
          Character.isLetter(c)
              ? "[" + Character.toLowerCase(c) + Character.toUpperCase(c) + "]"
              : String.valueOf(c));
    }
    return pattern + "*";
  }
}
