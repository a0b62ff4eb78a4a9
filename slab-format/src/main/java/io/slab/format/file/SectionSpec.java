package io.slab.format.file;

/**
 * What a writer says about a section before it writes the bytes.
 *
 * @param column column id or {@link SlabFormat#NO_COLUMN}
 * @param codec {@link SlabFormat#CODEC_NONE} or {@link SlabFormat#CODEC_ZSTD}
 * @param param kind-specific number
 */
public record SectionSpec(
    SectionKind kind, int column, int codec, int encoding, int alignmentLog2, long param) {
  /**
   * A plain section of its own: no column, no codec, encoding 1, 64-byte alignment, no parameter.
   */
  public static SectionSpec of(SectionKind kind) {
    return new SectionSpec(
        kind, SlabFormat.NO_COLUMN, SlabFormat.CODEC_NONE, 1, SlabFormat.ALIGNMENT_LOG2, 0);
  }

  public SectionSpec column(int id) {
    return new SectionSpec(kind, id, codec, encoding, alignmentLog2, param);
  }

  public SectionSpec zstd() {
    return new SectionSpec(kind, column, SlabFormat.CODEC_ZSTD, encoding, alignmentLog2, param);
  }

  public SectionSpec encoding(int id) {
    return new SectionSpec(kind, column, codec, id, alignmentLog2, param);
  }

  public SectionSpec pageAligned() {
    return new SectionSpec(kind, column, codec, encoding, SlabFormat.PAGE_ALIGNMENT_LOG2, param);
  }

  public SectionSpec param(long value) {
    return new SectionSpec(kind, column, codec, encoding, alignmentLog2, value);
  }
}
