package io.slab.cli.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lines of bytes of bounded length. One thread only. */
final class MessageLines {
  /** Most bytes of a message: a vector of 20,000 numbers takes a tenth of it. */
  static final int MOST_BYTES = 4 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 14];
  private int at;
  private int end;

  MessageLines(InputStream in) {
    this.in = in;
  }

  /**
   * A line without its end.
   *
   * @param tooLong true where it was longer than a message may be; the bytes are then none
   */
  record Line(byte[] bytes, boolean tooLong) {}

  /** The next line, of which the last needs no end; null when there is none. */
  Line next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean any = false;
    boolean tooLong = false;
    while (at < end || fill()) {
      any = true;
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      tooLong |= line.size() + (at - from) > MOST_BYTES;
      if (tooLong) {
        line.reset();
      } else {
        line.write(buffer, from, at - from);
      }
      if (at < end) {
        at++;
        break;
      }
    }
    return any ? new Line(line.toByteArray(), tooLong) : null;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }
}
