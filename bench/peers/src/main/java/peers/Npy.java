package peers;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A two-dimensional .npy file of float32, int32 or uint8, mapped. */
record Npy(MemorySegment data, int rows, int columns) {
  static Npy open(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global());
      int header = Short.toUnsignedInt(all.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 8));
      String text = new String(all.asSlice(10, header).toArray(ValueLayout.JAVA_BYTE));
      String[] shape = text.replaceAll(".*'shape': \\(([^)]*)\\).*", "$1").trim().split("\\s*,\\s*");
      return new Npy(all.asSlice(10 + header), Integer.parseInt(shape[0]), Integer.parseInt(shape[1]));
    }
  }

  float[] floats(int row) {
    float[] out = new float[columns];
    MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * row * columns, out, 0, columns);
    return out;
  }

  int[] ints(int row, int count) {
    int[] out = new int[count];
    MemorySegment.copy(data, ValueLayout.JAVA_INT_UNALIGNED, 4L * row * columns, out, 0, count);
    return out;
  }

  int u8(int row, int column) {
    return data.get(ValueLayout.JAVA_BYTE, (long) row * columns + column) & 0xFF;
  }
}
