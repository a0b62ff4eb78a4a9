package io.slab.verify;

import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.manifest.IndexListing;
import io.slab.model.Utf8;
import io.slab.store.ByteSource;
import io.slab.store.Listing;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import io.slab.verify.StoreFinding.Status;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tries out whether a store keeps what the commit protocol relies on: that it can be reached, that
 * a name can be created once only, also by many at the same time, that listings are complete and
 * sorted, that ranges are what they should be. Writes to a scratch place alone, and removes what it
 * wrote. One thread calls.
 */
public final class StoreDoctor {
  private static final int ROUNDS = 5;
  private static final int RACERS = 8;
  private static final long SKEW_WARN = 60_000;
  private static final long SKEW_FAIL = 900_000;
  private static final String PROOF = ".tmp-conditional-writes";

  /** Names in the order in which they are created, and not in that of listings. */
  private static final List<String> LISTED = List.of("b", "a", "10", "9", "\u00e9");

  private final ObjectStore target;
  private final ObjectStore scratch;
  private final LongSupplier clock;

  /** True when listings show what is there. */
  private boolean listed;

  private final List<StoreFinding> findings = new ArrayList<>();

  /**
   * @param target only read
   * @param scratch an empty place on the same storage, or null to write nothing
   * @param clock of this machine, milliseconds since the epoch
   */
  public StoreDoctor(ObjectStore target, ObjectStore scratch, LongSupplier clock) {
    this.target = target;
    this.scratch = scratch;
    this.clock = clock;
  }

  /** Looks at everything; after a failure at what does not depend on it. */
  public List<StoreFinding> run() {
    boolean reached = look("reach", this::reach);
    if (reached) {
      look("clock", this::clock);
    }
    if (reached && scratch != null) {
      try {
        // What is written is found by listing when it is removed: so that comes first.
        listed = look("list", this::list);
        if (listed && look("create", this::create)) {
          look("race", this::race);
          look("range", this::range);
          look("upload", this::upload);
          look("unfinished", this::unfinished);
        }
      } finally {
        look("delete", this::delete);
      }
    }
    return List.copyOf(findings);
  }

  private boolean look(String check, Supplier<StoreFinding> body) {
    StoreFinding finding;
    try {
      finding = body.get();
    } catch (SlabException e) {
      finding = new StoreFinding(check, Status.FAIL, e.getMessage(), e.hint(), e);
    }
    findings.add(finding);
    return finding.status() != Status.FAIL;
  }

  private static StoreFinding ok(String check, String detail) {
    return new StoreFinding(check, Status.OK, detail, null, null);
  }

  private static StoreFinding fail(String check, String detail, String hint) {
    StoreException failure = new StoreException(StoreException.Kind.FAILED, detail, hint, null);
    return new StoreFinding(check, Status.FAIL, detail, hint, failure);
  }

  private StoreFinding reach() {
    boolean index = IndexListing.isThere(target);
    if (index) {
      IndexListing.require(target, target.retry());
    } else {
      target.list("", null);
    }
    return ok("reach", target.identity() + (index ? ", with an index" : ", no index there yet"));
  }

  private StoreFinding clock() {
    long skew = Math.abs(target.now() - clock.getAsLong());
    String detail = "this clock and the storage's differ by " + skew / 1000 + " s";
    if (skew < SKEW_WARN) {
      return ok("clock", detail);
    }
    Status status = skew < SKEW_FAIL ? Status.WARN : Status.FAIL;
    String hint = "set the clock of this machine: requests that are signed too late are refused";
    return new StoreFinding(
        "clock",
        status,
        detail,
        hint,
        new StoreException(StoreException.Kind.FAILED, detail, hint, null));
  }

