package io.slab.cli.launch;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes the cache that {@code slab serve} starts from: {@code PrepareServe START JAVA CLASSPATH}.
 * Apart from {@link Prepare}, so that a user who never starts a server does not wait for it.
 */
public final class PrepareServe {
  /** The name of the cache, which the launcher looks for. */
  static final String FILE = "slab-serve.aot";

  private PrepareServe() {}

  /**
   * @param args the folder for what is made, the program that starts Java, and the class path of
   *     the server; with jars of S3 behind it the cache suits as well
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path cache = Path.of(args[0], FILE);
    boolean made =
        AotCache.make(
            Path.of(args[1]), LaunchConfig.serveTraining(), args[2], TrainingServe.class, cache);
    System.out.println(made ? "made " + cache : "no " + FILE);
  }
}
