package io.slab.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What several threads write at once stays whole. */
class SinkTest {
  private static final int THREADS = 4;
  private static final int LINES = 20_000;

  @Test
  void linesOfSeveralThreadsStayWholeAndInTheirOrder() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Sink sink = Sink.of(out);
    // Half of them write through the view that people's terminals get.
    List<Sink> places = List.of(sink, sink.numbered());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      threads.add(Thread.startVirtualThread(() -> write(places.get(number % 2), number)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    sink.flush();
    int[] next = new int[THREADS];
    for (String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
      int number = line.charAt(0) - '0';
      assertEquals(line(number, next[number]++), line);
    }
    assertEquals(List.of(LINES, LINES, LINES, LINES), List.of(next[0], next[1], next[2], next[3]));
  }

  private static void write(Sink sink, int number) {
    for (int i = 0; i < LINES; i++) {
      sink.write(line(number, i) + "\n");
      if (i % 1_000 == 0) {
        sink.flush();
      }
    }
  }

  private static String line(int number, int i) {
    return number + " wrote line " + i;
  }

  @Test
  void bytesThroughAViewAreNotLost() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Sink sink = Sink.of(out);
    Sink view = sink.numbered();
    view.write("a");
    view.write(new byte[] {'b', 'c'}, 1, 1);
    view.flush();
    assertEquals("ac", out.toString(StandardCharsets.UTF_8));
  }
}
