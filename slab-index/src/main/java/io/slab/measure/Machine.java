package io.slab.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a measurement was made on.
 *
 * @param jvm name and version
 * @param cores that this process may use
 * @param cpu model, or {@code unknown}
 * @param kernel name and version of the operating system
 * @param loadAverage of the last minute, by all processes; -1 when not known
 * @param maxHeapBytes limit of the Java heap
 * @param peakBytes most memory this process had resident, mapped files included; -1 when not known
 */
public record Machine(
    String jvm,
    int cores,
    String cpu,
    String kernel,
    double loadAverage,
    long maxHeapBytes,
    long peakBytes) {

  private static final class Beans {
    static final OperatingSystemMXBean SYSTEM =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  /** This machine, now. */
  public static Machine here() {
    String peak = line("/proc/self/status", "VmHWM");
    return new Machine(
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
        Runtime.getRuntime().availableProcessors(),
        or(line("/proc/cpuinfo", "model name"), "unknown"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Beans.SYSTEM.getSystemLoadAverage(),
        Runtime.getRuntime().maxMemory(),
        peak == null ? -1 : Long.parseLong(peak.replaceAll("\\D", "")) * 1024);
  }

  /** CPU time of the calling thread. */
  public static long threadCpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** CPU time that this process has used so far. */
  public static long cpuNanos() {
    return Beans.SYSTEM.getProcessCpuTime();
  }

  private static String or(String text, String otherwise) {
    return text == null ? otherwise : text;
  }

  /** The value of the first line {@code name : value} of a file, or null. */
  private static String line(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      return null;
    }
  }
}
