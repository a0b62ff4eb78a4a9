package io.slab.bench.serve;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own. One thread only. */
final class Served implements AutoCloseable {
  /** Ticks of processor time a second, of Linux for programs. */
  private static final double TICKS = 100;

  private static final String READY = "/readyz";

  private final Process process;

  /** The port of its control plane. */
  final int port;

  private Served(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** As its users start it; the ports of indexes follow that of the control plane. */
  static Served slab(Path root, int port) throws Exception {
    String indexes = (port + 1) + "-" + (port + 10);
    return program(
        port,
        READY,
        List.of(
            System.getenv("SLAB"),
            "serve",
            root.toString(),
            "--no-log",
            "--port",
            "" + port,
            "--index-ports",
            indexes));
  }

  /** A class of this module, with the flags of the server. */
  static Served java(int port, Class<?> main, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseParallelGC", "-XX:MaxNewSize=128m", "-XX:-UsePerfData"));
    command.addAll(List.of("-XX:CompileThresholdScaling=3", "-Dio.netty.jfr.enabled=false"));
    command.addAll(List.of("--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return program(port, READY, command);
  }

  /**
   * Any program.
   *
   * @param path that it answers with 200 once it is ready
   */
  static Served program(int port, String path, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(new File("/dev/null"))
            .start();
    Served served = new Served(process, port);
    while (!served.ready(path)) {
      if (!process.isAlive()) {
        throw new IOException("it ended: " + command);
      }
      Thread.sleep(5);
    }
    if (!process.isAlive()) {
      throw new IOException("another server has the port " + port);
    }
    return served;
  }

  private boolean ready(String path) {
    try {
      HttpURLConnection asked =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      return asked.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Processor time, user and system of all threads, in milliseconds. */
  double cpuMillis() throws IOException {
    String text = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] parts = text.substring(text.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(parts[11]) + Long.parseLong(parts[12])) * 1_000 / TICKS;
  }

  /** Memory that it has, in MB. */
  double megabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS")) {
        return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("no VmRSS");
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
