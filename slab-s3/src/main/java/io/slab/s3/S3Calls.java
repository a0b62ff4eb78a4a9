package io.slab.s3;

import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.error.StoreException.Effect;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/**
 * Sends requests, each again while its failure may pass: after a pause that doubles, varies by half
 * and is longer for a server that asks to be left alone. The only place that repeats anything; the
 * client itself does not. Thread-safe.
 */
final class S3Calls {
  private static final int ATTEMPTS = 8;
  private static final int ATTEMPTS_UNREACHABLE = 4;
  private static final long FIRST_PAUSE = 50;
  private static final long FIRST_PAUSE_THROTTLED = 400;
  private static final long LONGEST_PAUSE = 5_000;

  /** Slower than this, a transfer is not waited for. */
  private static final long LEAST_BYTES_PER_SECOND = 32 << 10;

  private final Duration timeout;

  S3Calls(Duration timeout) {
    this.timeout = timeout;
  }

  /** A request that failed for good. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient S3Failure failure;
    private final Effect most;
    private final String what;

    Failed(S3Failure failure, Effect most, String what) {
      super(failure.detail(), failure.cause(), false, false);
      this.failure = failure;
      this.most = most;
      this.what = what;
    }

    boolean is(S3Failure.Kind kind) {
      return failure.kind() == kind;
    }

    String detail() {
      return failure.detail();
    }

    /** What callers are told. */
    SlabException exception() {
      return failure.exception(what, most);
    }

    /** The same, for a request that only prepared what the caller wants to do. */
    SlabException unsent() {
      return failure.exception(what, Effect.NONE);
    }
  }

  /**
   * Sends one request until it has an answer.
   *
   * @param what "read s3://bucket/key", for errors
   * @throws Failed with the last failure
   */
  <T> T attempt(String what, Supplier<T> request) {
    long end = System.nanoTime() + timeout.toNanos();
    Effect most = Effect.NONE;
    for (int attempt = 1; ; attempt++) {
      S3Failure failure;
      try {
        return request.get();
      } catch (RuntimeException e) {
        failure = S3Failure.of(e);
      }
      most = most.compareTo(failure.effect()) >= 0 ? most : failure.effect();
      boolean unreachable = failure.kind() == S3Failure.Kind.UNREACHABLE;
      long pause = pause(attempt, failure.kind());
      if (!failure.kind().repeatable()
          || attempt == (unreachable ? ATTEMPTS_UNREACHABLE : ATTEMPTS)
          || System.nanoTime() + pause * 1_000_000 > end) {
        throw new Failed(failure, most, what);
      }
      sleep(pause, what);
    }
  }

  /** As {@link #attempt}, for requests of which no failure means anything special. */
  <T> T call(String what, Supplier<T> request) {
    try {
      return attempt(what, request);
    } catch (Failed e) {
      throw e.exception();
    }
  }

  /** An answer that contradicts itself, and does so again when it is asked for again. */
  SlabException unbelievable(String what, String why) {
    return new StoreException(
        StoreException.Kind.TEMPORARY,
        "cannot " + what + ": the answer cannot be believed: " + why,
        "try again; if this persists see what `slab doctor` says of this storage",
        null);
  }

  /** The limit on one attempt, by how much it transfers. */
  AwsRequestOverrideConfiguration limit(long bytes) {
    return AwsRequestOverrideConfiguration.builder()
        .apiCallAttemptTimeout(timeout.plusSeconds(bytes / LEAST_BYTES_PER_SECOND))
        .build();
  }

  private static long pause(int attempt, S3Failure.Kind kind) {
    long first = kind == S3Failure.Kind.THROTTLED ? FIRST_PAUSE_THROTTLED : FIRST_PAUSE;
    long whole = Math.min(LONGEST_PAUSE, first << Math.min(attempt - 1, 20));
    return whole / 2 + ThreadLocalRandom.current().nextLong(whole + 1);
  }

  private static void sleep(long millis, String what) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(
          StoreException.Kind.FAILED, "interrupted while trying to " + what, null, e);
    }
  }
}
