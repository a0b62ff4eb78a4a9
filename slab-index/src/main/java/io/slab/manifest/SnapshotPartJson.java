package io.slab.manifest;

/** Parts of snapshots as checked JSON (spec/index.md). Unknown members are ignored. */
public final class SnapshotPartJson {
  static final String FORMAT = "slab-part";

  private static final String RESOURCE = "the description of a part of a snapshot";

  private SnapshotPartJson() {}

  /** Encodes; the same part gives the same bytes. */
  public static byte[] encode(SnapshotPart part) {
    return CheckedJson.write(out -> {
      ManifestJson.writeHeader(out, FORMAT);
      out.writeStringProperty("namespace", part.namespace());
      out.writeStringProperty("manifest", Long.toString(part.manifest()));
      out.writeStringProperty("commit", part.commit().toString());
      out.writeStringProperty("walApplied", Long.toString(part.walApplied()));
      out.writeStringProperty("rows", Long.toString(part.rows()));
      out.writeName("slab");
      if (part.slab() == null) {
        out.writeNull();
      } else {
        SlabEntryJson.write(out, part.slab());
      }
    });
  }

  /**
   * Decodes and checks.
   *
   * @throws io.slab.error.CorruptException when it is damaged
   * @throws io.slab.error.UnsupportedException when a newer version wrote it
   */
  public static SnapshotPart decode(byte[] bytes) {
    StoredJson in = new StoredJson(RESOURCE, CheckedJson.read(RESOURCE, bytes), null);
    in.header(FORMAT);
    try {
      return new SnapshotPart(
          in.text("namespace"),
          in.decimal("manifest"),
          in.ulid("commit"),
          in.decimal("walApplied"),
          in.decimal("rows"),
          in.isNull("slab") ? null : SlabEntryJson.read(in.object("slab")));
    } catch (IllegalArgumentException e) {
      throw in.wrong(e.getMessage(), "a possible part");
    }
  }
}
