package io.slab.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a process of its own, which says its port, and ends when its input does. */
public final class ServerProcess {
  private ServerProcess() {}

  /** Started in the process: {@code ServerProcess ROOT}. */
  public static void main(String[] args) throws IOException {
    SlabServer server = SlabServer.start(ServeOptions.of(args[0]).anywhere());
    System.out.println(server.port());
    InputStream in = System.in;
    while (in.read() >= 0) {
      // Nothing is said to it.
    }
    server.close();
    System.exit(0);
  }

  static Process start(Path root) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ServerProcess.class.getName(), root.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** The port of the control plane of a process that was just started. */
  static int port(Process process) throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream out = process.getInputStream();
    for (int c = out.read(); c >= 0 && c != '\n'; c = out.read()) {
      line.append((char) c);
    }
    return Integer.parseInt(line.toString().strip());
  }
}
