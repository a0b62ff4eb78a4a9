package io.slab.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Writes into a file that this process was given open. To open its name once more would begin at
 * the start of a file that others write on in: Linux gives such an opening a position of its own.
 */
final class Descriptor extends OutputStream {
  private static final int STEP = 64 << 10;
  private static final int INTERRUPTED = 4;

  private final int number;
  private final Calls calls = new Calls();

  private Descriptor(int number) {
    this.number = number;
  }

  /** A stream whose end leaves the descriptor open. */
  static OutputStream of(int number) {
    return switch (number) {
      case 1 -> kept(FileDescriptor.out);
      case 2 -> kept(FileDescriptor.err);
      default -> new Descriptor(number);
    };
  }

  private static OutputStream kept(FileDescriptor descriptor) {
    return new FilterOutputStream(new FileOutputStream(descriptor)) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
      }

      @Override
      public void close() {
        // It is not ours.
      }
    };
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.clamp(count, 1, STEP));
      for (int done = 0; done < count; ) {
        int part = Math.min(STEP, count - done);
        MemorySegment.copy(bytes, from + done, buffer, ValueLayout.JAVA_BYTE, 0, part);
        done += calls.write(number, buffer, part);
      }
    }
  }

  /** The functions of the C library, found when the first such stream is opened. */
  @SuppressWarnings("restricted")
  private static final class Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final int LONGEST_TEXT = 256;

    private final MethodHandle write =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("write"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));

    private final MethodHandle text =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    /** Writes some bytes; returns how many. */
    int write(int descriptor, MemorySegment bytes, long count) throws IOException {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        long written = (long) write.invokeExact(state, descriptor, bytes, count);
        if (written >= 0) {
          return (int) written;
        }
        int error = (int) ERRNO.get(state, 0L);
        if (error == INTERRUPTED) {
          return 0;
        }
        throw new IOException(text(error));
      } catch (IOException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    private String text(int error) throws Throwable {
      MemorySegment found = (MemorySegment) text.invokeExact(error);
      return found.reinterpret(LONGEST_TEXT).getString(0);
    }
  }
}
