package io.slab.source.matrix;

import io.slab.error.InvalidInputException;
import io.slab.model.Utf8;
import io.slab.source.ForeignFile;
import io.slab.source.ReadFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** The arrays of a NumPy archive ({@code .npz}): a zip file with a {@code .npy} file for each. */
public final class NpzFile {
  private static final String ENDING = ".npy";

  /** Most ids, and bytes of one: they are held. */
  private static final long MAX_IDS = 100_000_000;

  private static final int MAX_ID = 1 << 16;

  /** Opens the archive from its first byte on. */
  @FunctionalInterface
  public interface Input {
    InputStream open() throws IOException;
  }

  /**
   * One array.
   *
   * @param name as NumPy calls it
   * @param type such as {@code <f4}
   * @param shape its lengths
   */
  public record Array(String name, String type, List<Long> shape) {
    /** True for a list of whole numbers or texts. */
    public boolean isIds() {
      return shape.size() == 1 && type.matches("[<>|=]([iu][1248]|[US]\\d{1,9})");
    }

    /** For people. */
    @Override
    public String toString() {
      return name + " " + shape + " of " + type;
    }
  }

  private NpzFile() {}

  /** All arrays, in their order. */
  public static List<Array> arrays(String name, Input input) {
    List<Array> arrays = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(input.open(), 1 << 16))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().endsWith(ENDING)) {
          String array = plain(entry.getName());
          NpyHeader.Outline outline = NpyHeader.outline(zip, name + " (" + array + ")");
          arrays.add(new Array(array, outline.type(), outline.shape()));
        }
      }
      return arrays;
    } catch (ZipException e) {
      throw ForeignFile.corrupt(name, -1, String.valueOf(e.getMessage()), "an intact zip archive");
    } catch (IOException e) {
      throw ReadFailure.of(name, e);
    }
  }

  private static String plain(String entry) {
    return entry.substring(0, entry.length() - ENDING.length());
  }

  /**
   * The bytes of one array's file, its header included.
   *
   * @param array its name
   */
  public static InputStream open(String name, Input input, String array) throws IOException {
    ZipInputStream zip = new ZipInputStream(new BufferedInputStream(input.open(), 1 << 16));
    try {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(array + ENDING)) {
          return zip;
        }
      }
    } catch (IOException e) {
      zip.close();
      throw e;
    }
    zip.close();
    throw new InvalidInputException(name + " has no array '" + array + "'");
  }

  /**
   * The elements of a list of ids as texts.
   *
   * @param array one that {@link Array#isIds}
   */
  public static List<String> ids(String name, Input input, Array array) {
    String place = name + " (" + array.name() + ")";
    long count = array.shape().getFirst();
    char kind = array.type().charAt(1);
    int number = Integer.parseInt(array.type().substring(2));
    long width = kind == 'U' ? 4L * number : number;
    if (count > MAX_IDS || width > MAX_ID) {
      throw ForeignFile.unsupported(
          place,
          -1,
          count + " ids of " + width + " bytes",
          "at most " + MAX_IDS + " of " + MAX_ID + " bytes");
    }
    ByteOrder order =
        array.type().charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    List<String> ids = new ArrayList<>();
    try (InputStream in = open(name, input, array.name())) {
      NpyHeader.outline(in, place);
      for (long i = 0; i < count; i++) {
        byte[] bytes = in.readNBytes((int) width);
        if (bytes.length < width) {
          throw ForeignFile.corrupt(place, -1, "an end after " + i + " ids", count + " of them");
        }
        ids.add(id(place, kind, ByteBuffer.wrap(bytes).order(order)));
      }
      return ids;
    } catch (IOException e) {
      throw ReadFailure.of(place, e);
    }
  }

  private static String id(String place, char kind, ByteBuffer bytes) {
    return switch (kind) {
      case 'U' -> wide(place, bytes);
      case 'S' -> narrow(place, bytes.array());
      default -> number(kind == 'i', bytes);
    };
  }

  /** UTF-8, zeros behind it: what is none is refused, for two ids could look the same. */
  private static String narrow(String place, byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    try {
      return Utf8.decode(bytes, 0, end);
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(
          place + " holds an id that is no UTF-8 text",
          "save the ids as numpy.array([id.decode('latin-1') for id in ids])");
    }
  }

  /** Text of 32 bits a character, zeros behind it. */
  private static String wide(String place, ByteBuffer bytes) {
    StringBuilder text = new StringBuilder();
    while (bytes.hasRemaining()) {
      int c = bytes.getInt();
      if (!Character.isValidCodePoint(c)) {
        throw ForeignFile.corrupt(place, -1, "a character of the number " + c, "Unicode");
      }
      text.appendCodePoint(c);
    }
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 0) {
      end--;
    }
    return text.substring(0, end);
  }

  private static String number(boolean signed, ByteBuffer bytes) {
    long value =
        switch (bytes.remaining()) {
          case 1 -> signed ? bytes.get() : bytes.get() & 0xFF;
          case 2 -> signed ? bytes.getShort() : bytes.getShort() & 0xFFFF;
          case 4 -> signed ? bytes.getInt() : bytes.getInt() & 0xFFFF_FFFFL;
          default -> bytes.getLong();
        };
    return signed ? Long.toString(value) : Long.toUnsignedString(value);
  }
}
