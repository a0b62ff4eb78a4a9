package io.slab.copy;

import io.slab.check.CheckLevel;
import io.slab.check.Findings;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.check.SlabCheck;
import io.slab.error.ConflictException;
import io.slab.error.CorruptException;
import io.slab.error.DataException;
import io.slab.manifest.SlabEntry;
import io.slab.store.ByteSource;
import io.slab.store.ObjectStore;
import io.slab.store.ObjectUpload;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Copies single objects. An object is created or left alone: what is there already with the same
 * content counts as copied. Thread-safe.
 */
final class ObjectCopy {
  private static final long STEP = 8 << 20;

  private final ObjectStore from;
  private final ObjectStore to;
  private final boolean verify;
  private final AtomicLong bytesMoved = new AtomicLong();
  private final AtomicLong copied = new AtomicLong();
  private final AtomicLong present = new AtomicLong();
  private final AtomicLong bytesCopied = new AtomicLong();

  ObjectCopy(ObjectStore from, ObjectStore to, boolean verify) {
    this.from = from;
    this.to = to;
    this.verify = verify;
  }

  /** Begins to count what is done of slabs. */
  void startCounting() {
    bytesMoved.set(0);
  }

  /**
   * Bytes of slabs that are done, on their way in parts or found there; where copies are read back,
   * one that was not yet is half done.
   */
  long bytesDone() {
    return verify ? bytesMoved.get() / 2 : bytesMoved.get();
  }

  long copied() {
    return copied.get();
  }

  long present() {
    return present.get();
  }

  long bytesCopied() {
    return bytesCopied.get();
  }

  /**
   * Copies a slab and checks the copy by reading it, its ledger included.
   *
   * @param entry what the manifest says about it
   * @param there bytes of the object of this name at the destination, -1 when there is none
   * @throws CorruptException when the copy does not pass the checksums, which means that the source
   *     does not
   */
  void slab(String name, SlabEntry entry, long there) {
    long size = entry.bytes();
    if (there == size && (!verify || problem(name, entry) == null)) {
      present.incrementAndGet();
      bytesMoved.addAndGet(verify ? 2 * size : size);
      return;
    }
    if (there >= 0) {
      // Half of a slab, or a damaged one: from a tool that does not create files whole.
      to.delete(name);
    }
    stream(name, size);
    if (verify) {
      Problem problem = problem(name, entry);
      if (problem != null) {
        to.delete(name);
        throw new CorruptException(
            name,
            problem.offset(),
            problem.problem(),
            "a slab that passes its checksums, in " + from.describe());
      }
      bytesMoved.addAndGet(size);
    }
    copied.incrementAndGet();
    bytesCopied.addAndGet(size);
  }

  private void stream(String name, long size) {
    try (ByteSource in = from.openUnmapped(name, size);
        ObjectUpload out = to.upload(name)) {
      if (in.length() != size) {
        throw new CorruptException(
            name, -1, in.length() + " bytes", size + " bytes, as the manifest says");
      }
      for (long at = 0; at < size; at += STEP) {
        long length = Math.min(STEP, size - at);
        out.write(in.read(at, length));
        bytesMoved.addAndGet(length);
      }
      out.commit();
    }
  }

  /** The first error of an object at the destination, or null. */
  private Problem problem(String name, SlabEntry entry) {
    Findings findings = new Findings("");
    try (ByteSource copy = to.openUnmapped(name, entry.bytes())) {
      SlabCheck.check(copy, entry, null, CheckLevel.CHECKSUMS, findings);
      return findings.report(CheckLevel.CHECKSUMS).problems().stream()
          .filter(problem -> problem.severity() == Severity.ERROR)
          .findFirst()
          .orElse(null);
    }
  }

  /**
   * Copies an object that fits in memory.
   *
   * @param check throws when the content cannot be right
   * @throws ConflictException when something else has the name
   */
  void small(String name, long limit, Consumer<byte[]> check) {
    byte[] content = from.retry().run(() -> from.read(name, limit));
    check.accept(content);
    small(name, content);
  }

  /** Creates an object that was read and checked before. */
  void small(String name, byte[] content) {
    if (to.retry().run(() -> to.create(name, content))) {
      copied.incrementAndGet();
      bytesCopied.addAndGet(content.length);
      return;
    }
    if (!Arrays.equals(content, readThere(name, content.length))) {
      throw new ConflictException(
          to.describe() + " has another " + name + " than " + from.describe(),
          "it was written to since it was copied: copy to another place");
    }
    present.incrementAndGet();
  }

  private byte[] readThere(String name, int length) {
    try {
      return to.retry().run(() -> to.read(name, length));
    } catch (DataException e) {
      return null; // Longer, or gone again.
    }
  }
}