  private StoreFinding create() {
    byte[] content = Utf8.bytes("once");
    long unused = scratch.absentAt("once");
    if (!scratch.create("once", content)) {
      return fail("create", "a new name was called taken", "run it again");
    }
    if (scratch.create("once", Utf8.bytes("twice"))
        || !Arrays.equals(content, scratch.read("once", 100))) {
      return fail(
          "create",
          "a name could be created twice",
          "do not write to this storage: it has no create-if-absent");
    }
    if (scratch.absentAt("once") != Listing.UNDATED) {
      return fail(
          "create",
          "a name that was asked for before it was created is still called absent",
          "do not read from this storage what others write: it remembers what was not there");
    }
    return ok("create", "a name can be created once, and reads back");
  }

  private StoreFinding race() {
    for (int round = 0; round < ROUNDS; round++) {
      String name = "race/" + round;
      AtomicInteger winners = new AtomicInteger();
      List<Thread> racers = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        byte[] content = Utf8.bytes("racer " + i);
        racers.add(
            Thread.ofVirtual()
                .start(() -> {
                  if (scratch.create(name, content)) {
                    winners.incrementAndGet();
                  }
                }));
      }
      join(racers);
      if (winners.get() > 1) {
        return fail(
            "race",
            winners.get() + " of " + RACERS + " racers created one name",
            "never write with two processes at once here: commits would be lost");
      }
    }
    return ok("race", "of " + RACERS + " at once never more than one creates a name");
  }

  private static void join(List<Thread> threads) {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private StoreFinding list() {
    for (String name : LISTED) {
      scratch.create("list/" + name, new byte[1]);
    }
    List<String> all = scratch.list("list/", null).stream().map(ObjectInfo::fileName).toList();
    List<String> after = scratch.list("list/", "9").stream().map(ObjectInfo::fileName).toList();
    boolean right =
        all.equals(List.of("10", "9", "a", "b", "\u00e9"))
            && after.equals(List.of("a", "b", "\u00e9"))
            && scratch.listFolders("").contains("list");
    return right
        ? ok("list", "listings are complete, sorted, and start after a name")
        : fail("list", "listed " + all + ", after 9 " + after, "this storage cannot hold an index");
  }

  private StoreFinding range() {
    byte[] content = new byte[200_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 31 >> 3);
    }
    scratch.create("range", content);
    try (ByteSource source = scratch.open("range")) {
      for (int at : new int[] {0, 1000, content.length - 100}) {
        byte[] part = source.read(at, 100).toArray(ValueLayout.JAVA_BYTE);
        if (!Arrays.equals(part, Arrays.copyOfRange(content, at, at + 100))) {
          return fail("range", "other bytes at " + at, "this storage does not serve ranges");
        }
      }
    }
    return ok("range", "ranges read back");
  }

  private StoreFinding upload() {
    try (ObjectUpload upload = scratch.upload("upload")) {
      upload.write(MemorySegment.ofArray(new byte[100]));
      upload.commit();
    }
    return scratch.read("upload", 100).length == 100
        ? ok("upload", "an upload appears as a whole")
        : fail("upload", "an upload is shorter than it was", null);
  }

  private StoreFinding unfinished() {
    try {
      scratch.listTemporary("");
      return ok("unfinished", "what interrupted writes leave can be found");
    } catch (SlabException e) {
      return new StoreFinding(
          "unfinished",
          Status.WARN,
          e.getMessage(),
          "without the permission s3:ListBucketMultipartUploads gc leaves unfinished uploads",
          e);
    }
  }

  private StoreFinding delete() {
    if (!listed) {
      LISTED.forEach(name -> scratch.delete("list/" + name));
      scratch.deleteTemporary(PROOF);
      return ok("delete", "what was written is gone again");
    }
    List<ObjectInfo> left = new ArrayList<>(scratch.list("", null));
    scratch.listFolders("").forEach(folder -> left.addAll(scratch.list(folder + "/", null)));
    left.forEach(object -> scratch.delete(object.name()));
    scratch.deleteTemporary(PROOF);
    return scratch.list("", null).isEmpty()
        ? ok("delete", "what was written is gone again")
        : fail("delete", "objects are still listed", "remove " + scratch.describe());
  }
}
