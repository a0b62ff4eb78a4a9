package io.slab.serve.jobs;

import io.slab.error.SlabException;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Failures;
import io.slab.serve.api.Status;
import io.slab.serve.json.Bodies;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does the jobs of a server: a few at once, others wait, and each gives signs of life meanwhile.
 * How a job ended is on storage when it ends. Thread-safe.
 */
public final class JobRunner implements AutoCloseable {
  private static final int AT_ONCE = 2;

  /** Most jobs that run or wait. */
  private static final int MOST = 100;

  private final JobFolder folder;
  private final Duration silence;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Map<Ended, LongAdder> ended = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE, Thread.ofPlatform().daemon().name("slab-job-", 0).factory());

  /** Signs of life wait for nothing else. */
  private final ScheduledExecutorService clock = timer("slab-job-clock");

  private final ScheduledExecutorService care = timer("slab-job-care");

  /** What a job does. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it.
     *
     * @return how it ended, with a {@code status}
     * @throws CancellationException where it was told to end
     */
    ObjectNode run(Running running);
  }

  /**
   * @param silence after which without a sign of life a job is taken for one that no server works
   *     on
   */
  public JobRunner(JobFolder folder, Duration silence) {
    this.folder = folder;
    this.silence = silence;
    long period = Math.max(1, silence.toMillis() / 4);
    ScheduledFuture<?> unused =
        clock.scheduleWithFixedDelay(this::sign, period, period, TimeUnit.MILLISECONDS);
  }

  private static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  /**
   * Does something again and again beside the jobs; what it throws is said, and changes nothing.
   */
  public void every(Duration first, Duration period, Runnable work) {
    ScheduledFuture<?> unused =
        care.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | OutOfMemoryError e) {
                // What is cut off by the end of the server is the next one's to do.
                if (!care.isShutdown()) {
                  System.err.println("slab serve: looking after jobs came to nothing: " + e);
                }
              }
            },
            first.toMillis(),
            period.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void sign() {
    running.forEach((key, job) -> {
      try {
        int slash = key.indexOf('/');
        Kind kind = Kind.valueOf(key.substring(0, slash));
        String id = key.substring(slash + 1);
        job.sign();
        if (folder.isCancelled(kind, id)) {
          job.cancel();
        }
      } catch (RuntimeException e) {
        // The storage failed for a moment: the next sign says as much.
        System.err.println("slab serve: a sign of life of a job came to nothing: " + e);
      }
    });
  }

  private static String key(Kind kind, String id) {
    return kind.name() + "/" + id;
  }

  /**
   * Refuses a new job where too many wait.
   *
   * @throws ApiException then
   */
  public void requireRoom() {
    if (running.size() >= MOST) {
      throw new ApiException(
          Status.BUSY, MOST + " backups, restores and imports run or wait: try again later");
    }
  }

  private Running running(Kind kind, String id, long sign, Progress before) {
    return new Running(sign, before, (number, progress) -> folder.sign(kind, id, number, progress));
  }

  /** Does a job that was begun. */
  public void start(Kind kind, String id, Work work) {
    start(kind, id, running(kind, id, 0, Progress.NONE), work);
  }

  /**
   * Goes on with a job that no server is at.
   *
   * @return false where one is, or it ended
   */
  public boolean resume(Kind kind, String id, Work work) {
    if (running.containsKey(key(kind, id))) {
      return false;
    }
    long sign = folder.takeOver(kind, id, silence);
    if (sign < 0) {
      return false;
    }
    Progress before = folder.progress(kind, id).orElse(Progress.NONE);
    start(kind, id, running(kind, id, sign, before), work);
    return true;
  }

  private void start(Kind kind, String id, Running job, Work work) {
    running.put(key(kind, id), job);
    try {
      threads.execute(() -> run(kind, id, job, work));
    } catch (RejectedExecutionException e) {
      running.remove(key(kind, id)); // The server is being ended: the next one finds it.
    }
  }

  private void run(Kind kind, String id, Running job, Work work) {
    ObjectNode end;
    try {
      job.requireWanted();
      end = work.run(job);
    } catch (CancellationException e) {
      end = job.isLeft() ? null : ended("Cancelled").put("records", job.records());
    } catch (Throwable e) {
      ApiException said = Failures.of(e);
      boolean fault = said.status() == Status.INTERNAL && !(e instanceof SlabException);
      System.err.println("slab serve: the job " + key(kind, id) + " failed: " + said.getMessage());
      if (fault) {
        e.printStackTrace(System.err);
      }
      end = job.isLeft() ? null : failed(job, said.getMessage());
    }
    try {
      // A server that was stopped for a while may be the last to know that another one has it.
      if (!job.sign()) {
        System.err.println(
            "slab serve: another server went on with the job "
                + key(kind, id)
                + ", for this one gave no sign of life");
      } else if (end == null) {
        folder.leave(kind, id, job.progress());
      } else {
        folder.end(kind, id, end.put("ended_at", JobFolder.now()));
        count(kind, end.path("status").asString());
      }
    } catch (RuntimeException e) {
      System.err.println("slab serve: the end of the job " + key(kind, id) + " is not kept: " + e);
    } finally {
      running.remove(key(kind, id));
    }
  }

  private static ObjectNode failed(Running job, String sentence) {
    return ended("Failed").put("error", sentence).put("records", job.records());
  }

  /** An end, to be added to. */
  public static ObjectNode ended(String status) {
    return Bodies.object().put("status", status);
  }

  private void count(Kind kind, String status) {
    ended.computeIfAbsent(new Ended(kind, status), e -> new LongAdder()).increment();
  }

  /**
   * A way in which jobs end.
   *
   * @param status as it is on storage
   */
  public record Ended(Kind kind, String status) {}

  /** How many jobs ended on this server since its start, and how. */
  public Map<Ended, Long> ended() {
    Map<Ended, Long> counts = new HashMap<>();
    ended.forEach((how, count) -> counts.put(how, count.sum()));
    return counts;
  }

  /** How many jobs of a kind run or wait on this server. */
  public long running(Kind kind) {
    return running.keySet().stream().filter(key -> key.startsWith(key(kind, ""))).count();
  }

  /** A job that this server is at. */
  public Optional<Running> running(Kind kind, String id) {
    return Optional.ofNullable(running.get(key(kind, id)));
  }

  /** How far a job is, on each server; empty for one that ended or that no server works on. */
  public Optional<Progress> progress(Job job) {
    Running here = running.get(key(job.kind(), job.id()));
    if (here != null) {
      return Optional.of(here.progress());
    }
    return job.ended() ? Optional.empty() : folder.progress(job.kind(), job.id());
  }

  /** Tells a job to end, of this server soon, of another one with its next sign of life. */
  public void cancel(Kind kind, String id) {
    folder.cancel(kind, id);
    Running job = running.get(key(kind, id));
    if (job != null) {
      job.cancel();
    }
  }

  /** Waits for a job of this server to end. */
  public void await(Kind kind, String id) {
    try {
      while (running.containsKey(key(kind, id))) {
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves all jobs where they are; a server that starts later goes on with them. */
  @Override
  public void close() {
    clock.shutdownNow();
    care.shutdownNow();
    running.values().forEach(Running::leave);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
