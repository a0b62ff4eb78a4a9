package io.slab.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/**
 * Refuses answers to a listing that are none. The client reads nothing but the elements that it
 * knows, so that the page of a captive portal or an empty body would be a listing without objects.
 * Thread-safe.
 */
final class ListingBodies implements ExecutionInterceptor {
  /** Declarations and comments before the root element are shorter. */
  private static final int HEAD_BYTES = 4096;

  private static final int QUOTED = 60;
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    String expected = expected(context.request());
    Optional<InputStream> body = context.responseBody();
    if (expected == null || !context.httpResponse().isSuccessful()) {
      return body;
    }
    InputStream in = body.orElse(InputStream.nullInputStream());
    try {
      byte[] head = in.readNBytes(HEAD_BYTES);
      String text = new String(head, StandardCharsets.ISO_8859_1);
      if (!root(text).equals(expected)) {
        in.close();
        throw refused(
            "the answer is no listing: "
                + (text.isBlank() ? "it is empty" : "it begins with " + quoted(text)));
      }
      return Optional.of(new SequenceInputStream(new ByteArrayInputStream(head), in));
    } catch (IOException e) {
      throw SdkClientException.create(e.getMessage(), e);
    }
  }

  /** The root element of what answers a listing, or null for a request of another kind. */
  private static String expected(SdkRequest request) {
    return switch (request) {
      case ListObjectsV2Request list -> "ListBucketResult";
      case ListMultipartUploadsRequest list -> "ListMultipartUploadsResult";
      default -> null;
    };
  }

  /** An answer that cannot be believed: one that was damaged on its way is sent again. */
  static SdkClientException refused(String why) {
    return SdkClientException.create(why, new IOException(why));
  }

  /** The name of the root element, without its prefix; empty when there is none. */
  private static String root(String text) {
    int at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (text.startsWith("<?", at)) {
        at = after(text, "?>", at);
      } else if (text.startsWith("<!--", at)) {
        at = after(text, "-->", at);
      } else {
        break;
      }
    }
    int end = at + 1;
    while (end < text.length() && "/> \t\r\n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    if (!text.startsWith("<", at) || end >= text.length()) {
      return "";
    }
    return text.substring(Math.max(at, text.lastIndexOf(':', end - 1)) + 1, end);
  }

  private static int after(String text, String mark, int from) {
    int found = text.indexOf(mark, from);
    return found < 0 ? text.length() : found + mark.length();
  }

  private static String quoted(String text) {
    String line = text.strip().replaceAll("[^\\x20-\\x7e]+", " ");
    return "'" + (line.length() <= QUOTED ? line : line.substring(0, QUOTED) + "...") + "'";
  }
}
