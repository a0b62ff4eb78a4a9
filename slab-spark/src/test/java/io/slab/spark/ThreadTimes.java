package io.slab.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Seconds of processor of the threads of some processes, by the name of the thread, those of this
 * process apart. Threads that ended are not in it. Linux alone says; elsewhere it is empty.
 */
record ThreadTimes(Map<String, Double> seconds) {
  /** Ticks of a second in the files of a process. */
  private static final double TICKS = 100;

  /** Less is not worth a line. */
  private static final double LEAST = 0.3;

  static ThreadTimes of(List<ProcessHandle> processes) {
    Map<String, Double> seconds = new TreeMap<>();
    for (ProcessHandle process : processes) {
      String of = process.equals(ProcessHandle.current()) ? "driver" : "executors";
      try (Stream<Path> threads =
          Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
        threads.forEach(thread -> add(seconds, of, thread));
      } catch (IOException e) {
        continue; // It ended, or this is another system.
      }
    }
    return new ThreadTimes(seconds);
  }

  private static void add(Map<String, Double> seconds, String of, Path thread) {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      int end = stat.lastIndexOf(')');
      String name = stat.substring(stat.indexOf('(') + 1, end).replaceAll("[-#\\d. ]*$", "");
      String[] fields = stat.substring(end + 2).split(" ");
      long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      seconds.merge(of + ", " + name, ticks / TICKS, Double::sum);
    } catch (IOException e) {
      return; // The thread ended.
    }
  }

  /** What came after another time. */
  ThreadTimes minus(ThreadTimes before) {
    Map<String, Double> left = new TreeMap<>();
    seconds.forEach((name, time) -> left.put(name, time - before.seconds.getOrDefault(name, 0.0)));
    return new ThreadTimes(left);
  }

  /** A line each, for people. */
  @Override
  public String toString() {
    StringBuilder lines = new StringBuilder();
    seconds.forEach((name, time) -> {
      if (time >= LEAST) {
        lines.append(String.format(Locale.ROOT, "  %s: %.1f s%n", name, time));
      }
    });
    return lines.toString();
  }
}
