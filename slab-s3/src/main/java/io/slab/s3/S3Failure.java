package io.slab.s3;

import io.slab.error.NotFoundException;
import io.slab.error.SlabException;
import io.slab.error.StoreException;
import io.slab.error.StoreException.Effect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Why a request failed, in the terms that decide what happens next.
 *
 * @param kind what it comes to
 * @param effect what the request may have done all the same
 * @param detail for people: what the server, or the network, said
 * @param cause the client's exception
 */
record S3Failure(Kind kind, Effect effect, String detail, RuntimeException cause) {
  /** What a failure comes to. */
  enum Kind {
    /** No such object, or upload. */
    MISSING,
    NO_BUCKET,
    /** The condition of the request does not hold: the name is taken. */
    EXISTS,
    /** Another request for the same name was under way: once more. */
    CONFLICT,
    /** The range lies outside the object. */
    RANGE,
    NOT_IMPLEMENTED,
    THROTTLED,
    /** Anything that may pass. */
    TEMPORARY,
    /** No server there. */
    UNREACHABLE,
    NO_CREDENTIALS,
    DENIED,
    /** What answers is no S3. */
    NOT_S3,
    /** The bucket is somewhere else. */
    ELSEWHERE,
    FAILED;

    boolean repeatable() {
      return this == CONFLICT || this == THROTTLED || this == TEMPORARY || this == UNREACHABLE;
    }
  }

  static S3Failure of(RuntimeException thrown) {
    return switch (thrown) {
      case AwsServiceException e -> ofService(e);
      case ApiCallAttemptTimeoutException e ->
          new S3Failure(Kind.TEMPORARY, Effect.OPEN, "no answer in time", e);
      case ApiCallTimeoutException e ->
          new S3Failure(Kind.TEMPORARY, Effect.OPEN, "no answer in time", e);
      case SdkClientException e -> ofClient(e);
      default -> throw thrown;
    };
  }

  private static S3Failure ofService(AwsServiceException e) {
    String code = code(e);
    int status = e.statusCode();
    Kind kind = isForeign(e, code) ? Kind.NOT_S3 : kind(code, status);
    // A server that breaks off, or a gateway in front of it that no longer waits, may do the work
    // yet. Any other answer is the last that happens: but it may come after the work was done.
    boolean answered = status < 500 || kind == Kind.THROTTLED || kind == Kind.NOT_IMPLEMENTED;
    boolean waiting = code.equals("RequestTimeout") || status == 408;
    boolean silent = e.awsErrorDetails() == null || e.awsErrorDetails().errorMessage() == null;
    String said = silent ? "" : ": " + e.awsErrorDetails().errorMessage();
    Effect effect = answered && !waiting ? Effect.ANSWERED : Effect.OPEN;
    return new S3Failure(kind, effect, status + " " + code + said, e);
  }

  /**
   * True for a "not found" of something that is no S3: a page, or an answer of another form. S3
   * says what is not found in XML, or nothing where only the head was asked for.
   */
  private static boolean isForeign(AwsServiceException e, String code) {
    if (e.statusCode() != 404 || code.startsWith("NoSuch") || e.awsErrorDetails() == null) {
      return false;
    }
    SdkHttpResponse answer = e.awsErrorDetails().sdkHttpResponse();
    if (answer == null) {
      return false;
    }
    String type = answer.firstMatchingHeader("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    return !type.isEmpty() && !type.contains("xml") && !type.contains("octet-stream");
  }

  private static String code(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  private static Kind kind(String code, int status) {
    return switch (code) {
      case "NoSuchKey", "NoSuchUpload" -> Kind.MISSING;
      case "NoSuchBucket" -> Kind.NO_BUCKET;
      case "SlowDown", "TooManyRequests" -> Kind.THROTTLED;
      case "RequestTimeout", "XAmzContentSHA256Mismatch", "BadDigest", "IncompleteBody" ->
          Kind.TEMPORARY;
      case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" -> Kind.DENIED;
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException" ->
          Kind.ELSEWHERE;
      default -> kind(status);
    };
  }

  private static Kind kind(int status) {
    return switch (status) {
      case 301, 307 -> Kind.ELSEWHERE;
      case 401, 403 -> Kind.DENIED;
      case 404 -> Kind.MISSING;
      case 409 -> Kind.CONFLICT;
      case 412 -> Kind.EXISTS;
      case 416 -> Kind.RANGE;
      case 429 -> Kind.THROTTLED;
      case 501 -> Kind.NOT_IMPLEMENTED;
      default -> status >= 500 || status == 408 ? Kind.TEMPORARY : Kind.FAILED;
    };
  }

  private static S3Failure ofClient(SdkClientException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SlabException own -> throw own;
        case UnknownHostException u -> {
          return new S3Failure(Kind.UNREACHABLE, Effect.NONE, "unknown host " + u.getMessage(), e);
        }
        case ConnectException c -> {
          return new S3Failure(Kind.UNREACHABLE, Effect.NONE, c.getMessage(), e);
        }
        case NoRouteToHostException n -> {
          return new S3Failure(Kind.UNREACHABLE, Effect.NONE, n.getMessage(), e);
        }
        case SSLException s -> {
          boolean trust = s.toString().contains("PKIX") || s.toString().contains("certificate");
          Kind kind = trust ? Kind.FAILED : Kind.TEMPORARY;
          return new S3Failure(kind, trust ? Effect.NONE : Effect.OPEN, s.getMessage(), e);
        }
        case XMLStreamException x -> {
          return new S3Failure(Kind.TEMPORARY, Effect.OPEN, "half an answer: " + firstLine(x), e);
        }
        case IOException io -> {
          // Connecting took too long: the class is the HTTP client's own.
          boolean connecting = io.getClass().getSimpleName().equals("ConnectTimeoutException");
          return new S3Failure(
              connecting ? Kind.UNREACHABLE : Kind.TEMPORARY,
              connecting ? Effect.NONE : Effect.OPEN,
              text(io),
              e);
        }
        default -> {
          // Look further.
        }
      }
    }
    return withoutCause(e);
  }

