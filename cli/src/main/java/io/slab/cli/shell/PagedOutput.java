package io.slab.cli.shell;

import io.slab.cli.output.Terminal;
import io.slab.cli.verb.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * The output of one command to a terminal, which goes through the user's pager once it is longer
 * than the screen. What was shown before that is in the pager again. Talk on stderr waits while the
 * pager has the screen. Closing it waits until the user leaves the pager.
 */
final class PagedOutput extends OutputStream {
  private static final int NOT_RUNNABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int ESCAPE = 0x1b;

  private final OutputStream screen;
  private final Talk talk;
  private final ReplScreen size;
  private final String command;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private int shown;
  private int lines;
  private int column;
  private boolean escaped;
  private Process pager;

  private PagedOutput(Console console, ReplScreen size, String command) {
    screen = console.stdout();
    talk = new Talk(console.errors());
    this.size = size;
    this.command = command;
  }

  /** Null where results are not paged: no terminal, no pager, or the user does not want one. */
  static PagedOutput of(ReplState state, Console console) {
    if (!state.pager || state.output != null || state.screen == null) {
      return null;
    }
    String command = command(console.env());
    ReplScreen size = state.screen.get();
    boolean terminal = Terminal.of(console.env()).stdout();
    return terminal && command != null && size.height() > 1 && size.width() > 0
        ? new PagedOutput(console, size, command)
        : null;
  }

  /** {@code $PAGER}, or {@code less} where it is not set; null for none. */
  private static String command(Map<String, String> env) {
    if ("dumb".equals(env.get("TERM"))) {
      return null;
    }
    String given = env.getOrDefault("PAGER", "less").strip();
    return given.isEmpty() || given.equals("cat") ? null : given;
  }

  /** Where errors and other talk of the command go. */
  OutputStream talk() {
    return talk;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (pager != null) {
      pager.getOutputStream().write(bytes, from, count);
      return;
    }
    held.write(bytes, from, count);
    for (int i = from; i < from + count && lines < size.height(); i++) {
      count(bytes[i]);
    }
    // The prompt needs a line as well.
    if (lines >= size.height()) {
      start();
    }
  }

  /** Lines of the screen, where long ones are broken and colours take no room. */
  private void count(byte b) {
    if (escaped) {
      escaped = !Character.isLetter(b);
    } else if (b == ESCAPE) {
      escaped = true;
    } else if (b == '\n') {
      lines++;
      column = 0;
    } else if ((b & 0xc0) != 0x80 && ++column > size.width()) {
      lines++;
      column = 1;
    }
  }

  private void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    builder.environment().putIfAbsent("LESS", "FRX");
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    talk.hold();
    pager = builder.start();
    held.writeTo(pager.getOutputStream());
  }

  @Override
  public void flush() throws IOException {
    if (pager != null) {
      pager.getOutputStream().flush();
      return;
    }
    byte[] all = held.toByteArray();
    screen.write(all, shown, all.length - shown);
    shown = all.length;
    screen.flush();
  }

  /**
   * Shows what is left.
   *
   * @return null, or what the user should know about a pager that did not start
   */
  String end() throws IOException {
    if (pager == null) {
      flush();
      return null;
    }
    try {
      pager.getOutputStream().close();
    } catch (IOException e) {
      // The user has left the pager before the end.
    }
    int code = left();
    talk.release();
    return code == NOT_FOUND || code == NOT_RUNNABLE
        ? "the pager '" + command + "' does not start: set $PAGER to another one"
        : null;
  }

  private int left() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return pager.waitFor();
        } catch (InterruptedException e) {
          // The screen is the pager's until the user leaves it.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Stderr, which can wait. */
  private static final class Talk extends OutputStream {
    private final OutputStream errors;
    private ByteArrayOutputStream waiting;

    Talk(OutputStream errors) {
      this.errors = errors;
    }

    synchronized void hold() {
      waiting = new ByteArrayOutputStream();
    }

    synchronized void release() throws IOException {
      ByteArrayOutputStream text = waiting;
      waiting = null;
      text.writeTo(errors);
      errors.flush();
    }

    @Override
    public synchronized void write(int b) throws IOException {
      (waiting == null ? errors : waiting).write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
      (waiting == null ? errors : waiting).write(bytes, from, count);
    }

    @Override
    public synchronized void flush() throws IOException {
      if (waiting == null) {
        errors.flush();
      }
    }
  }
}
