package io.slab.serve.api;

/** The versions of the API that are spoken, oldest first (spec/serve.md, "Versions"). */
public enum ApiVersion {
  V2024_07("2024-07"),
  V2024_10("2024-10"),
  V2025_01("2025-01"),
  V2025_04("2025-04"),
  V2025_10("2025-10"),
  V2026_01("2026-01"),
  V2026_04("2026-04"),
  V2026_07("2026-07");

  /** The header in which a client names the version. */
  public static final String HEADER = "x-pinecone-api-version";

  /** What counts where the header is missing. */
  public static final ApiVersion DEFAULT = V2025_10;

  private final String label;

  ApiVersion(String label) {
    this.label = label;
  }

  /** As the header has it. */
  public String label() {
    return label;
  }

  /** The newest one that is known. */
  public static ApiVersion newest() {
    return V2026_07;
  }

  /**
   * The version that answers a request: previews ({@code 2026-01.alpha}) count as their version,
   * one that is not known as the newest.
   *
   * @param header null where it is missing
   */
  public static ApiVersion of(String header) {
    if (header == null || header.isEmpty()) {
      return DEFAULT;
    }
    for (ApiVersion version : values()) {
      if (header.startsWith(version.label)) {
        return version;
      }
    }
    return newest();
  }

  /** True when the header names a version that is spoken, or there is none. */
  public static boolean known(String header) {
    return header == null || header.isEmpty() || header.startsWith(of(header).label);
  }

  /** True from 2026-07 on: indexes have a deployment and a schema, counts are strings. */
  public boolean schemas() {
    return this == V2026_07;
  }
}