  /** By its message: no cause of it says what happened. */
  private static S3Failure withoutCause(SdkClientException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    String lower = message.toLowerCase(Locale.ROOT);
    boolean keys = lower.contains("credentials") || lower.contains("profile");
    // The list of every place where there were none says nothing more.
    String detail =
        lower.contains("from any of the providers")
            ? "no credentials in the environment, in ~/.aws or from this machine"
            : message;
    return keys
        ? new S3Failure(Kind.NO_CREDENTIALS, Effect.NONE, detail, e)
        : new S3Failure(Kind.FAILED, Effect.OPEN, detail, e);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String text(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * As the library's exception.
   *
   * @param what "read s3://bucket/key"
   * @param most the most that any attempt of several may have done
   */
  SlabException exception(String what, Effect most) {
    String message = "cannot " + what + ": " + detail;
    return switch (kind) {
      case NO_BUCKET ->
          new NotFoundException(
              message, "check the name; slab makes no buckets: `aws s3 mb s3://NAME`", cause);
      case NO_CREDENTIALS ->
          store(
              StoreException.Kind.DENIED,
              message,
              "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or --profile, or pass"
                  + " --no-sign-request for a public bucket",
              most);
      case DENIED -> store(StoreException.Kind.DENIED, message, deniedHint(), most);
      case THROTTLED, TEMPORARY, CONFLICT ->
          store(StoreException.Kind.TEMPORARY, message, "try again in a moment", most);
      case UNREACHABLE ->
          store(
              StoreException.Kind.TEMPORARY,
              message,
              "check --endpoint-url, the region and the network",
              most);
      case NOT_S3 ->
          store(
              StoreException.Kind.FAILED,
              "cannot " + what + ": this endpoint does not speak S3 (" + detail + ")",
              "check --endpoint-url, AWS_ENDPOINT_URL_S3 and the profile: another service answers",
              most);
      case ELSEWHERE ->
          isForeignKey()
              ? store(
                  StoreException.Kind.DENIED,
                  message,
                  "check AWS_ACCESS_KEY_ID or the profile's aws_access_key_id: the server cannot read it",
                  most)
              : store(
                  StoreException.Kind.FAILED,
                  message,
                  "the bucket is in another region or behind another endpoint: see --region",
                  most);
      case MISSING, EXISTS, RANGE, NOT_IMPLEMENTED, FAILED ->
          store(StoreException.Kind.FAILED, message, failedHint(), most);
    };
  }

  /** True for a signature whose form is refused, and not for its region. */
  private boolean isForeignKey() {
    return detail.contains("AuthorizationHeaderMalformed")
        && !detail.toLowerCase(Locale.ROOT).contains("region");
  }

  private String failedHint() {
    return detail.contains("PKIX")
        ? "the server's certificate is not trusted: SLAB_JAVA_OPTS=-Djavax.net.ssl.trustStore=FILE"
        : null;
  }

  private String deniedHint() {
    if (detail.contains("RequestTimeTooSkewed")) {
      return "set the clock of this machine: `slab doctor` says how far it is from the server's";
    }
    if (detail.contains("Expired")) {
      return "log in again: these credentials have run out";
    }
    if (detail.contains("InvalidAccessKeyId") || detail.contains("SignatureDoesNotMatch")) {
      return "check the keys, and which profile they come from";
    }
    return "see docs/s3.md, \"Permissions\", for the permissions that are needed";
  }

  private StoreException store(StoreException.Kind kind, String message, String hint, Effect most) {
    return new StoreException(kind, most, message, hint, cause);
  }
}
