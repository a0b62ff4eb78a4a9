package io.slab.s3;

import io.slab.error.CorruptException;
import io.slab.error.MissingException;
import io.slab.store.Listing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads objects and ranges of them, each with one request (and its repetitions). What the network
 * delivers is checked for its length here and for its content by the caller's checksums.
 * Thread-safe.
 */
final class S3Reader {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");
  private static final int STEP = 64 << 10;
  private static final String NO_SUCH_KEY = "NoSuchKey";

  private final S3Client client;
  private final S3Calls calls;
  private final S3Keys keys;

  S3Reader(S3Client client, S3Calls calls, S3Keys keys) {
    this.client = client;
    this.calls = calls;
    this.keys = keys;
  }

  /**
   * Bytes of an object and how long all of it is.
   *
   * @param bytes off the heap
   */
  record Part(MemorySegment bytes, long objectLength) {}

  /** A whole object of at most {@code limit} bytes. */
  byte[] whole(String name, long limit) {
    String key = keys.object(name);
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(keys.bucket())
            .key(key)
            .overrideConfiguration(calls.limit(limit))
            .build();
    return get(
        name,
        key,
        request,
        (response, in) -> {
          if (response.contentLength() == null) {
            return unmeasured(name, in, limit);
          }
          long size = response.contentLength();
          if (size > limit || size > Integer.MAX_VALUE - 16) {
            in.abort();
            throw new CorruptException(name, -1, size + " bytes", "at most " + limit + " bytes");
          }
          byte[] content = in.readNBytes((int) size);
          if (content.length < size) {
            throw new EOFException(content.length + " of " + size + " bytes arrived");
          }
          return content;
        });
  }

  /**
   * When the server said that there is no such object; {@link Listing#UNDATED} for every other
   * answer, and for none. Asked once: who gets no proof asks another way. The answer names the
   * error, which tells it from that of a gateway or of another server.
   */
  long absentAt(String name) {
    String key = keys.object(name);
    try {
      GetObjectRequest request =
          GetObjectRequest.builder()
              .bucket(keys.bucket())
              .key(key)
              .range("bytes=0-0")
              .overrideConfiguration(calls.limit(1))
              .build();
      long unused =
          client.getObject(
              request,
              (response, in) -> {
                in.abort();
                return 0L;
              });
      return Listing.UNDATED;
    } catch (AwsServiceException e) {
      AwsErrorDetails details = e.awsErrorDetails();
      boolean absent =
          e.statusCode() == 404 && details != null && NO_SUCH_KEY.equals(details.errorCode());
      return absent ? S3Dates.fresh(details.sdkHttpResponse()) : Listing.UNDATED;
    } catch (SdkException e) {
      return Listing.UNDATED;
    }
  }

  /** The last {@code length} bytes of an object, or all of it when it is shorter. */
  Part suffix(String name, long length) {
    try {
      return range(name, "bytes=-" + length, -1, length);
    } catch (S3Calls.Failed e) {
      if (e.is(S3Failure.Kind.RANGE)) {
        // The last bytes of an object without any.
        return new Part(MemorySegment.NULL, 0);
      }
      throw failed(name, e);
    }
  }

  /** Bytes {@code offset .. offset + length} of an object; length at least 1. */
  Part range(String name, long offset, long length) {
    try {
      return range(name, "bytes=" + offset + "-" + (offset + length - 1), offset, length);
    } catch (S3Calls.Failed e) {
      if (e.is(S3Failure.Kind.RANGE)) {
        throw new CorruptException(
            name, offset, "an object that ends before", length + " more bytes here");
      }
      throw failed(name, e);
    }
  }

  private Part range(String name, String range, long offset, long length) {
    String key = keys.object(name);
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(keys.bucket())
            .key(key)
            .range(range)
            .overrideConfiguration(calls.limit(length))
            .build();
    return calls.attempt(
        keys.what("read", key),
        () ->
            client.getObject(request, (response, in) -> part(name, response, in, offset, length)));
  }

  private static Part part(
      String name, GetObjectResponse response, AbortableInputStream in, long offset, long length)
      throws IOException {
    String header = response.contentRange();
    if (response.contentLength() == null) {
      return unmeasuredPart(name, header, in, offset, length);
    }
    long size = response.contentLength();
    long start = 0;
    long total = size;
    if (header != null) {
      Matcher parts = CONTENT_RANGE.matcher(header);
      if (!parts.matches()) {
        in.abort();
        throw new CorruptException(name, -1, "Content-Range: " + header, "bytes A-B/LENGTH");
      }
      start = Long.parseLong(parts.group(1));
      total = Long.parseLong(parts.group(3));
    }
    // A server that knows no ranges sends everything.
    boolean asked = offset < 0 ? start + size == total : start == offset;
    if (size > length || !asked || (offset >= 0 && size < length)) {
      in.abort();
      throw new CorruptException(
          name, start, size + " bytes of " + total, length + " bytes from " + offset);
    }
    return new Part(readFully(in, size), total);
  }

  /** An answer in chunks that does not say how long it is, as some gateways send. */
  private static byte[] unmeasured(String name, AbortableInputStream in, long limit)
      throws IOException {
    int most = (int) Math.min(limit, Integer.MAX_VALUE - 16);
    byte[] content = in.readNBytes(most);
    if (in.read() >= 0) {
      in.abort();
      throw new CorruptException(
          name, -1, "more than " + most + " bytes", "at most " + limit + " bytes");
    }
    return content;
  }

  /** The same for a range: where it lies, its header has to say. */
  private static Part unmeasuredPart(
      String name, String header, AbortableInputStream in, long offset, long length)
      throws IOException {
    Matcher parts = CONTENT_RANGE.matcher(header == null ? "" : header);
    if (!parts.matches()) {
      in.abort();
      throw new CorruptException(
          name, -1, "an answer without Content-Length and Content-Range", length + " bytes");
    }
    long start = Long.parseLong(parts.group(1));
    long size = Long.parseLong(parts.group(2)) - start + 1;
    long total = Long.parseLong(parts.group(3));
    boolean asked = offset < 0 ? start + size == total : start == offset;
    if (size < 0 || size > length || !asked || offset >= 0 && size < length) {
      in.abort();
      throw new CorruptException(
          name, start, size + " bytes of " + total, length + " bytes from " + offset);
    }
    return new Part(readFully(in, size), total);
  }

  private static MemorySegment readFully(InputStream in, long size) throws IOException {
    if (size == 0) {
      return MemorySegment.NULL;
    }
    // Page-aligned, as a mapping of the file would be: code behind reads numbers from it.
    MemorySegment segment = Arena.ofAuto().allocate(size, 4096);
    byte[] step = new byte[(int) Math.min(STEP, size)];
    for (long at = 0; at < size; ) {
      int count = in.read(step, 0, (int) Math.min(step.length, size - at));
      if (count < 0) {
        throw new EOFException(at + " of " + size + " bytes arrived");
      }
      MemorySegment.copy(step, 0, segment, ValueLayout.JAVA_BYTE, at, count);
      at += count;
    }
    return segment.asReadOnly();
  }

  private <T> T get(
      String name,
      String key,
      GetObjectRequest request,
      ResponseTransformer<GetObjectResponse, T> body) {
    try {
      return calls.attempt(keys.what("read", key), () -> client.getObject(request, body));
    } catch (S3Calls.Failed e) {
      throw failed(name, e);
    }
  }

  private RuntimeException failed(String name, S3Calls.Failed e) {
    return e.is(S3Failure.Kind.MISSING)
        ? new MissingException(name, -1, "no such object in " + keys.root(), "an object")
        : e.exception();
  }
}
