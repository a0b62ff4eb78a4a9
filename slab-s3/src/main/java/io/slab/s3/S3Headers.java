package io.slab.s3;

import io.slab.error.InvalidInputException;
import java.util.List;

/**
 * What the owner of a bucket asks of requests beyond what they do.
 *
 * @param encryption the algorithm with which the server encrypts what is written ({@code AES256},
 *     {@code aws:kms}, {@code aws:kms:dsse}), or null for that of the bucket
 * @param kmsKey the key of the key management service, or null for its usual one
 * @param requesterPays true to pay for requests to a bucket of another account
 */
public record S3Headers(String encryption, String kmsKey, boolean requesterPays) {
  /** Algorithms that AWS has. */
  public static final List<String> ALGORITHMS = List.of("AES256", "aws:kms", "aws:kms:dsse");

  /** Nothing is asked. */
  public static final S3Headers NONE = new S3Headers(null, null, false);

  /**
   * @throws InvalidInputException for an algorithm that is not known, and for a key that it has not
   */
  public S3Headers {
    if (encryption == null && kmsKey != null) {
      encryption = "aws:kms";
    }
    if (encryption != null && !ALGORITHMS.contains(encryption)) {
      throw new InvalidInputException(
          "'" + encryption + "' is no encryption of S3", "give " + String.join(", ", ALGORITHMS));
    }
    if (kmsKey != null && encryption.equals("AES256")) {
      throw new InvalidInputException(
          "a key goes with aws:kms, and AES256 has none to choose", "leave one of both out");
    }
  }
}
