package io.slab.cli.mcp;

import io.slab.error.Cancellation;
import io.slab.json.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Calls of tools, done one after the other by a thread of their own, so that a call can be
 * cancelled and other messages are answered meanwhile. Thread-safe.
 */
final class McpCalls {
  /** Calls that may wait: more would be a client that does not read. */
  private static final int MOST_WAITING = 64;

  /**
   * A call that waits or is being done.
   *
   * @param id of its request, as JSON
   */
  private record Call(String id, McpTool tool, JsonNode arguments, Cancellation cancellation) {}

  private final BlockingQueue<Call> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Map<String, Call> open = new ConcurrentHashMap<>();
  private final BiConsumer<String, McpTool.Answer> replies;

  /**
   * @param replies takes the id of each call that was not cancelled, and what came of it
   */
  McpCalls(BiConsumer<String, McpTool.Answer> replies) {
    this.replies = replies;
  }

  /** Whether a call with this id has no answer yet. */
  boolean isOpen(String id) {
    return open.containsKey(id);
  }

  /** False when too many wait. */
  boolean add(String id, McpTool tool, JsonNode arguments) {
    Call call = new Call(id, tool, arguments, new Cancellation());
    open.put(id, call);
    if (waiting.offer(call)) {
      return true;
    }
    open.remove(id);
    return false;
  }

  /** The client does not wait for the answer of a call any more. */
  void cancel(String id) {
    Call call = open.get(id);
    if (call != null) {
      call.cancellation().cancel();
    }
  }

  /** Does what comes, until the thread is interrupted. */
  void work() {
    try {
      while (true) {
        Call call = waiting.take();
        McpTool.Answer answer = call.cancellation().isCancelled() ? null : answer(call);
        reply(call, answer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Who takes a call out answers it; in one step, so that no call without an answer is not open.
   */
  private synchronized void reply(Call call, McpTool.Answer answer) {
    if (open.remove(call.id(), call) && !call.cancellation().isCancelled()) {
      replies.accept(call.id(), answer);
    }
  }

  private static McpTool.Answer answer(Call call) {
    try {
      return call.tool().call(call.arguments(), call.cancellation());
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // One call that went wrong is no reason to leave all others without an answer.
      return McpTool.Answer.failure("unexpected " + e);
    }
  }

  /**
   * Waits until all calls are done, but not for longer than that; then cancels the rest.
   *
   * @return the ids of those that have no answer, and get none here, without those that the client
   *     cancelled
   */
  List<String> end(long millis) throws InterruptedException {
    long last = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!open.isEmpty() && System.nanoTime() - last < 0) {
      Thread.sleep(1);
    }
    return takeOut();
  }

  private synchronized List<String> takeOut() {
    List<String> left = new ArrayList<>();
    for (Call call : List.copyOf(open.values())) {
      if (open.remove(call.id(), call) && !call.cancellation().isCancelled()) {
        left.add(call.id());
      }
      call.cancellation().cancel();
    }
    return left;
  }
}
