package io.slab.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A client of one server, and how it was found: from the settings, then the environment, then the
 * files in {@code ~/.aws}, as the aws command line does. Thread-safe.
 *
 * @param endpoint null for AWS
 */
public record S3Connection(
    S3Client client,
    URI endpoint,
    String region,
    boolean pathStyle,
    AwsCredentialsProvider credentials) {

  private static final String ANY_REGION = "us-east-1";

  public static S3Connection open(S3Settings settings) {
    AwsFiles files = AwsFiles.read(settings);
    URI endpoint = endpoint(settings, files);
    String region = region(settings, files);
    boolean pathStyle = pathStyle(settings, files, endpoint);
    AwsCredentialsProvider credentials = credentials(settings, files);
    // Parts of a request that old servers refuse are left out: no body in signed chunks, no
    // checksum
    // that no caller asked for. What is stored has checksums of its own.
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(region == null ? ANY_REGION : region))
            .credentialsProvider(credentials)
            .forcePathStyle(pathStyle)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(c -> c.chunkedEncodingEnabled(false).expectContinueEnabled(false))
            .httpClientBuilder(http(settings))
            .overrideConfiguration(c ->
                c.retryStrategy(AwsRetryStrategy.doNotRetry())
                    .addExecutionInterceptor(new ListingBodies())
                    .addExecutionInterceptor(new RequestHeaders(settings.headers()))
                    .defaultProfileFileSupplier(files::content)
                    .defaultProfileName(files.profile()));
    if (endpoint == null) {
      builder.crossRegionAccessEnabled(true);
    } else {
      builder.endpointOverride(endpoint);
    }
    return new S3Connection(
        builder.build(), endpoint, region == null ? ANY_REGION : region, pathStyle, credentials);
  }

  private static Apache5HttpClient.Builder http(S3Settings settings) {
    return Apache5HttpClient.builder()
        .maxConnections(settings.connections())
        .connectionTimeout(Duration.ofSeconds(5))
        .connectionAcquisitionTimeout(settings.timeout())
        .socketTimeout(silence(settings.timeout()))
        .tcpKeepAlive(true);
  }

  /**
   * How long a connection may say nothing: a third of the whole, so that there is time for more.
   */
  private static Duration silence(Duration timeout) {
    long millis = Math.min(20_000, Math.max(500, timeout.toMillis() / 3));
    return Duration.ofMillis(millis);
  }

  private static URI endpoint(S3Settings settings, AwsFiles files) {
    if (settings.endpoint() != null) {
      return settings.endpoint();
    }
    Map<String, String> env = settings.environment();
    if (Boolean.parseBoolean(env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) {
      return null;
    }
    String url = env.get("AWS_ENDPOINT_URL_S3");
    url = url != null ? url : env.get("AWS_ENDPOINT_URL");
    url = url != null ? url : files.endpoint().orElse(null);
    return url == null || url.isEmpty() ? null : S3Settings.endpoint(url);
  }

  private static String region(S3Settings settings, AwsFiles files) {
    Map<String, String> env = settings.environment();
    return Optional.ofNullable(settings.region())
        .or(() -> Optional.ofNullable(env.get("AWS_REGION")))
        .or(() -> Optional.ofNullable(env.get("AWS_DEFAULT_REGION")))
        .or(files::region)
        .orElse(null);
  }

  private static boolean pathStyle(S3Settings settings, AwsFiles files, URI endpoint) {
    if (settings.pathStyle() != null) {
      return settings.pathStyle();
    }
    String style = files.addressingStyle().orElse("auto");
    return style.equals("path") || !style.equals("virtual") && endpoint != null;
  }

  private static AwsCredentialsProvider credentials(S3Settings settings, AwsFiles files) {
    if (settings.anonymous()) {
      return AnonymousCredentialsProvider.create();
    }
    Map<String, String> env = settings.environment();
    String key = env.get("AWS_ACCESS_KEY_ID");
    String secret = env.get("AWS_SECRET_ACCESS_KEY");
    if (settings.profile() != null) {
      return new ProfileKeys(files);
    }
    if (key != null && secret != null) {
      String token = env.get("AWS_SESSION_TOKEN");
      return StaticCredentialsProvider.create(
          token == null || token.isEmpty()
              ? AwsBasicCredentials.create(key, secret)
              : AwsSessionCredentials.create(key, secret, token));
    }
    // What comes before the files of a user who names no profile.
    boolean others =
        env.containsKey("AWS_WEB_IDENTITY_TOKEN_FILE")
            || System.getProperty("aws.accessKeyId") != null;
    if (env.containsKey("AWS_PROFILE") || files.hasCredentials() && !others) {
      return new ProfileKeys(files);
    }
    return DefaultCredentialsProvider.builder()
        .profileFile(files.content())
        .profileName(files.profile())
        .build();
  }
}
