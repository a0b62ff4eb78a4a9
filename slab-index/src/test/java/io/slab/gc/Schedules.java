package io.slab.gc;

import io.slab.error.StoreException;
import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.testkit.MemoryStore;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs a few processes of the production code on one store, one call to the store at a time, and
 * tries every order in which at most a given number of times a process is suspended for another
 * one, or a call fails though it may have taken effect. A process that is suspended goes on only
 * when all others have ended or were suspended themselves, so each order is one of a process that
 * slept for as long as anything may take. (The idea is that of bounded context switches: Musuvathi
 * and Qadeer, "Iterative context bounding for systematic testing of multithreaded programs", PLDI
 * 2007.)
 */
public final class Schedules {
  /** One process: it gets the store through which all of its calls go. */
  public interface Work {
    void run(ObjectStore store);
  }

  /** What happens at one step instead of the ordinary: another process goes on, or a call fails. */
  private record Turn(int step, int process, Fault fault) {}

  private enum Fault {
    NONE,
    /** Fails without effect. */
    BEFORE,
    /** Takes effect and fails all the same. */
    AFTER,
    /** A create that fails, and takes effect when another process goes on, or at the very end. */
    LATE
  }

  /** One way to run everything. */
  private record Plan(List<Turn> turns) {
    Turn at(int step) {
      return turns.stream().filter(turn -> turn.step == step).findFirst().orElse(null);
    }
  }

  /** What can be done otherwise at one step. */
  private record Choice(
      int step, int current, List<Integer> others, boolean mayFail, boolean mayBeLate) {}

  private final Supplier<MemoryStore> begin;
  private final List<Work> works;
  private final Consumer<MemoryStore> always;
  private final Consumer<MemoryStore> finallyHolds;
  private final boolean faults;
  private final boolean late;
  private long runs;
  private int stride = 1;

  /**
   * @param begin a fresh store with the same content each time
   * @param faults whether creates and deletes may fail
   * @param late whether creates may also take effect after they failed, as on a network
   * @param always checked after every call that changes something
   * @param finallyHolds checked when all processes have ended
   */
  public Schedules(
      Supplier<MemoryStore> begin,
      List<Work> works,
      boolean faults,
      boolean late,
      Consumer<MemoryStore> always,
      Consumer<MemoryStore> finallyHolds) {
    this.begin = begin;
    this.works = works;
    this.faults = faults;
    this.late = late;
    this.always = always;
    this.finallyHolds = finallyHolds;
  }

  /** Tries all orders; throws what went wrong, with the order. Returns how many there were. */
  public long explore(int turns) {
    return explore(turns, 1);
  }

  /**
   * Tries those orders in which something else than the ordinary happens at the first step, and at
   * every so manieth after it.
   */
  public long explore(int turns, int every) {
    stride = every;
    explore(new Plan(List.of()), turns);
    return runs;
  }

  private void explore(Plan plan, int left) {
    List<Choice> choices = run(plan);
    if (left == 0) {
      return;
    }
    int from = plan.turns.isEmpty() ? 0 : plan.turns.getLast().step + 1;
    for (Choice choice : choices) {
      if (choice.step < from || choice.step % stride != 0) {
        continue;
      }
      for (int other : choice.others) {
        explore(with(plan, new Turn(choice.step, other, Fault.NONE)), left - 1);
      }
      if (choice.mayFail) {
        explore(with(plan, new Turn(choice.step, choice.current, Fault.BEFORE)), left - 1);
        explore(with(plan, new Turn(choice.step, choice.current, Fault.AFTER)), left - 1);
      }
      if (choice.mayBeLate) {
        explore(with(plan, new Turn(choice.step, choice.current, Fault.LATE)), left - 1);
      }
    }
  }

  private static Plan with(Plan plan, Turn turn) {
    List<Turn> turns = new ArrayList<>(plan.turns);
    turns.add(turn);
    return new Plan(turns);
  }

  private List<Choice> run(Plan plan) {
    runs++;
    MemoryStore store = begin.get();
    Gate gate = new Gate(works.size(), late);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < works.size(); i++) {
      int process = i;
      threads.add(Thread.ofVirtual().start(() -> gate.process(process, works.get(process), store)));
    }
    List<Choice> choices = new ArrayList<>();
    try {
      int current = 0;
      int before = 0;
      for (int step = 0; ; step++) {
        List<Integer> waiting = gate.waiting();
        if (waiting.isEmpty()) {
          break;
        }
        if (gate.changed()) {
          always.accept(store);
        }
        if (!waiting.contains(current)) {
          current = waiting.getFirst();
        }
        int now = current;
        boolean mayFail = faults && gate.mayFail(now);
        choices.add(
            new Choice(
                step,
                now,
                waiting.stream().filter(p -> p != now).toList(),
                mayFail,
                late && gate.isCreate(now)));
        Turn turn = plan.at(step);
        current = turn == null ? now : turn.process;
        if (current != before) {
          gate.land();
        }
        before = current;
        gate.go(current, turn == null ? Fault.NONE : turn.fault);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      gate.rethrow();
      gate.land();
      always.accept(store);
      finallyHolds.accept(store);
    } catch (Throwable e) {
      throw new AssertionError("in the order " + plan.turns + " of " + gate.log, e);
    }
    return choices;
  }

