package io.slab.source.matrix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.slab.error.InvalidInputException;
import io.slab.testkit.HeapObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class NpyReaderTest {
  static byte[] file(int version, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out =
        ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(NpyReader.MAGIC).put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) text.length);
    } else {
      out.putInt(text.length);
    }
    out.put(text).put(data);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static String header(String descr, String shape) {
    return "{'descr': '"
        + descr
        + "', 'fortran_order': False, 'shape': "
        + shape
        + ", }          \n";
  }

  static byte[] floats(float... values) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      out.putFloat(value);
    }
    return out.array();
  }

  private static byte[] doubles(double... values) {
    ByteBuffer out = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      out.putDouble(value);
    }
    return out.array();
  }

  private static NpyReader reader(byte[] file) {
    return new NpyReader(new ByteArrayInputStream(file), "q.npy");
  }

  public static byte[] matrix(int rows, int dimension, float... values) {
    return file(1, header("<f4", "(" + rows + ", " + dimension + ")"), floats(values));
  }

  @Test
  void readsAllElementTypesAndVersions() {
    float[][] expected = {{1, 2.5f}, {3, 200}};
    byte[][] files = {
      matrix(2, 2, 1, 2.5f, 3, 200),
      file(2, header("<f4", "(2,2)"), floats(1, 2.5f, 3, 200)),
      file(1, header("<f8", "(2, 2)"), doubles(1, 2.5, 3, 200)),
      file(1, "{'shape':(2,2),'descr':'<f4','fortran_order':False}", floats(1, 2.5f, 3, 200)),
    };
    for (byte[] file : files) {
      try (NpyReader reader = reader(file)) {
        assertEquals(2, reader.rows());
        assertEquals(2, reader.dimension());
        assertArrayEquals(expected[0], reader.next());
        assertArrayEquals(expected[1], reader.next());
        assertNull(reader.next());
        assertNull(reader.next());
      }
    }
    try (NpyReader reader =
        reader(file(1, header("|u1", "(1, 3)"), new byte[] {0, 127, (byte) 255}))) {
      assertArrayEquals(new float[] {0, 127, 255}, reader.next());
    }
    byte[] halves = {0, 0x3C, (byte) 0xFF, 0x7B, 1, 0, 0, (byte) 0xC1};
    try (NpyReader reader = reader(file(1, header("<f2", "(2, 2)"), halves))) {
      assertArrayEquals(new float[] {1, 65504}, reader.next());
      assertArrayEquals(new float[] {0x1p-24f, -2.5f}, reader.next());
    }
    try (NpyReader reader =
        reader(file(1, header("|i1", "(1, 3)"), new byte[] {0, 127, (byte) -128}))) {
      assertArrayEquals(new float[] {0, 127, -128}, reader.next());
    }
    try (NpyReader reader = reader(file(1, header("<f4", "(3,)"), floats(1, 2, 3)))) {
      assertEquals(1, reader.rows());
      assertArrayEquals(new float[] {1, 2, 3}, reader.next());
      assertNull(reader.next());
    }
    try (NpyReader reader = reader(matrix(0, 5))) {
      assertNull(reader.next());
    }
  }

  private static byte[] swapped(byte[] bytes, int width) {
    byte[] out = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      out[i] = bytes[i / width * width + width - 1 - i % width];
    }
    return out;
  }

  /** Files of one matrix in every order of bytes and elements. */
  private static byte[][] orders() {
    String byColumn = header("<f4", "(2, 3)").replace("False", "True");
    byte[] columns = floats(1, 4, 2.5f, 5, 3, 200);
    return new byte[][] {
      matrix(2, 3, 1, 2.5f, 3, 4, 5, 200),
      file(3, header(">f4", "(2, 3)"), swapped(floats(1, 2.5f, 3, 4, 5, 200), 4)),
      file(1, header(">f8", "(2, 3)"), swapped(doubles(1, 2.5, 3, 4, 5, 200), 8)),
      file(1, byColumn, columns),
      file(1, byColumn.replace('<', '>'), swapped(columns, 4)),
    };
  }

  @Test
  void anyOrderOfBytesAndElements(@TempDir Path folder) throws IOException {
    for (byte[] file : orders()) {
      NpyHeader.Wanted wanted = NpyHeader.Wanted.vectors(3);
      try (NpyReader reader = reader(file);
          MatrixRows far =
              MatrixRows.npy(
                  HeapObject.source("far.npy", file, false),
                  new ByteArrayInputStream(file),
                  wanted);
          NpyFile near = NpyFile.vectors(Files.write(folder.resolve("near.npy"), file))) {
        // A file that is mapped may be read backwards.
        for (int row : new int[] {1, 0}) {
          float[] values = new float[3];
          near.copy(row, values);
          assertArrayEquals(far.read(row), values);
        }
        assertArrayEquals(new float[] {1, 2.5f, 3}, reader.next());
        assertArrayEquals(new float[] {1, 2.5f, 3}, far.read(0));
        assertArrayEquals(new float[] {4, 5, 200}, reader.next());
        assertArrayEquals(new float[] {4, 5, 200}, far.read(1));
        assertNull(reader.next());
      }
    }
  }

  private static void refused(byte[] file, String what) {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> {
              try (NpyReader reader = reader(file)) {
                while (reader.next() != null) {}
              }
            });
    assertEquals("q.npy cannot be read as a NumPy matrix: " + what, e.getMessage());
  }

  @Test
  void hostileHeaders() {
    String types =
        "'; only float32, float16, float64, int8 and uint8 ('<f4', '<f2', '<f8', '|i1', '|u1') are"
            + " read; save it with array.astype('<f4')";
    for (String descr : new String[] {"?f4", "<i8", "|O", "<c8"}) {
      refused(file(1, header(descr, "(1, 1)"), floats(1)), "elements of type '" + descr + types);
    }
    refused(
        file(1, header("<f4", "(1000, 20000)").replace("False", "True"), floats(1)),
        "the array is in Fortran order, of which so much is read from a local file only; save it"
            + " with numpy.ascontiguousarray");
    refused(
        file(1, header("<f4", "(2, 2)").replace("False", "True"), floats(1, 2, 3)),
        "it ends within its 2 rows");
    for (String shape : new String[] {"()", "(1, 2, 3)", "(-1, 2)", "(1)"}) {
      refused(
          file(1, header("<f4", shape), floats(1)),
          "shape " + shape + "; only two-dimensional arrays are read");
    }
    refused(
        file(1, header("<f4", "(1, 20001)"), floats(1)),
        "an array dimension of 20001, which exceeds the limit of 20000");
    refused(
        file(1, header("<f4", "(99999999999999999999, 1)"), floats(1)),
        "an array dimension of 99999999999999999999, which exceeds the limit of " + Long.MAX_VALUE);
    refused(
        file(1, header("<f4", "(9223372036854775807, 20000)"), floats(1)),
        "it ends within row 0 of 9223372036854775807");
    String shapeless = "its header is not {'descr', 'fortran_order', 'shape'}";
    for (String header :
        new String[] {
          "",
          "{",
          "{}",
          "}",
          "x",
          "{'descr': '<f4'}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)} x",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), 'x': True}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)",
          "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1)}",
          "{'descr': '<f4' 'fortran_order': False, 'shape': (1, 1)}"
        }) {
      refused(file(1, header, floats(1)), shapeless);
    }
    refused(
        file(1, "{'descr': '<f4', 'descr': '<f4'}", floats(1)), "its header names 'descr' twice");
  }

  @Test
  void hostileFraming() {
    byte[] good = matrix(2, 2, 1, 2, 3, 4);
    refused(new byte[0], "it ends within the magic and version");
    refused(Arrays.copyOf(good, 9), "it ends within the header length");
    refused(Arrays.copyOf(good, 30), "it ends within the header");
    refused(Arrays.copyOf(good, good.length - 1), "it ends within row 1 of 2");
    refused(Arrays.copyOf(good, good.length - 9), "it ends within row 0 of 2");
    refused(Arrays.copyOf(good, good.length + 1), "there are bytes after its last row");
    byte[] magic = good.clone();
    magic[1] = 'n';
    refused(magic, "it does not begin with the magic bytes of a NumPy file");
    byte[] version = good.clone();
    version[6] = 4;
    refused(version, "format version 4.0; 1.0, 2.0 and 3.0 are read");
    byte[] huge = file(2, header("<f4", "(1, 1)"), floats(1));
    huge[11] = (byte) 0xFF;
    refused(huge, "a header of 4278190150 bytes, which exceeds the limit of 65536");
  }

  @Test
  void elementsThatAreNoFloats() {
    refused(matrix(1, 2, 1, Float.NaN), "NaN in row 0, column 1 is not a finite 32-bit float");
    refused(
        matrix(1, 2, Float.NEGATIVE_INFINITY, 0),
        "-Infinity in row 0, column 0 is not a finite 32-bit float");
    refused(
        file(1, header("<f8", "(1, 1)"), doubles(1e39)),
        "1.0E39 in row 0, column 0 is not a finite 32-bit float");
  }
}
