package io.slab.s3;

import io.slab.error.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * The files of the aws command line, {@code ~/.aws/config} and {@code ~/.aws/credentials}, and the
 * profile in them that counts.
 */
record AwsFiles(ProfileFile content, String profile) {

  /**
   * Reads them.
   *
   * @throws InvalidInputException when a profile was asked for that is in neither
   */
  static AwsFiles read(S3Settings settings) {
    Map<String, String> env = settings.environment();
    ProfileFile content =
        ProfileFile.aggregator()
            .addFile(file(env, "AWS_CONFIG_FILE", "config", ProfileFile.Type.CONFIGURATION))
            .addFile(
                file(
                    env,
                    "AWS_SHARED_CREDENTIALS_FILE",
                    "credentials",
                    ProfileFile.Type.CREDENTIALS))
            .build();
    String wanted = settings.profile() != null ? settings.profile() : env.get("AWS_PROFILE");
    if (wanted != null && content.profile(wanted).isEmpty()) {
      throw new InvalidInputException(
          "there is no profile '" + wanted + "' in ~/.aws",
          content.profiles().isEmpty()
              ? "make one with `aws configure --profile " + wanted + "`"
              : "there are: " + String.join(", ", content.profiles().keySet()));
    }
    return new AwsFiles(content, wanted == null ? "default" : wanted);
  }

  private static ProfileFile file(
      Map<String, String> env, String variable, String name, ProfileFile.Type type) {
    String given = env.get(variable);
    Path path = given != null ? Path.of(given) : home(env).resolve(".aws").resolve(name);
    ProfileFile.Builder builder = ProfileFile.builder().type(type);
    return Files.isReadable(path) && Files.isRegularFile(path)
        ? builder.content(path).build()
        : builder.content(java.io.InputStream.nullInputStream()).build();
  }

  private static Path home(Map<String, String> env) {
    return Path.of(env.getOrDefault("HOME", System.getProperty("user.home")));
  }

  Optional<String> region() {
    return property("region");
  }

  /** The URL of a server: for S3 in the profile's {@code services} section, or for everything. */
  Optional<String> endpoint() {
    return property("services")
        .flatMap(section -> content.getSection("services", section))
        .flatMap(services -> services.property("s3.endpoint_url"))
        .or(() -> property("endpoint_url"));
  }

  /** What the profile says about how a bucket is named: {@code path}, {@code virtual}, or else. */
  Optional<String> addressingStyle() {
    return property("s3.addressing_style");
  }

  /** True when the profile says by itself where its keys come from. */
  boolean hasCredentials() {
    return origin() != null;
  }

  /** How the profile gets its keys, for people; null when it does not say. */
  String origin() {
    if (property("role_arn").isPresent()) {
      return "role " + property("role_arn").get();
    }
    if (property("sso_session").isPresent() || property("sso_start_url").isPresent()) {
      return "SSO";
    }
    if (property("credential_process").isPresent()) {
      return "credential_process";
    }
    return property("aws_access_key_id").isPresent() ? "keys" : null;
  }

  private Optional<String> property(String name) {
    return content.profile(profile).flatMap((Profile p) -> p.property(name));
  }
}