  /** Lets one process at a time pass to the store. */
  private static final class Gate {
    private final boolean[] waits;
    private final boolean[] ended;
    private final boolean[] mayFail;
    private final boolean[] creates;
    private final boolean late;
    private final List<Runnable> onTheirWay = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private Throwable failure;
    private boolean changed = true;
    private int turn = -1;
    private Fault fault = Fault.NONE;

    Gate(int processes, boolean late) {
      this.late = late;
      waits = new boolean[processes];
      ended = new boolean[processes];
      mayFail = new boolean[processes];
      creates = new boolean[processes];
    }

    void process(int process, Work work, MemoryStore store) {
      try {
        work.run(new GatedStore(this, process, store));
      } catch (Throwable e) {
        synchronized (this) {
          failure = failure == null ? e : failure;
        }
      }
      synchronized (this) {
        ended[process] = true;
        notifyAll();
      }
    }

    synchronized void rethrow() throws Throwable {
      if (failure != null) {
        throw failure;
      }
    }

    /** The processes that wait at the gate, once none is under way. */
    synchronized List<Integer> waiting() throws InterruptedException {
      while (true) {
        List<Integer> waiting = new ArrayList<>();
        boolean busy = turn >= 0;
        for (int i = 0; i < waits.length; i++) {
          busy |= !waits[i] && !ended[i];
          if (waits[i]) {
            waiting.add(i);
          }
        }
        if (!busy) {
          return waiting;
        }
        wait();
      }
    }

    /** True when something was created or deleted since this was asked. */
    synchronized boolean changed() {
      boolean was = changed;
      changed = false;
      return was;
    }

    synchronized boolean mayFail(int process) {
      return mayFail[process];
    }

    synchronized boolean isCreate(int process) {
      return creates[process];
    }

    synchronized void sent(Runnable create) {
      onTheirWay.add(create);
    }

    /** Requests that were given up take effect. */
    synchronized void land() {
      changed |= !onTheirWay.isEmpty();
      onTheirWay.forEach(Runnable::run);
      onTheirWay.clear();
    }

    synchronized void go(int process, Fault what) {
      turn = process;
      fault = what;
      notifyAll();
    }

    synchronized Fault pass(int process, String call, boolean failing) {
      waits[process] = true;
      mayFail[process] = failing;
      creates[process] = call.startsWith("creates ");
      notifyAll();
      try {
        while (turn != process) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      waits[process] = false;
      turn = -1;
      changed |= failing;
      log.add(log.size() + ": process " + process + " " + call);
      return fault;
    }
  }

  /** The store of one process. */
  private static final class GatedStore implements ObjectStore {
    private final Gate gate;
    private final int process;
    private final MemoryStore store;

    GatedStore(Gate gate, int process, MemoryStore store) {
      this.gate = gate;
      this.process = process;
      this.store = store;
    }

    private <T> T call(String call, boolean failing, Supplier<T> request) {
      Fault fault = gate.pass(process, call, failing);
      if (fault == Fault.BEFORE) {
        throw failed(call);
      }
      if (fault == Fault.LATE) {
        gate.sent(() -> {
          T unused = request.get();
        });
        throw failed(call);
      }
      T result = request.get();
      if (fault == Fault.AFTER) {
        throw failed(call);
      }
      return result;
    }

    private static StoreException failed(String call) {
      return new StoreException(StoreException.Kind.FAILED, "injected: " + call, null, null);
    }

    @Override
    public String describe() {
      return "gated";
    }

    @Override
    public List<ObjectInfo> list(String folder, String startAfter) {
      return call("lists " + folder, false, () -> store.list(folder, startAfter));
    }

    @Override
    public Listing listing(String folder, String startAfter) {
      return call("lists " + folder, false, () -> store.listing(folder, startAfter));
    }

    @Override
    public long absentAt(String name) {
      return call("asks for " + name, false, () -> store.absentAt(name));
    }

    @Override
    public List<String> listFolders(String folder) {
      return call("lists " + folder, false, () -> store.listFolders(folder));
    }

    @Override
    public byte[] read(String name, long limit) {
      return call("reads " + name, false, () -> store.read(name, limit));
    }

    @Override
    public ByteSource open(String name) {
      return call("opens " + name, false, () -> store.open(name));
    }

    @Override
    public boolean create(String name, byte[] content) {
      return call("creates " + name, true, () -> store.create(name, content));
    }

    @Override
    public boolean createsMayLandLate() {
      return gate.late;
    }

    @Override
    public ObjectUpload upload(String name) {
      ObjectUpload upload = store.upload(name);
      return new ObjectUpload() {
        @Override
        public void write(MemorySegment bytes) {
          upload.write(bytes);
        }

        @Override
        public long position() {
          return upload.position();
        }

        @Override
        public void commit() {
          call(
              "uploads " + name,
              true,
              () -> {
                upload.commit();
                return null;
              });
        }

        @Override
        public void close() {
          upload.close();
        }
      };
    }

    @Override
    public void delete(String name) {
      call(
          "deletes " + name,
          true,
          () -> {
            store.delete(name);
            return null;
          });
    }

    @Override
    public long now() {
      return store.now();
    }
  }
}
