package io.slab.manifest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Visits every state that a small model can reach, breadth first, and stops at the first one that
 * breaks the model's promise. A state is a fixed number of small fields, packed into 128 bits.
 */
final class StateExplorer {
  /** What is explored. */
  interface Model {
    /** Bits of each field, at most 128 together. */
    int[] widths();

    int[] initial();

    /**
     * Calls {@code next} with a fresh array for every step that a process of the model can take.
     */
    void steps(int[] state, Consumer<int[]> next);

    /** What is wrong in a state, or null. */
    String violation(int[] state);

    String describe(int[] state);
  }

  /**
   * What was found.
   *
   * @param states number of states visited
   * @param violation what went wrong, or null when nothing did in any state
   * @param trace the states on the way there
   */
  record Result(int states, String violation, List<String> trace) {}

  private final Model model;
  private final int[] widths;
  private long[] low = new long[1 << 16];
  private long[] high = new long[1 << 16];
  private int[] parent = new int[1 << 16];
  private int[] table = new int[1 << 18];
  private int count;

  private StateExplorer(Model model) {
    this.model = model;
    this.widths = model.widths();
    if (Arrays.stream(widths).sum() > 128) {
      throw new IllegalArgumentException("the state is too wide");
    }
  }

  static Result explore(Model model) {
    return new StateExplorer(model).run();
  }

  private Result run() {
    add(model.initial(), -1);
    for (int i = 0; i < count; i++) {
      int[] state = unpack(low[i], high[i]);
      String violation = model.violation(state);
      if (violation != null) {
        return new Result(count, violation, trace(i));
      }
      int from = i;
      model.steps(state, next -> add(next, from));
    }
    return new Result(count, null, List.of());
  }

  private List<String> trace(int last) {
    List<String> trace = new ArrayList<>();
    for (int i = last; i >= 0; i = parent[i]) {
      trace.add(model.describe(unpack(low[i], high[i])));
    }
    Collections.reverse(trace);
    return trace;
  }

  private int[] unpack(long l, long h) {
    int[] state = new int[widths.length];
    int at = 0;
    for (int i = 0; i < state.length; i++) {
      long word = at < 64 ? l : h;
      if (at < 64 && at + widths[i] > 64) {
        at = 64;
        word = h;
      }
      state[i] = (int) (word >>> (at & 63)) & ((1 << widths[i]) - 1);
      at += widths[i];
    }
    return state;
  }

  private void add(int[] state, int from) {
    long l = 0;
    long h = 0;
    int at = 0;
    for (int i = 0; i < state.length; i++) {
      if (state[i] < 0 || state[i] >> widths[i] != 0) {
        throw new IllegalStateException("field " + i + " = " + state[i] + " does not fit");
      }
      if (at < 64 && at + widths[i] > 64) {
        at = 64;
      }
      if (at < 64) {
        l |= (long) state[i] << at;
      } else {
        h |= (long) state[i] << (at - 64);
      }
      at += widths[i];
    }
    insert(l, h, from);
  }

  private void insert(long l, long h, int from) {
    int mask = table.length - 1;
    int slot = hash(l, h) & mask;
    while (table[slot] != 0) {
      int index = table[slot] - 1;
      if (low[index] == l && high[index] == h) {
        return;
      }
      slot = (slot + 1) & mask;
    }
    if (count == low.length) {
      low = Arrays.copyOf(low, count * 2);
      high = Arrays.copyOf(high, count * 2);
      parent = Arrays.copyOf(parent, count * 2);
    }
    low[count] = l;
    high[count] = h;
    parent[count] = from;
    table[slot] = ++count;
    if (count * 2L > table.length) {
      rehash();
    }
  }

  private void rehash() {
    table = new int[table.length * 2];
    int mask = table.length - 1;
    for (int i = 0; i < count; i++) {
      int slot = hash(low[i], high[i]) & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = i + 1;
    }
  }

  private static int hash(long l, long h) {
    long x = (l * 0x9E3779B97F4A7C15L) ^ Long.rotateLeft(h * 0xC2B2AE3D27D4EB4FL, 31);
    x ^= x >>> 32;
    x *= 0x165667B19E3779F9L;
    return (int) (x >>> 29);
  }
}
