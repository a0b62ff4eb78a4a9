package io.slab.erase;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.luben.zstd.Zstd;
import io.slab.store.ObjectInfo;
import io.slab.store.ObjectStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Searches all bytes of a store, and what is compressed in them, as a reader of the disk would. */
final class Bytes {
  private static final byte[] FRAME = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD};

  private Bytes() {}

  /** A vector as it is stored. */
  static byte[] of(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  static void requireNowhere(ObjectStore store, byte[] wanted, String id) {
    List<String> found = new ArrayList<>();
    search(store, "", wanted, found);
    assertEquals(List.of(), found, () -> "of " + id + ": '" + new String(wanted) + "'");
  }

  static boolean isSomewhere(ObjectStore store, byte[] wanted) {
    List<String> found = new ArrayList<>();
    search(store, "", wanted, found);
    return !found.isEmpty();
  }

  private static void search(ObjectStore store, String folder, byte[] wanted, List<String> found) {
    for (ObjectInfo object : store.list(folder, null)) {
      byte[] bytes = store.read(object.name(), Integer.MAX_VALUE);
      if (holds(bytes, wanted)) {
        found.add(object.name());
      }
    }
    for (String inner : store.listFolders(folder)) {
      search(store, folder + inner + "/", wanted, found);
    }
  }

  static boolean holds(byte[] bytes, byte[] wanted) {
    if (indexOf(bytes, wanted, 0) >= 0) {
      return true;
    }
    for (int at = indexOf(bytes, FRAME, 0); at >= 0; at = indexOf(bytes, FRAME, at + 1)) {
      byte[] unpacked = unpack(bytes, at);
      if (unpacked != null && indexOf(unpacked, wanted, 0) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static byte[] unpack(byte[] bytes, int at) {
    try {
      int length = (int) Zstd.findFrameCompressedSize(bytes, at, bytes.length - at);
      byte[] frame = java.util.Arrays.copyOfRange(bytes, at, at + length);
      byte[] out = new byte[(int) Math.max(1, Zstd.getFrameContentSize(frame))];
      return Zstd.decompress(out, frame) < 0 ? null : out;
    } catch (RuntimeException e) {
      return null;
    }
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int i = from; i <= bytes.length - wanted.length; i++) {
      int j = 0;
      while (j < wanted.length && bytes[i + j] == wanted[j]) {
        j++;
      }
      if (j == wanted.length) {
        return i;
      }
    }
    return -1;
  }
}
