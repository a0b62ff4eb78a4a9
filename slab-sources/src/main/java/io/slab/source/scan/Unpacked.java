package io.slab.source.scan;

import com.github.luben.zstd.ZstdInputStream;
import io.slab.error.CorruptException;
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
          return new Unpacked(name, unpack(magic, buffered), counted, packed);
        });
  }

  private static InputStream unpack(byte[] magic, InputStream in) throws IOException {
    if (isGzip(magic)) {
      return new GZIPInputStream(in, BUFFER);
    }
    if (isZstd(magic)) {
      return new ZstdInputStream(in).setLongMax(MAX_WINDOW);
    }
    return in;
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
    } catch (ZipException | EOFException e) {
      throw corrupt(e, "gzip");
    } catch (com.github.luben.zstd.ZstdIOException e) {
      throw corrupt(e, "zstd");
    }
  }

  private CorruptException corrupt(IOException e, String what) {
    return ForeignFile.corrupt(
        name, counted.count, String.valueOf(e.getMessage()), "intact " + what + " data");
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
