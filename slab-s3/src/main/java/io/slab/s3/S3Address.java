package io.slab.s3;

import io.slab.error.InvalidInputException;
import java.util.List;

/**
 * Where on S3 something lies.
 *
 * @param bucket its name
 * @param prefix what every key begins with: empty, or ends with a slash
 */
public record S3Address(String bucket, String prefix) {
  private static final String SCHEME = "s3://";

  /** What other programs call S3: Hadoop by the name of its client. */
  public static final List<String> SCHEMES = List.of(SCHEME, "s3a://", "s3n://");

  /** True for a text that is meant as such an address. */
  public static boolean is(String text) {
    return schemeLength(text) > 0;
  }

  private static int schemeLength(String text) {
    for (String scheme : SCHEMES) {
      if (text.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return 0;
  }

  /** An address with the scheme as this library writes it; any other text as it is. */
  public static String canonical(String text) {
    return is(text) ? SCHEME + text.substring(schemeLength(text)) : text;
  }

  /**
   * Reads {@code s3://bucket} or {@code s3://bucket/any/prefix}; a slash at the end makes no
   * difference. The scheme may be {@code s3a} or {@code s3n}, in any case.
   *
   * @throws InvalidInputException for anything else
   */
  public static S3Address parse(String text) {
    if (!is(text)) {
      throw wrong(text, "it does not begin with s3://");
    }
    String rest = text.substring(schemeLength(text));
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash + 1);
    if (bucket.isEmpty()) {
      throw wrong(text, "the bucket is missing");
    }
    if (!path.isEmpty() && !path.endsWith("/")) {
      path += "/";
    }
    for (String part : path.split("/")) {
      if (part.equals(".") || part.equals("..")) {
        throw wrong(text, "'" + part + "' cannot be a part of the prefix");
      }
    }
    if (path.startsWith("/") || path.contains("//")) {
      throw wrong(text, "two slashes without a name between them");
    }
    return new S3Address(bucket, path);
  }

  private static InvalidInputException wrong(String text, String why) {
    return new InvalidInputException(
        "'" + text + "' is not an address on S3: " + why, "write s3://bucket/prefix");
  }

  /** The address of something below this one. */
  public S3Address child(String name) {
    return new S3Address(bucket, prefix + name + "/");
  }

  /** As a user writes it, without a slash at the end. */
  @Override
  public String toString() {
    String text = SCHEME + bucket + "/" + prefix;
    return text.substring(0, text.length() - 1);
  }
}
