package io.slab.trust;

import io.slab.s3.S3Store;
import io.slab.store.LocalStore;
import io.slab.store.ObjectStore;
import io.slab.testkit.MemoryStore;
import io.slab.testkit.s3.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Every fault of every call for some seconds. Arguments: seconds, memory|network|local|s3, seed.
 */
public final class FaultPointsPart {
  private FaultPointsPart() {}

  public static void main(String[] args) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
    String where = args[1];
    long first = args.length > 2 ? Long.parseLong(args[2]) : System.currentTimeMillis();
    long runs = 0;
    long found = 0;
    long seed = first;
    while (System.nanoTime() < end && found < 3) {
      try {
        runs += points(where, seed).explore(0, 1, end);
      } catch (AssertionError e) {
        found++;
        e.printStackTrace(System.out);
      }
      seed++;
    }
    System.out.printf(
        "fault points, %s: seeds %d to %d, %,d faults tried; failed %d%n",
        where, first, seed - 1, runs, found);
    System.exit(found == 0 ? 0 : 1);
  }

  static FaultPoints points(String where, long seed) {
    return switch (where) {
      case "memory" -> new FaultPoints(MemoryStore::new, seed, false, false);
      case "network" -> new FaultPoints(MemoryStore::new, seed, true, false);
      case "local" -> new FaultPoints(FaultPointsPart::local, seed, false, true);
      case "s3" -> new FaultPoints(FaultPointsPart::s3, seed, true, true);
      default -> throw new IllegalArgumentException(where);
    };
  }

  private static ObjectStore s3(LongSupplier clock) {
    return S3Store.open(S3Server.newPlace(), S3Server.settings());
  }

  private static ObjectStore local(LongSupplier clock) {
    try {
      Path folder = Files.createTempDirectory("slab-trust-");
      folder.toFile().deleteOnExit();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      return new LocalStore(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> paths = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : paths) {
        Files.delete(path);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + folder);
    }
  }
}
