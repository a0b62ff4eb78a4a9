package io.slab.store;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code renameat2(RENAME_NOREPLACE)} of Linux: gives a file a name unless the name is taken, in
 * one step. Java has no such thing: its move looks first and then replaces. Loaded only where there
 * are no hard links, since the native linker takes its time.
 */
final class RenameNoReplace {
  /** How it ended. */
  enum Answer {
    RENAMED,
    /** The name is taken. */
    EXISTS,
    /** It did not happen: this system or file system cannot, or says no for another reason. */
    NOT_DONE
  }

  private static final int AT_FDCWD = -100;
  private static final int NOREPLACE = 1;
  private static final int EEXIST = 17;

  private static final MethodHandle RENAMEAT2 = find();

  private RenameNoReplace() {}

  @SuppressWarnings("restricted")
  private static MethodHandle find() {
    try {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      FunctionDescriptor signature =
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT);
      return library
          .find("renameat2")
          .map(symbol ->
              linker.downcallHandle(symbol, signature, Linker.Option.captureCallState("errno")))
          .orElse(null);
    } catch (RuntimeException | LinkageError e) {
      // No native access in this process, or another system.
      return null;
    }
  }

  /** Renames in one step, or says that it did not. */
  static Answer rename(Path from, Path to) {
    boolean plain = isPlain(from) && isPlain(to);
    if (RENAMEAT2 == null || !plain) {
      return Answer.NOT_DONE;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemoryLayout layout = Linker.Option.captureStateLayout();
      MemorySegment state = arena.allocate(layout);
      int result =
          (int)
              RENAMEAT2.invokeExact(
                  state,
                  AT_FDCWD,
                  arena.allocateFrom(from.toString()),
                  AT_FDCWD,
                  arena.allocateFrom(to.toString()),
                  NOREPLACE);
      if (result == 0) {
        return Answer.RENAMED;
      }
      long errno = layout.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
      return state.get(ValueLayout.JAVA_INT, errno) == EEXIST ? Answer.EXISTS : Answer.NOT_DONE;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** True for a path whose bytes are known: in UTF-8, or in letters that all encodings share. */
  private static boolean isPlain(Path path) {
    return System.getProperty("sun.jnu.encoding", "").equals("UTF-8")
        || StandardCharsets.US_ASCII.newEncoder().canEncode(path.toString());
  }
}
