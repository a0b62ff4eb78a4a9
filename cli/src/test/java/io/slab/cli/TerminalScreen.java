package io.slab.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A real terminal, which tmux is: keys go in, a screen comes out. */
public final class TerminalScreen implements AutoCloseable {
  /** A machine that does much else may take a minute to start a program. */
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

  private final Path socket;

  /**
   * Starts a program in a terminal of 100 columns and 30 lines.
   *
   * @param command a line for {@code sh}
   */
  public TerminalScreen(String command) throws IOException, InterruptedException {
    // The path of a socket must be short.
    socket = Files.createTempDirectory("st").resolve("s");
    tmux("new-session", "-d", "-x", "100", "-y", "30", command);
  }

  /** Whether there is a tmux; says so where there is none. */
  public static boolean installed(Class<?> test) {
    try {
      if (new ProcessBuilder("tmux", "-V").redirectErrorStream(true).start().waitFor() == 0) {
        return true;
      }
    } catch (IOException | InterruptedException e) {
      // Said below.
    }
    System.out.println(test.getSimpleName() + " skipped: tmux is not installed");
    return false;
  }

  private String tmux(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("tmux", "-S", socket.toString(), "-f", "/dev/null"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return text;
  }

  public void type(String text) throws IOException, InterruptedException {
    tmux("send-keys", "-l", "--", text);
  }

  public void key(String name) throws IOException, InterruptedException {
    tmux("send-keys", name);
  }

  /** Types a line and presses Enter. */
  public void line(String text) throws IOException, InterruptedException {
    type(text);
    key("Enter");
  }

  public String text() throws IOException, InterruptedException {
    return tmux("capture-pane", "-p");
  }

  /** Waits until a text is on the screen, and returns the screen. */
  public String await(String text) throws IOException, InterruptedException {
    return await(Pattern.compile(Pattern.quote(text)));
  }

  /** The same of a text that is found by a pattern. */
  public String await(Pattern text) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String screen = text();
    while (!text.matcher(screen).find()) {
      assertTrue(System.nanoTime() < end, "no \"" + text + "\" on the screen:\n" + screen);
      Thread.sleep(50);
      screen = text();
    }
    return screen;
  }

  @Override
  public void close() throws IOException {
    try {
      tmux("kill-server");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
