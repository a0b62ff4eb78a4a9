package io.slab.format.file;

/**
 * Numbers of the slab file, named as in spec/slab-file.md; a test compares them with its tables.
 */
public final class SlabFormat {
  /** First 8 bytes of a slab, {@code 89 53 4C 41 42 0D 0A 1A}, as a little-endian u64. */
  public static final long MAGIC = 0x1A0A0D42414C5389L;

  /** Last 8 bytes of a slab. */
  public static final long END_MAGIC = ~MAGIC;

  public static final int MAJOR = 1;
  public static final int MINOR = 0;

  public static final int HEADER_BYTES = 64;
  public static final int TRAILER_BYTES = 80;
  public static final int ENTRY_BYTES = 64;

  /** Bytes of one checksummed chunk of a long section. */
  public static final int CHUNK_BYTES = 1 << 16;

  /**
   * Chunk number under which the run of chunk checksums of a long section is itself checksummed.
   */
  public static final int CHUNK_TABLE = 0xFFFFFFFF;

  /** Every section starts on a multiple of this; raw vectors on {@link #PAGE_ALIGNMENT_LOG2}. */
  public static final int ALIGNMENT_LOG2 = 6;

  public static final int PAGE_ALIGNMENT_LOG2 = 12;

  /** Column field of a directory entry that belongs to no column. */
  public static final int NO_COLUMN = 0xFFFF;

  public static final int MAX_ENTRIES = 65_535;
  public static final long MAX_FILE_BYTES = 1L << 48;

  public static final int CODEC_NONE = 0;
  public static final int CODEC_ZSTD = 1;

  public static final int FLAG_CRITICAL = 1;
  public static final int FLAG_HOT = 2;
  public static final int FLAG_CHUNKED = 4;
  public static final int FLAG_DERIVED = 8;
  public static final int FLAGS_KNOWN = 15;

  /** Feature bits a reader of this version understands. */
  public static final long KNOWN_REQUIRED_FEATURES = 0;

  /** Bytes of the first read when nothing but the object's name is known. */
  public static final int TAIL_READ = 1 << 16;

  private SlabFormat() {}
}
