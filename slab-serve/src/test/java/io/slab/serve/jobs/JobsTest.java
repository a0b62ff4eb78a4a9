package io.slab.serve.jobs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.slab.IndexOptions;
import io.slab.error.ConflictException;
import io.slab.serve.json.Bodies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose servers are killed, or stopped for a while. */
class JobsTest {
  @TempDir Path root;

  @Test
  void aNameOfACollectionWhoseRemovalWasCutShortBeginsAnew() throws IOException {
    try (JobFolder folder = new JobFolder(root.toString(), IndexOptions.defaults())) {
      folder.begin(Kind.COLLECTION, "c", Bodies.object().put("copy", "1"));
      folder.end(Kind.COLLECTION, "c", Bodies.object().put("status", "Ready"));
      folder.cancel(Kind.COLLECTION, "c");
      // The removal's first step, and then its server was killed.
      Files.delete(root.resolve("_service/collections/c/begun.json"));
      assertTrue(folder.find(Kind.COLLECTION, "c").isEmpty());
      assertTrue(folder.begin(Kind.COLLECTION, "c", Bodies.object().put("copy", "2")));
      assertFalse(folder.find(Kind.COLLECTION, "c").orElseThrow().ended());
      assertFalse(Files.exists(root.resolve("_service/collections/c/cancel")));
      assertFalse(folder.begin(Kind.COLLECTION, "c", Bodies.object().put("copy", "3")));
    }
  }

  /** Of the server's clock, which may be wrong, nothing depends. */
  @Test
  void endsOfLongAgoByTheClockOfTheStorageAreForgotten() throws IOException {
    Duration kept = Duration.ofDays(30);
    try (JobFolder folder = new JobFolder(root.toString(), IndexOptions.defaults())) {
      for (String id : List.of("old", "young", "slow-clock")) {
        Instant at = Instant.now().minus(Duration.ofDays(id.equals("young") ? 29 : 31));
        folder.begin(Kind.RESTORE, id, Bodies.object());
        folder.end(Kind.RESTORE, id, Bodies.object().put("ended_at", at.toString()));
        FileTime stored = FileTime.from(id.equals("slow-clock") ? Instant.now() : at);
        Files.setLastModifiedTime(root.resolve("_service/restores/" + id + "/ended.json"), stored);
      }
      folder.expire(Kind.RESTORE, kept);
      assertTrue(folder.find(Kind.RESTORE, "old").isEmpty());
      assertTrue(folder.find(Kind.RESTORE, "young").isPresent());
      assertTrue(folder.find(Kind.RESTORE, "slow-clock").isPresent());
    }
  }

  @Test
  void aJobThatAnotherServerTookOverEndsWithoutAWord() throws InterruptedException {
    Duration silence = Duration.ofMillis(200);
    CountDownLatch told = new CountDownLatch(1);
    try (JobFolder mine = new JobFolder(root.toString(), IndexOptions.defaults());
        JobFolder other = new JobFolder(root.toString(), IndexOptions.defaults());
        JobRunner runner = new JobRunner(mine, silence)) {
      String id = UUID.randomUUID().toString();
      mine.begin(Kind.IMPORT, id, Bodies.object());
      // As if this server had been stopped for a while: the other one gives the next sign.
      assertTrue(other.sign(Kind.IMPORT, id, 1, Progress.NONE));
      runner.start(
          Kind.IMPORT,
          id,
          running -> {
            try {
              while (true) {
                running.requireWanted();
                Thread.sleep(5);
              }
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            } finally {
              told.countDown();
            }
          });
      assertTrue(told.await(10, TimeUnit.SECONDS), "it goes on beside the other server");
      runner.await(Kind.IMPORT, id);
      assertFalse(mine.find(Kind.IMPORT, id).orElseThrow().ended());
      assertFalse(Files.exists(root.resolve("_service/imports/" + id + "/left")));
    }
  }

  @Test
  void aJobThatFailsBecauseAnotherServerIsAtItSaysNothing() {
    try (JobFolder mine = new JobFolder(root.toString(), IndexOptions.defaults());
        JobFolder other = new JobFolder(root.toString(), IndexOptions.defaults());
        JobRunner runner = new JobRunner(mine, Duration.ofMinutes(1))) {
      String id = UUID.randomUUID().toString();
      mine.begin(Kind.RESTORE, id, Bodies.object());
      AtomicBoolean held = new AtomicBoolean(true);
      runner.start(
          Kind.RESTORE,
          id,
          running -> {
            assertTrue(running.isHeld());
            // Stopped, and awake again before its clock is.
            assertTrue(other.sign(Kind.RESTORE, id, 2, Progress.NONE));
            held.set(running.isHeld());
            throw new ConflictException("an object exists already", null);
          });
      runner.await(Kind.RESTORE, id);
      assertFalse(held.get());
      assertFalse(mine.find(Kind.RESTORE, id).orElseThrow().ended());
    }
  }
}
