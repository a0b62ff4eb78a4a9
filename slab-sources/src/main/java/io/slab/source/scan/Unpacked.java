package io.slab.source.scan;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import io.slab.error.OnFailure;
import io.slab.source.ForeignFile;
import io.slab.source.SourceFiles;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A file that may be packed with gzip or zstd, which its first bytes tell. */
final class Unpacked extends FilterInputStream {
  private static final int BUFFER = 1 << 16;

  /** Largest window a zstd frame may ask for: 2^27 bytes, what the tool itself allows. */
  private static final int MAX_WINDOW = 27;

  private final String name;
  private final Counted counted;
  private final boolean packed;

  private Unpacked(String name, InputStream in, Counted counted, boolean packed) {
    super(in);
    this.packed = packed;
    this.name = name;
    this.counted = counted;
  }

  static Unpacked open(SourceFiles files, String path) throws IOException {
    return of(files.describe(path), files.stream(path));
  }

  static Unpacked of(String name, InputStream in) throws IOException {
    Counted counted = new Counted(in);
    return OnFailure.close(
        in,
        () -> {
          BufferedInputStream buffered = new BufferedInputStream(counted, BUFFER);
          buffered.mark(8);
          byte[] magic = buffered.readNBytes(4);
          buffered.reset();
          boolean packed = isGzip(magic) || isZstd(magic);
          return new Unpacked(
              name, packed ? Packing.open(magic, buffered) : buffered, counted, packed);
        });
  }

  static boolean isGzip(byte[] start) {
    return start.length > 1 && start[0] == 0x1F && start[1] == (byte) 0x8B;
  }

  static boolean isZstd(byte[] start) {
    return start.length > 3
        && start[0] == 0x28
        && start[1] == (byte) 0xB5
        && start[2] == 0x2F
        && start[3] == (byte) 0xFD;
  }

  boolean packed() {
    return packed;
  }

  /** Bytes of the file that were read so far, packed as they are. */
  long fileBytes() {
    return counted.count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    try {
      return in.read(into, from, length);
    } catch (IOException e) {
      String damaged = packed ? Packing.damaged(e) : null;
      if (damaged == null) {
        throw e;
      }
      throw ForeignFile.corrupt(
          name, counted.count, String.valueOf(e.getMessage()), "intact " + damaged + " data");
    }
  }

  /** What packed files need: its classes are not loaded for others, which are most. */
  private static final class Packing {
    private Packing() {}

    static InputStream open(byte[] magic, InputStream in) throws IOException {
      return isGzip(magic)
          ? new GZIPInputStream(in, BUFFER)
          : new ZstdInputStream(in).setLongMax(MAX_WINDOW);
    }

    /** The form whose data is damaged when this happens, or null when that is not why. */
    static String damaged(IOException e) {
      return switch (e) {
        case ZipException zip -> "gzip";
        case EOFException end -> "gzip";
        case ZstdIOException zstd -> "zstd";
        default -> null;
      };
    }
  }

  /** Counts what goes through. */
  private static final class Counted extends FilterInputStream {
    private volatile long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int n = in.read(into, from, length);
      count += Math.max(n, 0);
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
