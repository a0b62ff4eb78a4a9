package io.slab.trust;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Disks that lie, for some seconds. Arguments: seconds, first seed. */
public final class LyingDiskPart {
  private LyingDiskPart() {}

  public static void main(String[] args) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
    long first = args.length > 1 ? Long.parseLong(args[1]) : System.currentTimeMillis();
    Map<LyingDisk.End, Long> ends = new EnumMap<>(LyingDisk.End.class);
    long found = 0;
    long seed = first;
    while (System.nanoTime() < end && found < 3) {
      for (LyingDisk.Loss loss : LyingDisk.Loss.values()) {
        try {
          ends.merge(LyingDisk.run(seed, loss), 1L, Long::sum);
        } catch (AssertionError e) {
          found++;
          e.printStackTrace(System.out);
        }
      }
      seed++;
    }
    System.out.printf(
        "lying disk: seeds %d to %d, power failures %s; failed %d%n", first, seed - 1, ends, found);
    System.exit(found == 0 ? 0 : 1);
  }
}
