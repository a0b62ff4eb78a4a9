package io.slab.cli.output;

import io.slab.cli.usage.Suggest;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Says on stderr how long work is getting on: a bar on a terminal, a plain line every ten seconds
 * elsewhere, JSON lines, or nothing. One thread only.
 */
public final class Progress implements AutoCloseable {
  /** How to show it. */
  public enum Mode {
    BAR(100),
    PLAIN(10_000),
    JSON(1_000),
    NONE(Long.MAX_VALUE);

    private final long everyMillis;

    Mode(long everyMillis) {
      this.everyMillis = everyMillis;
    }

    /** Parses the option; {@code auto} is a bar on a terminal and plain lines elsewhere. */
    public static Mode parse(String name, boolean terminal) {
      return switch (name) {
        case "auto" -> terminal ? BAR : PLAIN;
        case "bar" -> BAR;
        case "plain" -> PLAIN;
        case "json" -> JSON;
        case "none" -> NONE;
        default ->
            throw Suggest.unknown(
                "unknown progress mode", name, List.of("auto", "bar", "plain", "json", "none"));
      };
    }
  }

  private static final int BAR_WIDTH = 24;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Mode mode;
  private final Sink err;
  private final String what;
  private final LongSupplier clock;
  private final long started;
  private long last;
  private boolean drawn;
  private String unit = "records";

  /** Where the work has phases, the one that it is in; null before. */
  private String phase;

  /** When that began. */
  private long phaseStarted;

  /** What of it was done before then, in another process or before another phase. */
  private long doneBefore;

  private double fractionBefore;

  /** Whether the bar shows it. */
  private boolean shown;

  /**
   * @param what the work, as in "ingest"
   * @param clock milliseconds, any origin
   */
  public Progress(Mode mode, Sink err, String what, LongSupplier clock) {
    this.mode = mode;
    this.err = err;
    // It may hold names from outside, which must not drive a terminal.
    this.what = Cells.clean(what);
    this.clock = clock;
    this.started = clock.getAsLong();
    this.phaseStarted = started;
    this.last = started;
  }

  /** Counts other things than records. */
  public Progress counting(String things) {
    unit = things;
    return this;
  }

  /**
   * Begins a phase, which has a bar, a rate and a time left of its own.
   *
   * @param things what it counts, or null where the number says nothing to people
   */
  public void begin(String name, String things) {
    resume(name, things, 0, 0);
  }

  /** Goes on with a phase of which something was done before: rates are those from here on. */
  public void resume(String name, String things, long done, double fraction) {
    doneBefore = done;
    fractionBefore = Math.max(0, fraction);
    phase = Cells.clean(name);
    unit = things;
    phaseStarted = clock.getAsLong();
    shown = false;
  }

  /** The phase is done: a bar that was shown is shown full, however short ago that was. */
  public void end(long done) {
    if (shown && mode == Mode.BAR) {
      draw(clock.getAsLong(), done, 1);
    }
  }

  /**
   * Says where the work is; shown when it is time to.
   *
   * @param done items done
   * @param fraction between 0 and 1, or negative when the whole is not known
   */
  public void update(long done, double fraction) {
    long now = clock.getAsLong();
    // The first bar comes after one interval: short work shows none.
    if (mode == Mode.NONE || now - last < mode.everyMillis) {
      return;
    }
    draw(now, done, fraction);
  }

  private void draw(long now, long done, double fraction) {
    last = now;
    shown = true;
    double seconds = (now - phaseStarted) / 1000.0;
    long rate = seconds == 0 ? 0 : Math.round((done - doneBefore) / seconds);
    switch (mode) {
      case BAR -> bar(done, fraction, rate, seconds);
      case PLAIN ->
          err.write(
              what
                  + (phase == null ? "" : ", " + phase)
                  + ": "
                  + text(done, fraction, rate)
                  + left(fraction, seconds)
                  + "\n");
      case JSON ->
          err.write(
              JsonText.of(
                      new Doc()
                          .put("type", "status")
                          .put("verb", what)
                          .putIfPresent("phase", phase)
                          .put("done", done)
                          .putIfPresent("fraction", fraction < 0 ? null : round(fraction))
                          .put("elapsedMs", now - started))
                  + "\n");
      case NONE -> {}
    }
    err.flush();
  }

  private void bar(long done, double fraction, long rate, double seconds) {
    drawn = true;
    StringBuilder line = new StringBuilder(CLEAR_LINE).append(what).append(' ');
    if (phase != null) {
      line.append(phase).append(' ');
    }
    if (fraction >= 0) {
      int full = (int) Math.round(Math.min(1, fraction) * BAR_WIDTH);
      line.append('[').append("█".repeat(full)).append("░".repeat(BAR_WIDTH - full)).append("] ");
    }
    err.write(line.append(text(done, fraction, rate)).append(left(fraction, seconds)).toString());
  }

  private String text(long done, double fraction, long rate) {
    String percent = fraction < 0 ? "" : Math.round(Math.min(1, fraction) * 100) + "%  ";
    return unit == null
        ? percent.stripTrailing()
        : percent + Human.count(done) + " " + unit + "  " + Human.count(rate) + "/s";
  }

  /** How long the rest takes at the rate so far; nothing at first, when that is a guess. */
  private String left(double fraction, double seconds) {
    double since = fraction - fractionBefore;
    if (since < 0.01 || fraction >= 1 || seconds < 2) {
      return "";
    }
    long millis = Math.round(seconds * (1 - fraction) / since) * 1000;
    return "  " + Human.millis(Math.max(1000, millis)) + " left";
  }

  private static double round(double fraction) {
    return Math.round(fraction * 1000) / 1000.0;
  }

  @Override
  public void close() {
    clear();
  }

  /** Wipes the bar. */
  public void clear() {
    if (drawn) {
      err.write(CLEAR_LINE);
      err.flush();
      drawn = false;
    }
  }
}
